"""SQL tamed: one metadata, honest column types, and the two databases made to behave alike.

SQLite has one writer (`BEGIN IMMEDIATE`), foreign keys on, WAL; PostgreSQL is spoken to through
psycopg 3. Integers, bytes, days and UTC instants only: neither database gets the chance to drop a
time zone or cut a Decimal.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import dialect as postgres_dialect
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Connection, Engine

from app.plumbing.arrays import packed

metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)
db = SQLAlchemy(metadata=metadata)

# From here on one COPY is cheaper than an executemany.
_COPY_FROM_ROWS = 16
_LENGTH = re.compile(r"\(\d+\)")
_NO_PIPELINE = 0
# Statements here name their rows by key, a few or some thousands in one list. Whatever the length
# of the list and the age of the table, the index is the way; a planner that believes its guesses
# reads a young table whole for every batch. `wide` lifts this.
_BY_INDEX = "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c jit=off"
_WIDE = sa.text("SET LOCAL enable_seqscan = on; SET LOCAL plan_cache_mode = auto")


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware instant, kept and given back in UTC on both databases."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive instant cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Id = sa.LargeBinary(16)
Digest = sa.LargeBinary(32)


def engine_options(url: str, pool: int) -> dict[str, Any]:
    """Options for `create_engine`: pools sized for the server's threads."""
    # Errors end up in logs, and a statement's parameters may be about a person.
    quiet = {"hide_parameters": True}
    if url.startswith("sqlite"):
        return quiet | {"connect_args": {"timeout": 30, "check_same_thread": False}}
    return quiet | {
        "pool_size": pool,
        "max_overflow": pool,
        # Cut a connection attempt short so that a request can say 503 instead of hanging; five
        # seconds is also how long a twin of an idempotent request waits for the first.
        "connect_args": {"connect_timeout": 5, "options": f"-c lock_timeout=5s {_BY_INDEX}"},
    }


def prepare_engine(engine: Engine) -> Engine:
    """Attach the SQLite manners. Idempotent; does nothing to PostgreSQL."""
    if engine.dialect.name != "sqlite" or event.contains(engine, "connect", _sqlite_connect):
        return engine
    if engine.url.database and engine.url.database != ":memory:":
        Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)
    event.listen(engine, "connect", _sqlite_connect)
    event.listen(engine, "begin", _sqlite_begin)
    return engine


def _sqlite_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions by itself
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=30000"):
        connection.execute(f"PRAGMA {pragma}").close()


def _sqlite_begin(connection: Connection) -> None:
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def is_postgres(connection: Connection) -> bool:
    """Which of the two databases this is."""
    return connection.dialect.name == "postgresql"


def insert_rows(connection: Connection, table: sa.Table, rows: Sequence[Sequence[Any]]) -> None:
    """Write rows (values in the table's column order) in one go: COPY on PostgreSQL when many."""
    if not rows:
        return
    if is_postgres(connection) and len(rows) >= _COPY_FROM_ROWS:
        driver: Any = connection.connection.driver_connection
        if driver.pgconn.pipeline_status == _NO_PIPELINE:
            with driver.cursor() as cursor, cursor.copy(_copy_statement(table)) as copy:
                copy.set_types(_copy_types(table))
                for row in rows:
                    copy.write_row(row)
            return
    if is_postgres(connection) and len(rows) > 1:
        listed, statement = _listed(table)
        connection.execute(statement, listed.bind(connection, rows))
        return
    names = _names(table)
    values = [dict(zip(names, row, strict=True)) for row in rows]
    connection.execute(_insert(table), values if len(values) > 1 else values[0])


def wait_for(connection: Connection, rows: sa.Select[Any]) -> None:
    """Wait for whoever has changed these rows and not committed yet, and lock none of them."""
    waiting = connection.begin_nested()
    connection.execute(rows.with_for_update()).all()
    waiting.rollback()  # lets go of what was locked on the way


def wide(connection: Connection) -> None:
    """Let the planner choose for the rest of this transaction: for sums over whole tables."""
    if is_postgres(connection):
        connection.execute(_WIDE)


@lru_cache
def _names(table: sa.Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.columns)


@lru_cache
def _insert(table: sa.Table) -> sa.Insert:
    return table.insert()


