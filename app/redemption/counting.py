"""Counts of what many residents redeemed. Residents are handed in some at a time: what is counted
of one lot and of another adds up."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.plumbing.db import Id, Rows, prepared
from app.plumbing.work import Work
from app.redemption.tables import redemption

Key = tuple[str, ...]
_r = redemption.c
_ASKED = Rows("asked", resident_id=Id)
_A_YEAR = 100  # 202603 is March 2026


def counts(
    work: Work, residents: Iterable[bytes], recent: date, last: date
) -> Iterator[tuple[Key, tuple[int, ...]]]:
    """(residents, redemptions, hundredths of a point, fen paid by residents, fen that funders owe)
    up to a last day, by ("benefit", month, its code), and from `recent` on by ("recent_benefit",
    its code). What was voided is left out, what was given back is taken off."""
    asked = _ASKED.bind(work.db, [(each,) for each in residents])
    asked |= {"recent": recent, "last": last}
    for month, benefit, *sums in work.db.execute(_counts(work.db), asked):
        key = ("recent_benefit", benefit) if month == 0 else ("benefit", _month(month), benefit)
        yield key, tuple(int(each) for each in sums)


def _month(number: Any) -> str:
    year, month = divmod(int(number), _A_YEAR)
    return f"{year:04d}-{month:02d}"


@prepared
def _counts(postgres: bool) -> Any:
    asked = _ASKED.source(postgres)
    day = {name: sa.bindparam(name, type_=sa.Date) for name in ("recent", "last")}
    # Written out, as a parameter here and one in GROUP BY are not known to be the same.
    year = sa.extract("year", _r.day) * sa.literal_column(f"{_A_YEAR}")
    month = year + sa.extract("month", _r.day)

    def by(period: Any, *keys: Any) -> Any:
        people = sa.func.count(_r.resident_id.distinct())
        sums = (_r.price - _r.returned, _r.cash, _r.cost - _r.returned_cost)
        return (
            sa.select(period, _r.benefit, people, sa.func.count(), *map(sa.func.sum, sums))
            .select_from(asked.join(redemption, _r.resident_id == asked.c.resident_id))
            .where(_r.state != "voided", _r.day <= day["last"])
            .group_by(*keys, _r.benefit)
        )

    since = by(sa.literal_column("0")).where(_r.day >= day["recent"])
    return sa.union_all(by(month, month), since)
