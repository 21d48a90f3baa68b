"""Counting the city, once a night: everybody's acts, redemptions and loans, added up.

No request adds up what grows with history, and no index over all acts by day slows their coming
in: residents are taken in the order of their ids, some at a time, each lot a transaction, and what
they did is found by the indexes that lead with the resident. How far a count has come stands in
its row, with the sums so far, so it goes on where it was cut off; who works at the same count
waits for that row. Every count begins from nothing: a late act, a reversal and a corrected score
show the next morning, on the day they are about.
"""

from datetime import date, timedelta

from app import activities, credit, identity, redemption
from app.activities import Window
from app.kernel import add_months, local_day, local_midnight
from app.plumbing.helpers import in_bulk
from app.plumbing.work import Work
from app.reports import store
from app.reports.store import Count

RECENT_DAYS = 30
_LEAST_DAYS = 35
_LOT = 500
_PATIENCE = 60
_DAY = timedelta(days=1)
# When the files of the night are in.
_MORNING = timedelta(hours=5)


def window(work: Work, count: Count) -> Window:
    """The days of a count: up to the one before it began."""
    last = local_day(count.began_at, work.rules.pack.zone) - _DAY
    first = (last - (_LEAST_DAYS - 1) * _DAY).replace(day=1)
    return Window(first, last, last - (RECENT_DAYS - 1) * _DAY)


def step(work: Work) -> int:
    """Count the next residents of this morning's count; 0 when it has ended. Job."""
    in_bulk(work, _PATIENCE)
    count = store.lock(work, local_day(work.now - _MORNING, work.rules.pack.zone))
    if count.ended_at is not None:
        return 0
    residents = identity.next_residents(work, count.after, _LOT)
    if residents:
        _add(work, count, residents)
        store.go_on(work, count, residents[-1])
    else:
        _add_registered(work, count)
        _add_sources(work, count)
        store.end(work, count)
    return max(len(residents), 1)


def _add(work: Work, count: Count, residents: list[bytes]) -> None:
    days, figures = window(work, count), count.figures
    figures.add(activities.counts(work, residents, days))
    figures.add(activities.sources(work, residents, days))
    figures.add(redemption.counts(work, residents, days.recent, days.last))
    figures.add(credit.counts(work, residents))


def _add_registered(work: Work, count: Count) -> None:
    """How many accounts were open in each month in which anybody did anything, and in this one."""
    zone, last = work.rules.pack.zone, window(work, count).last
    months = {*count.figures.by("month"), f"{last:%Y-%m}", f"{last + _DAY:%Y-%m}"}
    for month in sorted(months):
        first = date.fromisoformat(f"{month}-01")
        since, until = local_midnight(first, zone), local_midnight(add_months(first, 1), zone)
        count.figures.add([(("registered", month), (identity.registered(work, since, until),))])


def _add_sources(work: Work, count: Count) -> None:
    for each in identity.clients(work):
        if each.scope == "provider" and each.active:
            found = activities.quality(work, each.id, RECENT_DAYS)
            last_at = found["last_at"]
            count.figures.sources[each.wire] = {
                "name": each.name,
                "kind": each.kind,
                "since": found["since"].isoformat(),
                "items": found["items"],
                "counts": found["counts"],
                "rejections": {row["reason"]: row["count"] for row in found["rejections"]},
                "last_at": None if last_at is None else last_at.isoformat(),
            }
