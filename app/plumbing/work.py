"""`Work`: one transaction, one instant, one actor, one rulebook. The first argument of every use
case, opened and committed at the edges only."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from flask import Flask, current_app
from sqlalchemy.engine import Connection, Engine

from app.kernel import Clock, Ids, local_day
from app.plumbing.keys import DataKeys, SigningKeys
from app.rulebook import Rulebook
from app.settings import Settings


@dataclass(frozen=True)
class Actor:
    """Who acts: a resident, a client, a job, a command. `id` is 16 bytes for the first two."""

    kind: str
    id: bytes = b""
    name: str = ""
    claims: dict[str, Any] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Work:
    """One transaction at one instant. `today` is the city's calendar day of `now`."""

    db: Connection
    now: datetime
    actor: Actor
    rules: Rulebook
    keys: DataKeys
    settings: Settings

    @cached_property
    def today(self) -> date:
        return local_day(self.now, self.rules.pack.zone)

    @cached_property
    def new_id(self) -> Ids:
        return Ids(self.now)


@dataclass(frozen=True)
class House:
    """What a running process has one of. Opens every `Work`."""

    engine: Engine
    clock: Clock
    rules: Rulebook
    data_keys: DataKeys
    signing_keys: SigningKeys
    settings: Settings
    ports: dict[str, Any] = field(default_factory=dict)

    @contextmanager
    def work(self, actor: Actor) -> Iterator[Work]:
        """A writing transaction: leaving commits, raising rolls back."""
        with self.engine.connect() as connection, connection.begin():
            yield self._work(connection, actor)

    @contextmanager
    def look(self, actor: Actor) -> Iterator[Work]:
        """A reading transaction: one snapshot, nothing can be written."""
        options: dict[str, Any] = {"read_only": True}
        if self.engine.dialect.name == "postgresql":
            options |= {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"}
        with (
            self.engine.connect().execution_options(**options) as connection,
            connection.begin(),
        ):
            yield self._work(connection, actor)

    def _work(self, connection: Connection, actor: Actor) -> Work:
        return Work(connection, self.clock.now(), actor, self.rules, self.data_keys, self.settings)


def house(app: Flask | None = None) -> House:
    """The house of the current application."""
    found: House = (app or current_app).extensions["weitan"]
    return found
