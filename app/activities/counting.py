"""Counts of what many residents' acts came to: by day, month, category, behaviour and source.

Residents are handed in some at a time: what is counted of one lot and of another adds up, people
too, as nobody is in two lots.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.activities.tables import activity, portion, tally
from app.kernel import local_midnight, to_wire
from app.plumbing.db import Id, Rows, UtcDateTime, prepared
from app.plumbing.work import Work

FORMER = "former"  # the category of behaviours that the rules no longer have
Key = tuple[str, ...]
_a, _p, _t = activity.c, portion.c, tally.c
_DAY = timedelta(days=1)
_ASKED = Rows("asked", resident_id=Id)
_NAMED = Rows("named", behaviour=sa.String(40), category=sa.String(40))
_CALENDAR = Rows(
    "calendar",
    day=sa.Date,
    named=sa.String(10),
    month=sa.String(7),
    recent=sa.Integer,
    by=UtcDateTime,
)


class Window(NamedTuple):
    """Days that are counted from the acts, both included, whole months up to the last; `recent` is
    the first of the days that also count as one period. Earlier months come from the tallies."""

    first: date
    last: date
    recent: date


def counts(
    work: Work, residents: Iterable[bytes], window: Window
) -> Iterator[tuple[Key, tuple[int, ...]]]:
    """(residents, acts, milligrams, hundredths of a point) by ("day", day), ("month", month),
    ("category", month, its code), ("behaviour", month, its code) and ("recent",).

    An act counts on its day, and what is released in parts, part by part; whoever has either in a
    period is one of its residents.
    """
    asked = _asked(work, residents, window) | _NAMED.bind(
        work.db, [(code, each.category) for code, each in work.rules.behaviours.items()]
    )
    asked |= {"first_month": f"{window.first:%Y-%m}"}
    for kind, period, code, *sums in work.db.execute(_counts(work.db), asked):
        yield tuple(word for word in (kind, period, code) if word), _whole(sums)


def sources(
    work: Work, residents: Iterable[bytes], window: Window
) -> Iterator[tuple[Key, tuple[int, ...]]]:
    """(residents, acts, acts that were known by the end of the next day) of the recent days, by
    ("source", client's wire id); whatever became of the acts."""
    asked = _asked(work, residents, window._replace(first=window.recent))
    for provider, *sums in work.db.execute(_sources(work.db), asked):
        yield ("source", to_wire("cli", provider)), _whole(sums)


def _whole(sums: Iterable[Any]) -> tuple[int, ...]:
    return tuple(int(each) for each in sums)


def _asked(work: Work, residents: Iterable[bytes], window: Window) -> dict[str, Any]:
    zone = work.rules.pack.zone
    days = [window.first + n * _DAY for n in range((window.last - window.first).days + 1)]
    calendar = [
        (
            day,
            f"{day}",
            f"{day:%Y-%m}",
            int(day >= window.recent),
            local_midnight(day + 2 * _DAY, zone),
        )
        for day in days
    ]
    return (
        {"first": window.first, "last": window.last}
        | _ASKED.bind(work.db, [(each,) for each in residents])
        | _CALENDAR.bind(work.db, calendar)
    )


@prepared
def _counts(postgres: bool) -> Any:
    asked, calendar = _ASKED.source(postgres), _CALENDAR.source(postgres)
    named = _NAMED.source(postgres)
    base = sa.union_all(*_rows(asked, calendar)).cte("counted")
    b = base.c
    category = sa.func.coalesce(named.c.category, sa.literal_column(f"'{FORMER}'"))
    with_category = base.outerjoin(named, named.c.behaviour == b.behaviour)

    def by(kind: str, period: Any, code: Any, *, where: Any, of: Any = base) -> Any:
        people = sa.func.count(b.resident_id.distinct())
        sums = (sa.func.sum(each) for each in (b.acts, b.reduction_mg, b.points))
        keys = [each for each in (period, code) if each is not _NOTHING]
        said: Any = sa.literal_column(f"'{kind}'")
        found = sa.select(said, period, code, people, *sums).select_from(of).where(where)
        return found.group_by(*keys) if keys else found.having(people > 0)

    return sa.union_all(
        by("day", b.day, _NOTHING, where=b.day != ""),
        by("month", b.month, _NOTHING, where=sa.true()),
        by("category", b.month, category, where=sa.true(), of=with_category),
        by("behaviour", b.month, b.behaviour, where=sa.true()),
        by("recent", _NOTHING, _NOTHING, where=b.recent == 1),
    )


_NOTHING: sa.ColumnElement[str] = sa.literal_column("''", sa.String)


def _rows(asked: sa.FromClause, calendar: sa.FromClause) -> Iterator[Any]:
    """What counts of each resident, as rows: acts of the window, parts released in it, and the
    tallies of the months before."""
    in_parts = sa.exists().where(_p.resident_id == _a.resident_id, _p.activity_id == _a.id)
    days = (calendar.c.named.label("day"), calendar.c.month, calendar.c.recent)

    def mine(table: sa.Table) -> Any:
        return asked.join(table, table.c.resident_id == asked.c.resident_id)

    def of_window(table: sa.Table) -> Any:
        return mine(table).join(calendar, calendar.c.day == table.c.earned_on)

    at_once = (sa.case((in_parts, 0), else_=column) for column in (_a.reduction_mg, _a.points))
    names = (
        sum_.label(name) for sum_, name in zip(at_once, ("reduction_mg", "points"), strict=True)
    )
    yield (
        sa.select(_a.resident_id, _a.behaviour, *days, sa.literal_column("1").label("acts"), *names)
        .select_from(of_window(activity))
        .where(_within(_a), _a.reduction_mg > 0)
    )
    none: Any = sa.literal_column("0")
    sums = (_t.count, _t.reduction_mg, _t.points)
    yield (
        sa.select(_p.resident_id, _p.behaviour, *days, none, _p.reduction_mg, _p.points)
        .select_from(of_window(portion))
        .where(_within(_p), sa.or_(_p.reduction_mg > 0, _p.points > 0))
    )
    yield (
        sa.select(_t.resident_id, _t.behaviour, _NOTHING, _t.month, none, *sums)
        .select_from(mine(tally))
        .where(_t.month < sa.bindparam("first_month", type_=sa.String))
        .where(_t.count + _t.reduction_mg + _t.points > 0)
    )


def _within(columns: Any) -> Any:
    first, last = (sa.bindparam(name, type_=sa.Date) for name in ("first", "last"))
    return columns.earned_on.between(first, last)


@prepared
def _sources(postgres: bool) -> Any:
    asked, calendar = _ASKED.source(postgres), _CALENDAR.source(postgres)
    in_time = sa.func.sum(sa.case((_a.recorded_at < calendar.c.by, 1), else_=0))
    people = sa.func.count(_a.resident_id.distinct())
    return (
        sa.select(_a.provider_id, people, sa.func.count(), in_time)
        .select_from(
            asked.join(activity, _a.resident_id == asked.c.resident_id).join(
                calendar, calendar.c.day == _a.earned_on
            )
        )
        .where(_within(_a))
        .group_by(_a.provider_id)
    )
