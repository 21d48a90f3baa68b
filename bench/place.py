"""Where a benchmark happens: a PostgreSQL of its own, migrated databases on it, a folder."""

import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import structlog
from flask import Flask

from app import consent, create_app, identity
from app.kernel import Ids
from app.plumbing import Actor, House, house
from app.plumbing.work import Work
from app.settings import ROOT, Settings
from bench.memory import Peaks
from tests.postgres import throwaway_server

BENCH = Actor("command", name="bench")
# More requests than any client here can send in a minute.
_NO_LIMIT = "1000000000 per minute"


class City(NamedTuple):
    """A provider, and residents who hold its subjects `card0`, `card1` …"""

    provider: str
    secret: str
    residents: list[bytes]


class Base:
    """One database with the product's tables, and the product on it."""

    def __init__(self, name: str, url: str, folder: Path) -> None:
        self.name = name
        self.url = url
        self.environment = {
            **os.environ,
            "DATABASE_URL": url,
            "INSTANCE_FOLDER": str(folder),
            "SIGNING_KEYS": str(folder / "signing-keys"),
            "DATA_KEYS": str(folder / "data-keys"),
            "RATE_LIMIT": _NO_LIMIT,
            "APP_ENV": "development",
        }
        self.settings = Settings.from_env(self.environment)
        self._app: Flask | None = None

    @property
    def app(self) -> Flask:
        if self._app is None:
            self._app = create_app(self.settings)
            warnings = structlog.make_filtering_bound_logger(logging.WARNING)
            structlog.configure(wrapper_class=warnings)  # its requests are not the reader's news
        return self._app

    @property
    def house(self) -> House:
        return house(self.app)

    @contextmanager
    def work(self) -> Iterator[Work]:
        with self.house.work(BENCH) as work:
            yield work

    def run(self, *arguments: str) -> str:
        """Run a module of Python on this database to its end; what it printed. What it says on
        stderr is shown only when it fails."""
        return self.watch(*arguments)[0]

    def watch(self, *arguments: str) -> tuple[str, Peaks]:
        """The same, with the memory it took."""
        with subprocess.Popen(
            [sys.executable, "-m", *arguments],
            cwd=ROOT, env=self.environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        ) as process:  # fmt: skip
            peaks = Peaks(process.pid)
            printed, said = process.communicate()
        if process.returncode:
            raise RuntimeError(f"{' '.join(arguments)} failed:\n{said}")
        return printed, peaks

    def session(self) -> psycopg.Connection[Any]:
        """A session past the product, each statement in a transaction of its own."""
        return psycopg.connect(self.url.replace("+psycopg", "", 1), autocommit=True)

    def settle(self) -> None:
        """Have statistics and pages in order, so that the next figure starts from rest."""
        with self.session() as db:
            db.execute("VACUUM ANALYZE")
            db.execute("CHECKPOINT")

    def leave(self) -> None:
        if self._app is not None:
            self.house.engine.dispose()


@dataclass(frozen=True)
class Place:
    """The server and the folder of one run."""

    url: str
    folder: Path
    scale: float

    def scaled(self, size: int, least: int = 1) -> int:
        return max(least, int(size * self.scale))

    @contextmanager
    def base(self, name: str) -> Iterator[Base]:
        """A new database with all migrations, gone with the block."""
        self._execute(f'CREATE DATABASE "{name}"')
        found = Base(name, self.url.replace("/postgres?", f"/{name}?", 1), self.folder)
        try:
            found.run("flask", "--app", "wsgi", "db", "upgrade")
            yield found
        finally:
            found.leave()
            self._execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    @contextmanager
    def copy(self, base: Base, name: str) -> Iterator[Base]:
        """A database as another is now, gone with the block; nobody may be in that one."""
        base.house.engine.dispose()
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{base.name}"')
        found = Base(name, self.url.replace("/postgres?", f"/{name}?", 1), self.folder)
        try:
            yield found
        finally:
            found.leave()
            self._execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self.url.replace("+psycopg", "", 1), autocommit=True) as db:
            db.execute(statement)


@contextmanager
def place(scale: float) -> Iterator[Place]:
    """Start a server that writes to the disk as production's does, with the sizes that a machine
    of a few gigabytes would give it; both sides of every figure run on it."""
    with (
        tempfile.TemporaryDirectory(prefix="weitan-bench-") as folder,
        throwaway_server(
            fsync=True,
            shared_buffers="512MB",
            max_wal_size="4GB",
            work_mem="64MB",
            maintenance_work_mem="512MB",
            checkpoint_timeout="15min",
        ) as url,
    ):
        yield Place(url, Path(folder), scale)


def found_city(base: Base, residents: int, first_day: date) -> City:
    """Residents with one card each, bound from a day on, and the provider of the cards."""
    with base.work() as work:
        wire, secret = identity.create_client(work, "provider", "Bench", "other", None)
        client = identity.find_client(work, wire)
        assert client is not None
        ids = Ids(work.now)
        people = [ids() for _ in range(residents)]
        cards = [(f"card{n}", resident, first_day) for n, resident in enumerate(people)]
        consent.hold_many(work, client.id, cards)
        opened_at = work.now
    names = "id, status, level, opened_at, earning_frozen, spending_frozen"
    with base.session() as db, db.cursor().copy(f"COPY resident ({names}) FROM STDIN") as copy:
        for resident in people:
            copy.write_row((resident, "open", "phone", opened_at, False, False))
    return City(wire, secret, people)


def columns(db: psycopg.Connection[Any], table: str) -> list[str]:
    """The names of a table's columns, in order."""
    rows = db.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
        " AND NOT attisdropped ORDER BY attnum",
        (table,),
    )
    return [name for (name,) in rows]
