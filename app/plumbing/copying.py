"""What rooms need to tell a resident all that is kept: rows by whose they are, instants as text."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.plumbing.work import Work

Row = dict[str, Any]


def rows_of(work: Work, table: sa.Table, whose: bytes, column: str = "resident_id") -> list[Row]:
    """Every row of a table that is this resident's, in the order of its key, by column names."""
    mine = sa.select(table).where(table.c[column] == whose)
    return [dict(row) for row in work.db.execute(mine.order_by(*table.primary_key)).mappings()]


def at(work: Work, instant: datetime | None) -> str | None:
    """An instant as text, as the city's clocks show it."""
    return None if instant is None else instant.astimezone(work.rules.pack.zone).isoformat()