@lru_cache
def _copy_statement(table: sa.Table) -> str:
    # Binary: neither side has to spell out bytes and instants, which halves the time of both.
    return f"COPY {table.name} ({', '.join(_names(table))}) FROM STDIN (FORMAT BINARY)"


@lru_cache
def _copy_types(table: sa.Table) -> list[str]:
    """The types of a table's columns by their names in PostgreSQL; a binary COPY wants them."""
    dialect = postgres_dialect()  # type: ignore[no-untyped-call]
    spelled = [column.type.compile(dialect=dialect) for column in table.columns]
    return [_LENGTH.sub("", name).lower() for name in spelled]


class Rows:
    """A list of rows that a statement can join: `unnest` here, a temporary table there.

    Declared once a module with its columns; `source` goes into a statement, `bind` gives the
    statement's parameters (or fills the temporary table) each time it is executed.
    """

    def __init__(self, name: str, /, **columns: sa.types.TypeEngine[Any] | type[Any]) -> None:
        self._name = name
        self._kinds = {key: sa.types.to_instance(kind) for key, kind in columns.items()}
        self._keys = [f"{name}_{column}" for column in columns]
        self._sources = {True: self._unnest(), False: self._scratch()}

    def source(self, postgres: bool) -> sa.FromClause:
        """What a statement joins, under this list's name."""
        return self._sources[postgres]

    def bind(self, connection: Connection, rows: Iterable[Sequence[Any]]) -> dict[str, Any]:
        """Parameters with which a statement that joins this list is to be executed."""
        if is_postgres(connection):
            lists = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in self._keys]
            kinds = self._kinds.values()
            return {
                key: packed(kind, values)
                for key, kind, values in zip(self._keys, kinds, lists, strict=True)
            }
        table = self._sources[False]
        assert isinstance(table, sa.Table)
        connection.execute(sa.schema.CreateTable(table, if_not_exists=True))
        connection.execute(table.delete())
        insert_rows(connection, table, list(rows))
        return {}

    def _unnest(self) -> sa.FromClause:
        arrays = [
            sa.cast(sa.bindparam(key, type_=sa.types.NullType()), ARRAY(kind))
            for key, kind in zip(self._keys, self._kinds.values(), strict=True)
        ]
        typed = [sa.column(name, kind) for name, kind in self._kinds.items()]
        return sa.func.unnest(*arrays).table_valued(*typed).render_derived(name=self._name)

    def _scratch(self) -> sa.FromClause:
        # Named after its columns too: a temporary table lives as long as its connection.
        name = "_".join(["scratch", self._name, *self._kinds])
        columns = [sa.Column(column, kind) for column, kind in self._kinds.items()]
        return sa.Table(name, sa.MetaData(), *columns, prefixes=["TEMPORARY"])


@lru_cache
def _listed(table: sa.Table) -> tuple[Rows, sa.Insert]:
    """A few rows as one statement: what COPY is to many, and allowed in a pipeline."""
    rows = Rows("fresh", **{column.name: column.type for column in table.columns})
    return rows, table.insert().from_select(list(_names(table)), sa.select(rows.source(True)))


def prepared(build: Callable[[bool], Any]) -> Callable[[Connection], Any]:
    """A statement built once for each database: `build(postgres)`; building costs as much as
    executing."""
    built: dict[bool, Any] = {}

    @wraps(build)
    def statement(connection: Connection) -> Any:
        postgres = is_postgres(connection)
        if postgres not in built:
            built[postgres] = build(postgres)
        return built[postgres]

    return statement


def upsert(where: Connection | bool, table: sa.Table) -> Any:
    """The `INSERT … ON CONFLICT` of a connection's database (or of PostgreSQL: True); both spell
    it alike."""
    postgres = where if isinstance(where, bool) else is_postgres(where)
    return postgres_insert(table) if postgres else sqlite_insert(table)


@contextmanager
def pipelined(connection: Connection, when: bool) -> Iterator[None]:
    """Send the writes within without waiting for each one's answer (PostgreSQL, and only `when`).

    For few rows and for statements whose answer nobody looks at: no rows are read within, nor
    counted. An error surfaces when the block ends.
    """
    if when and is_postgres(connection):
        driver: Any = connection.connection.driver_connection
        with driver.pipeline():
            yield
    else:
        yield
