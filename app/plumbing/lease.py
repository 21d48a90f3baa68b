"""A lease: one process of many does a thing, and when it dies another takes over at once.

On PostgreSQL it is an advisory lock held by a connection of its own, on SQLite a lock on a file
beside the database. Both end with their holder, however that dies: there is no time to wait out.
"""

import fcntl
import os
from hashlib import sha256
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError


class Lease(Protocol):
    """`take` never waits; `held` asks again; `release` may be called at any time."""

    def take(self) -> bool: ...

    def held(self) -> bool: ...

    def release(self) -> None: ...


def lease(engine: Engine, name: str, folder: Path) -> Lease:
    """The lease of this name on this database; `folder` is for databases without a file."""
    if engine.dialect.name == "postgresql":
        return _Advisory(engine, name)
    file = engine.url.database
    beside = Path(file) if file and file != ":memory:" else folder / "memory"
    return _File(beside.with_name(f"{beside.name}-{name}.lock"))


class _Advisory:
    def __init__(self, engine: Engine, name: str) -> None:
        self._engine = engine
        self._key = int.from_bytes(sha256(f"lease {name}".encode()).digest()[:8], signed=True)
        self._connection: Connection | None = None

    def take(self) -> bool:
        """False, too, while the database does not answer."""
        try:
            connection = self._engine.connect()
        except DBAPIError:
            return False
        try:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            # Closing it must end the session, and the lock with it, not return it to the pool. Only
            # a connection of the pool can be given options, hence the order.
            connection.detach()
            statement = sa.text("SELECT pg_try_advisory_lock(:key)")
            taken = bool(connection.scalar(statement, {"key": self._key}))
        except DBAPIError:
            taken = False
        if taken:
            self._connection = connection
        else:
            connection.close()
        return taken

    def held(self) -> bool:
        """Whether the session that holds the lock still lives; a lost one is given up."""
        if self._connection is None:
            return False
        try:
            self._connection.execute(sa.text("SELECT 1"))
        except DBAPIError:
            self.release()
            return False
        return True

    def release(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class _File:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = -1

    def take(self) -> bool:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(file)
            return False
        self._file = file
        return True

    def held(self) -> bool:
        return self._file >= 0

    def release(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
