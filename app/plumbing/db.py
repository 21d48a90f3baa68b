"""SQL tamed: one metadata, honest column types, and the two databases made to behave alike.

SQLite has one writer (`BEGIN IMMEDIATE`), foreign keys on, WAL; PostgreSQL is spoken to through
psycopg 3. Integers, bytes, days and UTC instants only: neither database gets the chance to drop a
time zone or cut a Decimal.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Connection, Engine

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


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware instant, kept and given back in UTC on both databases."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive instant cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Id = sa.LargeBinary(16)
Digest = sa.LargeBinary(32)


def engine_options(url: str, pool: int) -> dict[str, Any]:
    """Options for `create_engine`: pools sized for the server's threads."""
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": 30, "check_same_thread": False}}
    return {
        "pool_size": pool,
        "max_overflow": pool,
        "pool_pre_ping": True,
        # Cut a connection attempt short so that a request can say 503 instead of hanging; five
        # seconds is also how long a twin of an idempotent request waits for the first.
        "connect_args": {"connect_timeout": 5, "options": "-c lock_timeout=5s"},
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
    return connection.dialect.name == "postgresql"


def insert_rows(connection: Connection, table: sa.Table, rows: Sequence[Sequence[Any]]) -> None:
    """Write rows (values in the table's column order) in one go: COPY on PostgreSQL when many."""
    if not rows:
        return
    if is_postgres(connection) and len(rows) >= _COPY_FROM_ROWS:
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(_copy_statement(table)) as copy:
            for row in rows:
                copy.write_row(row)
        return
    names = [column.name for column in table.columns]
    connection.execute(table.insert(), [dict(zip(names, row, strict=True)) for row in rows])


@lru_cache
def _copy_statement(table: sa.Table) -> str:
    columns = ", ".join(column.name for column in table.columns)
    return f"COPY {table.name} ({columns}) FROM STDIN"


def relation(
    connection: Connection,
    name: str,
    columns: tuple[tuple[str, sa.types.TypeEngine[Any]], ...],
    rows: Iterable[Sequence[Any]],
) -> sa.FromClause:
    """A list of rows as something a statement can join: `unnest` here, a temporary table there."""
    if is_postgres(connection):
        listed = list(rows)
        arrays = [
            sa.bindparam(None, [row[i] for row in listed], type_=ARRAY(kind))
            for i, (_, kind) in enumerate(columns)
        ]
        typed = [sa.column(column, kind) for column, kind in columns]
        return sa.func.unnest(*arrays).table_valued(*typed).render_derived(name=name)
    table = _scratch(name, columns)
    connection.execute(sa.schema.CreateTable(table, if_not_exists=True))
    connection.execute(table.delete())
    names = [column for column, _ in columns]
    values = [dict(zip(names, row, strict=True)) for row in rows]
    if values:
        connection.execute(table.insert(), values)
    return table


@lru_cache(maxsize=128)
def _scratch(name: str, columns: tuple[tuple[str, sa.types.TypeEngine[Any]], ...]) -> sa.Table:
    # Named after its columns too: a temporary table lives as long as its connection.
    return sa.Table(
        "_".join(["scratch", name, *(column for column, _ in columns)]),
        sa.MetaData(),
        *(sa.Column(column, kind) for column, kind in columns),
        prefixes=["TEMPORARY"],
    )


def upsert(connection: Connection, table: sa.Table) -> Any:
    """The dialect's `INSERT … ON CONFLICT`; both spell it alike."""
    if is_postgres(connection):
        from sqlalchemy.dialects.postgresql import insert
    else:
        from sqlalchemy.dialects.sqlite import insert  # type: ignore[assignment]
    return insert(table)
