"""The edge of a command: one line of JSON on stdout, a *no* as one sentence on stderr.

What was to be expected (a bad setting, a bad rule, a refusal, a database that is away or has no
tables) ends with exit code 1 and what to do next; a traceback means a fault of ours.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
import orjson
from flask.cli import AppGroup
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from app.kernel import Refusal
from app.rulebook import BadRule
from app.settings import BadSetting

_NO_TABLE = "The database lacks a table or a column. Run: flask db upgrade"
_NO_ANSWER = "The database does not answer ({why}). Start it, or correct DATABASE_URL."
_UNDEFINED = {"42P01", "42703"}  # PostgreSQL: no such table, no such column
_READ_ONLY = {"SQLITE_READONLY", "SQLITE_READONLY_DIRECTORY"}


class Commands(AppGroup):
    """A group of commands whose expected errors are sentences."""

    def invoke(self, ctx: click.Context) -> Any:
        with plainly():
            return super().invoke(ctx)


@contextmanager
def plainly() -> Iterator[None]:
    """Turn what was to be expected into a `ClickException`; everything else passes."""
    try:
        yield
    except Refusal as error:
        raise click.ClickException(error.detail or error.code) from error
    except (BadSetting, BadRule) as error:
        raise click.ClickException(str(error)) from error
    except DBAPIError as error:
        said = database_trouble(error)
        if said is None:
            raise
        raise click.ClickException(said) from error


def database_trouble(error: DBAPIError) -> str | None:
    """What to do about a database that is away or not migrated; None for any other error."""
    first = str(error.orig).strip().partition("\n")[0]
    if getattr(error.orig, "sqlstate", None) in _UNDEFINED or first.startswith(
        ("no such table", "no such column")
    ):
        return _NO_TABLE
    if getattr(error.orig, "sqlite_errorname", None) in _READ_ONLY:
        return f"The database file cannot be written ({first})."
    if isinstance(error, OperationalError | InterfaceError):
        return _NO_ANSWER.format(why=first)
    return None


def say(answer: dict[str, Any]) -> None:
    """The command's answer, for machines."""
    click.echo(orjson.dumps(answer).decode())
