"""Rows of the log of disclosures. Rows in, values out."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa

from app.consent.agreement import Disclosed, Disclosure
from app.consent.tables import disclosure
from app.plumbing.db import insert_rows
from app.plumbing.work import Work

Span = tuple[datetime | None, datetime | None]


def add(work: Work, rows: Sequence[Disclosure]) -> None:
    """Write these down, in this order."""
    whole = [
        (
            each.resident,
            work.new_id(),
            work.now,
            each.kind,
            each.who,
            each.name,
            orjson.dumps(each.what).decode(),
            each.why,
            each.consent,
            each.denied,
            each.about,
        )
        for each in rows
    ]
    insert_rows(work.db, disclosure, whole)


def listed(
    work: Work,
    resident_id: bytes,
    limit: int | None = None,
    before: bytes | None = None,
    span: Span = (None, None),
) -> list[Disclosed]:
    """A resident's log, the newest first, from the row before an id on; of instants from the first
    of `span` to before its second."""
    c = disclosure.c
    statement = sa.select(disclosure).where(c.resident_id == resident_id)
    if before is not None:
        statement = statement.where(c.id < before)
    first, end = span
    if first is not None:
        statement = statement.where(c.at >= first)
    if end is not None:
        statement = statement.where(c.at < end)
    rows = work.db.execute(statement.order_by(c.id.desc()).limit(limit))
    return [_read(row) for row in rows]


def _read(row: Any) -> Disclosed:
    found = Disclosure(
        row.resident_id,
        row.kind,
        row.who,
        row.name,
        tuple(orjson.loads(row.what)),
        row.why,
        row.consent_id,
        row.denied,
        row.about,
    )
    return Disclosed(row.id, row.at, found)


def forget(work: Work, before: datetime, limit: int) -> int:
    """Delete some of what was written down before an instant."""
    key = sa.tuple_(disclosure.c.resident_id, disclosure.c.id)
    old = sa.select(disclosure.c.resident_id, disclosure.c.id).where(disclosure.c.at < before)
    return work.db.execute(disclosure.delete().where(key.in_(old.limit(limit)))).rowcount
