"""Processes of our own that share a long task: their house, their patience, their end."""

import os
import signal
import sys
import threading
from multiprocessing import connection, get_context, parent_process
from multiprocessing.context import BaseContext
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from app.kernel import Clock
from app.plumbing.db import engine_options, is_postgres, prepare_engine
from app.plumbing.keys import DataKeys, SigningKeys
from app.plumbing.work import House, Work
from app.rulebook import Rulebook
from app.settings import Settings

# Serialization failure, deadlock, a lock not got in time: the same work may pass the next time.
_PASSING = {"40001", "40P01", "55P03"}


class Blueprint(NamedTuple):
    """What a house is built of again in another process; the rules travel as their text."""

    settings: Settings
    clock: Clock
    rules: str


def blueprint(house: House) -> Blueprint:
    """The house as something that can be sent to another process."""
    return Blueprint(house.settings, house.clock, house.rules.text)


def start_method() -> BaseContext:
    """How helpers are to be started: as copies of this process, which takes no time, where nothing
    but this thread could be copied half-way; else from nothing, which takes seconds."""
    alone = threading.active_count() == 1 and sys.platform == "linux"
    return get_context("fork" if alone else "spawn")


def build(plan: Blueprint) -> House:
    """A house with one database connection and no ports."""
    url = plan.settings.database_url
    engine = prepare_engine(sa.create_engine(url, **engine_options(url, 1)))
    return House(
        engine=engine,
        clock=plan.clock,
        rules=Rulebook.from_text(plan.rules),
        data_keys=DataKeys(plan.settings.data_keys),
        signing_keys=SigningKeys(plan.settings.signing_keys),
        settings=plan.settings,
    )


def end_with_parent() -> None:
    """From now on this process dies at once when the one that started it is gone, and leaves
    Ctrl-C to it."""
    parent = parent_process()
    assert parent is not None
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch(sentinel: int) -> None:
        connection.wait([sentinel])
        os._exit(1)

    threading.Thread(target=watch, args=(parent.sentinel,), daemon=True).start()


def in_bulk(work: Work, seconds: int) -> None:
    """One of many transactions of a long task that can be done again: wait for locks that long,
    and for the disk not at all.

    The log keeps its order: whatever is committed later and waits for the disk waits for this,
    too. If the server dies before, this transaction was never done, and its own mark with it.
    SQLite's patience is its connection's.
    """
    if is_postgres(work.db):
        patience = f"SET LOCAL lock_timeout = '{int(seconds)}s'"
        work.db.execute(sa.text(f"{patience}; SET LOCAL synchronous_commit = off"))


def may_pass(error: BaseException) -> bool:
    """Whether the same work may succeed when it is simply done again."""
    if not isinstance(error, DBAPIError):
        return False
    return (
        getattr(error.orig, "sqlstate", None) in _PASSING
        or getattr(error.orig, "sqlite_errorname", None) == "SQLITE_BUSY"
    )
