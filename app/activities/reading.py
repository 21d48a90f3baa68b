"""Queries for looking: pages, sums, quality. They write nothing and lock nothing."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.activities.store import SHOWN, Stored, stored
from app.activities.tables import activity, edition, intake_batch, portion, tally
from app.kernel import Ids
from app.plumbing.work import Work

Key = tuple[date, datetime, bytes]
_a = activity.c
_ORDER = (_a.earned_on, _a.occurred_at, _a.id)


class Sum(NamedTuple):
    """What acts of a behaviour earned in a period: a month as `YYYY-MM`, or a day."""

    behaviour: str
    period: str
    reduction_mg: int
    points: int
    acts: int


def page(
    work: Work,
    resident: bytes,
    limit: int,
    before: Key | None,
    since: date | None,
    until: date | None,
    behaviour: str | None,
) -> list[Stored]:
    """A resident's reports, the newest day first; an index gives them in this order."""
    statement = sa.select(*SHOWN).where(_a.resident_id == resident)
    if before is not None:
        values = (sa.literal(v, c.type) for v, c in zip(before, _ORDER, strict=True))
        statement = statement.where(sa.tuple_(*_ORDER) < sa.tuple_(*values))
    if since is not None:
        statement = statement.where(_a.earned_on >= since)
    if until is not None:
        statement = statement.where(_a.earned_on <= until)
    if behaviour is not None:
        statement = statement.where(_a.behaviour == behaviour)
    newest = statement.order_by(*(column.desc() for column in _ORDER)).limit(limit)
    return [stored(row) for row in work.db.execute(newest)]


def one(work: Work, resident: bytes, act_id: bytes) -> Stored | None:
    """One report of a resident, whatever became of it."""
    mine = (_a.resident_id == resident, _a.id == act_id)
    row = work.db.execute(sa.select(*SHOWN).where(*mine)).one_or_none()
    return None if row is None else stored(row)


def digests(work: Work, numbers: Iterable[int]) -> dict[int, str]:
    """The digests of editions by their numbers."""
    wanted = set(numbers)
    rows = work.db.execute(
        sa.select(edition.c.id, edition.c.digest).where(edition.c.id.in_(wanted))
    )
    return {row.id: row.digest for row in rows}


def edition_text(work: Work, digest: str) -> str | None:
    """The text of an edition, by its digest."""
    text = sa.select(edition.c.text).where(edition.c.digest == digest)
    found: str | None = work.db.scalar(text)
    return found


def month_sums(work: Work, resident: bytes, first: str, last: str) -> list[Sum]:
    """Tallies of whole months, both included; an empty `first` is the beginning."""
    t = tally.c
    rows = work.db.execute(
        sa.select(t.behaviour, t.month, t.reduction_mg, t.points, t.count).where(
            t.resident_id == resident, t.month >= first, t.month <= last
        )
    )
    return [Sum(*row) for row in rows]


def day_sums(work: Work, resident: bytes, since: date, until: date) -> list[Sum]:
    """The same from the acts themselves, by day. What is released in parts counts part by part,
    and the act itself on the day it was earned."""
    parts = portion.c
    in_parts = sa.exists().where(parts.resident_id == _a.resident_id, parts.activity_id == _a.id)
    at_once = (sa.case((in_parts, 0), else_=column) for column in (_a.reduction_mg, _a.points))
    paid = sa.select(_a.behaviour, _a.earned_on, *at_once, sa.literal(1).label("acts")).where(
        _a.resident_id == resident, _a.earned_on.between(since, until), _a.reduction_mg > 0
    )
    released = sa.select(
        parts.behaviour, parts.earned_on, parts.reduction_mg, parts.points, sa.literal(0)
    ).where(parts.resident_id == resident, parts.earned_on.between(since, until))
    both = sa.union_all(paid, released).subquery()
    behaviour, day, *sums = both.c
    rows = work.db.execute(
        sa.select(behaviour, day, *(sa.func.sum(each) for each in sums)).group_by(behaviour, day)
    )
    return [Sum(r[0], r[1].isoformat(), int(r[2]), int(r[3]), int(r[4])) for r in rows]


def total_mg(work: Work, month: str) -> int:
    """Milligrams of all residents up to a month (`YYYY-MM`), which is included."""
    total = sa.select(sa.func.sum(tally.c.reduction_mg)).where(tally.c.month <= month)
    return int(work.db.scalar(total) or 0)


def batches(work: Work, provider: bytes, since: datetime) -> Sequence[Any]:
    """(counts, batches with these counts, first and last instant) since an instant.

    Equal counts are gathered in the database: a provider that sends acts one by one has a row for
    each, and all look alike.
    """
    b = intake_batch.c
    return work.db.execute(
        sa.select(b.counts, sa.func.count(), sa.func.min(b.recorded_at), sa.func.max(b.recorded_at))
        .where(b.provider_id == provider, b.id >= Ids.of(since).least)
        .group_by(b.counts)
    ).all()
