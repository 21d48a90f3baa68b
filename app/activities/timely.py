"""Queries of what acts saved as they stood at an instant: sums, and the few that need a look.

`recorded_at` and the score history say what was known when. The sums are of present scores; acts
whose score changed later, and those in dispute, are given one by one, to be put right.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.activities.store import SHOWN, Stored, stored
from app.activities.tables import activity, dispute, portion, reversal, score_history, tally
from app.kernel import add_months
from app.plumbing.db import Id, Rows, UtcDateTime, prepared
from app.plumbing.work import Work

_a, _p, _h, _d, _t = activity.c, portion.c, score_history.c, dispute.c, tally.c
_ASKED = Rows("asked", resident_id=Id)


class Since(NamedTuple):
    """An act whose score changed after an instant: what it saved until then, by which edition."""

    row: Stored
    reduction_mg: int
    edition: int


class Sum(NamedTuple):
    """What acts of a behaviour from one provider saved in a month (0 is the first one's)."""

    resident: bytes
    behaviour: str
    month: int
    provider: bytes
    reduction_mg: int
    acts: int


def sums(
    work: Work,
    residents: Iterable[bytes],
    days: tuple[date, date],
    before: datetime,
    released: Sequence[str],
) -> list[Sum]:
    """Sums of what was recorded before an instant, for days of at most three months. `released`
    are behaviours whose acts may count part by part."""
    first, last = days
    values = _ASKED.bind(work.db, [(each,) for each in residents]) | {
        "first": first,
        "second": add_months(first.replace(day=1), 1),
        "third": add_months(first.replace(day=1), 2),
        "last": last,
        "before": before,
        "released": list(released),
    }
    return [Sum(*row) for row in work.db.execute(_sums(work.db), values)]


@prepared
def _sums(postgres: bool) -> Any:
    asked = _ASKED.source(postgres)
    first, last = (sa.bindparam(name, type_=sa.Date) for name in ("first", "last"))
    released: Any = sa.bindparam("released", expanding=True)
    timely = _a.recorded_at < sa.bindparam("before", type_=UtcDateTime)
    in_parts = sa.and_(
        _a.behaviour.in_(released),
        sa.exists().where(_p.resident_id == _a.resident_id, _p.activity_id == _a.id),
    )
    whole = (
        _summed(_a.earned_on, _a.reduction_mg, sa.literal(1))
        .select_from(asked.join(activity, _a.resident_id == asked.c.resident_id))
        .where(_a.earned_on.between(first, last), timely, _a.reduction_mg > 0, ~in_parts)
    )
    acts = sa.case((_p.number == 1, 1), else_=0)
    its_act = sa.and_(_a.resident_id == _p.resident_id, _a.id == _p.activity_id)
    parts = (
        _summed(_p.earned_on, _p.reduction_mg, acts)
        .select_from(asked.join(portion, _p.resident_id == asked.c.resident_id))
        .join(activity, its_act)
        .where(_p.earned_on.between(first, last), timely, _p.reduction_mg > 0)
        .where(_p.behaviour.in_(released))
    )
    return sa.union_all(whole, parts)


def _summed(day: Any, mg: Any, acts: Any) -> Any:
    second, third = (sa.bindparam(name, type_=sa.Date) for name in ("second", "third"))
    month = sa.case((day < second, 0), (day < third, 1), else_=2)
    key = (_a.resident_id, _a.behaviour, month, _a.provider_id)
    return sa.select(*key, sa.func.sum(mg), sa.func.sum(acts)).group_by(*key)


def changed_since(work: Work, residents: Iterable[bytes], instant: datetime) -> list[Since]:
    """Acts recorded before an instant whose score was another one then."""
    asked = _ASKED.bind(work.db, [(each,) for each in residents])
    found: dict[bytes, Since] = {}
    for *row, mg, edition in work.db.execute(_changed(work.db), asked | {"instant": instant}):
        act = stored(row)
        found.setdefault(act.act.id, Since(act, mg, edition))
    return list(found.values())


@prepared
def _changed(postgres: bool) -> Any:
    asked = _ASKED.source(postgres)
    instant = sa.bindparam("instant", type_=UtcDateTime)
    its_act = sa.and_(_a.resident_id == _h.resident_id, _a.id == _h.activity_id)
    return (
        sa.select(*SHOWN, _h.reduction_mg, _h.edition)
        .select_from(
            asked.join(score_history, _h.resident_id == asked.c.resident_id).join(activity, its_act)
        )
        .where(_h.until >= instant, _a.recorded_at < instant)
        .order_by(_h.until, _h.id)
    )


def disputed(work: Work, residents: Iterable[bytes]) -> list[Stored]:
    """Acts that these residents contest, and nobody has decided."""
    asked = _ASKED.bind(work.db, [(each,) for each in residents])
    return [stored(row) for row in work.db.execute(_disputed(work.db), asked)]


@prepared
def _disputed(postgres: bool) -> Any:
    asked = _ASKED.source(postgres)
    its_act = sa.and_(_a.resident_id == _d.resident_id, _a.id == _d.activity_id)
    return (
        sa.select(*SHOWN)
        .select_from(asked.join(dispute, _d.resident_id == asked.c.resident_id))
        .join(activity, its_act)
        .where(_d.closed_at.is_(None))
    )


def replacements(work: Work, resident: bytes) -> list[tuple[bytes, bytes, bytes, datetime]]:
    """(act, its reference, reference in its place, recorded) of a resident's replaced acts."""
    its_act = sa.and_(_a.resident_id == reversal.c.resident_id, _a.id == reversal.c.activity_id)
    rows = work.db.execute(
        sa.select(_a.id, _a.reference_hash, reversal.c.replaced_by, _a.recorded_at)
        .join(reversal, its_act)
        .where(reversal.c.resident_id == resident, reversal.c.replaced_by.is_not(None))
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def with_acts(work: Work, months: Sequence[str], after: bytes, count: int) -> list[bytes]:
    """The next residents, in the order of their ids, with acts that count in one of these months
    (`YYYY-MM`), or did before they were taken back."""
    statement = (
        sa.select(_t.resident_id)
        .where(_t.resident_id > after, _t.month.in_(months))
        .group_by(_t.resident_id)
        .order_by(_t.resident_id)
        .limit(count)
    )
    return list(work.db.scalars(statement))


def count_with_acts(work: Work, months: Sequence[str]) -> int:
    """How many residents these are in all. Reads every tally."""
    distinct = sa.func.count(sa.distinct(_t.resident_id))
    return int(work.db.scalar(sa.select(distinct).where(_t.month.in_(months))) or 0)


def first_month(work: Work, since: str) -> str | None:
    """The earliest month (`YYYY-MM`), not before `since`, in which any act counts. Reads every
    tally."""
    found: str | None = work.db.scalar(sa.select(sa.func.min(_t.month)).where(_t.month >= since))
    return found
