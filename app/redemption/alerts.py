"""Queries of alerts: the patterns that are looked for in redemptions, and what was found."""

from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa

from app.plumbing.db import upsert
from app.plumbing.work import Work
from app.redemption.tables import OPEN_ROWS, alert, redemption, voucher_code

PAIR, NIGHT, DEVICE, USUAL, TWICE = "repeat_pair", "night_burst", "device", "above_usual", "twice"


class Found(NamedTuple):
    """A pattern at a merchant: what it is about (16 bytes), how many times it was seen, and on
    which day. It sorts by merchant: whoever raises several locks their books in that order."""

    merchant: str
    kind: str
    subject: bytes
    times: int
    day: date


class Alert(NamedTuple):
    """An alert as it is kept."""

    id: bytes
    kind: str
    merchant: str
    day: date
    times: int
    state: str
    opened_at: datetime
    closed_at: datetime | None
    note: str | None


_COLUMNS = [alert.c[name] for name in Alert._fields]
_WHOLE = bytes(16)
Span = tuple[datetime, datetime]


def _within(span: Span) -> sa.ColumnElement[bool]:
    since, until = span
    return sa.and_(redemption.c.at >= since, redemption.c.at < until)


def pairs(work: Work, day: date, span: Span, least: int) -> list[Found]:
    """Residents who redeemed at one merchant so often in a span of a day."""
    counted = sa.func.count()
    rows = work.db.execute(
        sa.select(redemption.c.merchant, redemption.c.resident_id, counted)
        .where(_within(span), redemption.c.state != "voided")
        .group_by(redemption.c.merchant, redemption.c.resident_id)
        .having(counted >= least)
    )
    return [Found(merchant, PAIR, who, times, day) for merchant, who, times in rows]


def by_merchant(work: Work, kind: str, day: date, span: Span, least: int) -> list[Found]:
    """Merchants with so many redemptions in a span of a day or night."""
    counted = sa.func.count()
    rows = work.db.execute(
        sa.select(redemption.c.merchant, counted)
        .where(_within(span), redemption.c.state != "voided")
        .group_by(redemption.c.merchant)
        .having(counted >= least)
    )
    return [Found(merchant, kind, _WHOLE, count, day) for merchant, count in rows]


def devices(work: Work, day: date, span: Span, least: int) -> list[Found]:
    """Phones on which so many residents have shown codes that a merchant took in a span of
    a day."""
    counted = sa.func.count(redemption.c.resident_id.distinct())
    rows = work.db.execute(
        sa.select(redemption.c.merchant, voucher_code.c.device, counted)
        .join(
            voucher_code,
            sa.and_(
                voucher_code.c.resident_id == redemption.c.resident_id,
                voucher_code.c.voucher_id == redemption.c.voucher_id,
                voucher_code.c.used_at.is_not(None),
            ),
        )
        .where(_within(span), voucher_code.c.device.is_not(None))
        .group_by(redemption.c.merchant, voucher_code.c.device)
        .having(counted >= least)
    )
    return [Found(merchant, DEVICE, phone, people, day) for merchant, phone, people in rows]


def add(work: Work, found: Found) -> bool:
    """Open an alert; False when there is one about this and its day, open or closed."""
    insert = upsert(work.db, alert).values(
        id=work.new_id(),
        kind=found.kind,
        merchant=found.merchant,
        subject=found.subject,
        day=found.day,
        times=found.times,
        state="open",
        opened_at=work.now,
    )
    row = work.db.execute(insert.on_conflict_do_nothing().returning(alert.c.id)).first()
    return row is not None


def listed(work: Work, state: str | None, limit: int, before: bytes | None) -> list[Alert]:
    """Alerts, newest first."""
    statement = sa.select(*_COLUMNS)
    if state is not None:
        statement = statement.where(alert.c.state == state)
    if before is not None:
        statement = statement.where(alert.c.id < before)
    return [
        Alert(*row) for row in work.db.execute(statement.order_by(alert.c.id.desc()).limit(limit))
    ]


def open_by_kind(work: Work) -> dict[str, int]:
    """How many alerts are open, by what they are about."""
    found = (
        sa.select(alert.c.kind, sa.func.count().label("open"))
        .where(OPEN_ROWS)
        .group_by(alert.c.kind)
    )
    return {row.kind: row.open for row in work.db.execute(found)}


def find(work: Work, alert_id: bytes) -> Alert | None:
    """One alert."""
    row = work.db.execute(sa.select(*_COLUMNS).where(alert.c.id == alert_id)).first()
    return None if row is None else Alert(*row)


def close(work: Work, alert_id: bytes, note: str) -> bool:
    """Close an alert that is open."""
    done = work.db.execute(
        alert.update()
        .where(alert.c.id == alert_id, alert.c.state == "open")
        .values(state="closed", closed_at=work.now, note=note)
    )
    return done.rowcount == 1


def any_open(work: Work, merchant: str) -> bool:
    """Whether a merchant has an open alert."""
    mine = sa.exists().where(alert.c.merchant == merchant, OPEN_ROWS)
    return bool(work.db.scalar(sa.select(mine)))
