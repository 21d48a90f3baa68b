"""How `flask db upgrade` reaches the database: one transaction for all that is missing.

One set of revisions serves SQLite and PostgreSQL. They go forward only: what a revision took away
cannot be brought back by another, so a mistake is mended by the next one and a disaster by the
backup. A new revision is written by hand, or begun with
`flask db revision --autogenerate --rev-id 0006 -m benefits`.
"""

import logging
import sys
from typing import Any

import sqlalchemy as sa
from alembic import context
from flask import current_app
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from app.plumbing.commands import database_trouble
from app.plumbing.db import UtcDateTime
from app.plumbing.work import house

# Two machines that start at once: the second waits here, then finds nothing left to do.
_TURN = 0x574D4947
_extension = current_app.extensions["migrate"]


def _say_what_runs() -> None:
    log = logging.getLogger("alembic.runtime.migration")
    log.setLevel(logging.INFO)
    if not log.handlers:
        log.addHandler(logging.StreamHandler(sys.stderr))


def _type_as_written(kind: str, found: Any, _context: Any) -> str | bool:
    """Revisions name plain types, so that they keep meaning the same when our own types change."""
    if kind == "type" and isinstance(found, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def _not_for_nothing(_context: Any, _revision: Any, directives: list[Any]) -> None:
    if (
        getattr(context.config.cmd_opts, "autogenerate", False)
        and directives[0].upgrade_ops.is_empty()
    ):
        directives[:] = []


def _migrate(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SET LOCAL lock_timeout = '60s'"))
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": _TURN})
    context.configure(
        connection=connection,
        target_metadata=_extension.db.metadata,
        # SQLite's tables change in the transaction too: our engine begins it, not the driver.
        transactional_ddl=True,
        render_item=_type_as_written,
        process_revision_directives=_not_for_nothing,
        **_extension.configure_args,
    )
    context.run_migrations()


def _run() -> None:
    try:
        with house().engine.connect() as connection, connection.begin():
            _migrate(connection)
    except DBAPIError as error:
        said = database_trouble(error)
        if said is None:
            raise
        raise RuntimeError(said) from error  # `flask db` says it in one line


if context.is_offline_mode():
    raise RuntimeError("`--sql` is not offered: run `flask db upgrade` on the database.")
_say_what_runs()
_run()
