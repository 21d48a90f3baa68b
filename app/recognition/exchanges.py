"""Exchanges as rows. The wallet of the resident is locked whenever one is about to change, so a row
read here stays as it was read."""

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.plumbing.db import insert_rows
from app.plumbing.work import Work
from app.recognition.model import CONFIRMED, CORRECTED, HELD, WAYS, Exchange
from app.recognition.tables import exchange

_COLUMNS = [exchange.c[each.name] for each in fields(Exchange)]
_ONE = sa.select(*_COLUMNS).where(exchange.c.id == sa.bindparam("which"))
_ONE_LOCKED = _ONE.with_for_update()
_MOVED = ("state", "decided_at", "theirs", "lot_day", "corrected_at", "reason")
_MOVE = (
    exchange.update()
    .where(exchange.c.id == sa.bindparam("which"), exchange.c.state == sa.bindparam("was"))
    .values({name: sa.bindparam(f"new_{name}") for name in _MOVED})
)
# What counts against a person's quotas: what came to nothing, or was taken back, does not.
COUNTED = (HELD, CONFIRMED)


def add(work: Work, new: Exchange) -> None:
    """Write a new exchange."""
    insert_rows(
        work.db, exchange, [tuple(getattr(new, column.name) for column in exchange.columns)]
    )


def find(work: Work, exchange_id: bytes, *, lock: bool = False) -> Exchange | None:
    """One exchange, whosever it is."""
    row = work.db.execute(_ONE_LOCKED if lock else _ONE, {"which": exchange_id}).first()
    return None if row is None else Exchange(*row)


def move(work: Work, found: Exchange, state: str, **changes: Any) -> Exchange:
    """Take an exchange to another state, by a way that is on the list."""
    assert (found.state, state) in WAYS, f"{found.state} → {state} is not on the list"
    instant = "corrected_at" if state == CORRECTED else "decided_at"
    changed: dict[str, Any] = {"state": state, instant: work.now} | changes
    moved = replace(found, **changed)
    asked = {f"new_{name}": getattr(moved, name) for name in _MOVED}
    done = work.db.execute(_MOVE, asked | {"which": found.id, "was": found.state})
    assert done.rowcount == 1, "an exchange changed although its wallet was locked"
    return moved


class Used(NamedTuple):
    """Points, in hundredths, that a person moved one way with a partner: today, this month, ever.

    What is still held counts too.
    """

    day: int
    month: int
    ever: int


def used(work: Work, resident_id: bytes, partner: str, direction: str) -> Used:
    """Counted under the resident's lock."""
    asked = {"whose": resident_id, "with": partner, "way": direction}
    days = {"today": work.today, "month": work.today.replace(day=1)}
    return Used(*(int(each or 0) for each in work.db.execute(_USED, asked | days).one()))


def _points_if(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.sum(sa.case((condition, exchange.c.points), else_=0))


# A work that began before midnight may come after one that began later: it counts to its own day.
_USED = sa.select(
    _points_if(exchange.c.day == sa.bindparam("today", type_=sa.Date)),
    _points_if(exchange.c.day >= sa.bindparam("month", type_=sa.Date)),
    sa.func.sum(exchange.c.points),
).where(
    exchange.c.resident_id == sa.bindparam("whose"),
    exchange.c.partner == sa.bindparam("with"),
    exchange.c.direction == sa.bindparam("way"),
    exchange.c.state.in_(COUNTED),
)


def overdue(work: Work, count: int) -> list[tuple[bytes, bytes]]:
    """Some held exchanges (resident, id) whose time is over, the longest over first."""
    rows = work.db.execute(
        sa.select(exchange.c.resident_id, exchange.c.id)
        .where(exchange.c.state == HELD, exchange.c.expires_at <= work.now)
        .order_by(exchange.c.expires_at)
        .limit(count)
    )
    return [(row.resident_id, row.id) for row in rows]


def held_of_link(work: Work, link_id: bytes) -> list[Exchange]:
    """What is on its way by a link."""
    rows = work.db.execute(
        sa.select(*_COLUMNS)
        .where(exchange.c.link_id == link_id, exchange.c.state == HELD)
        .order_by(exchange.c.id)
    )
    return [Exchange(*row) for row in rows]


def listed(
    work: Work,
    whose: dict[str, Any],
    limit: int,
    before: bytes | None = None,
    state: str | None = None,
    span: tuple[date | None, date | None] = (None, None),
) -> Sequence[Exchange]:
    """Exchanges of a resident or a partner (`{"partner": code}`), newest first."""
    statement = sa.select(*_COLUMNS).where(
        *(exchange.c[name] == value for name, value in whose.items())
    )
    if before is not None:
        statement = statement.where(exchange.c.id < before)
    if state is not None:
        statement = statement.where(exchange.c.state == state)
    since, until = span
    if since is not None:
        statement = statement.where(exchange.c.day >= since)
    if until is not None:
        statement = statement.where(exchange.c.day <= until)
    rows = work.db.execute(statement.order_by(exchange.c.id.desc()).limit(limit))
    return [Exchange(*row) for row in rows]


def every(work: Work) -> Iterator[Exchange]:
    """All exchanges, by id."""
    rows = work.db.execute(sa.select(*_COLUMNS).order_by(exchange.c.id))
    return (Exchange(*row) for row in rows)


def first_day(work: Work, partner: str) -> date | None:
    """The day of the first exchange with a partner; None: there was none."""
    first = sa.select(exchange.c.day).where(exchange.c.partner == partner)
    found: date | None = work.db.scalar(first.order_by(exchange.c.id).limit(1))
    return found
