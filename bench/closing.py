"""Closing a quarter in one command, beside the sum that it cannot do without."""

import json
import time
from collections.abc import Iterator
from datetime import timedelta

from app import grades
from app.grades import Quarter
from bench import history
from bench.figures import Figure, say
from bench.place import Base, Place

RESIDENTS = 100_000
DAYS = 30
_FEWER = 10
_MOST_MEMORY = 1.2
_FLOOR = """
CREATE TABLE summed (
  resident_id bytea PRIMARY KEY, reduction_mg bigint NOT NULL, acts bigint NOT NULL
);
INSERT INTO summed
  SELECT resident_id, sum(reduction_mg), count(*) FROM activity
  WHERE earned_on BETWEEN '{first}' AND '{last}' AND recorded_at < '{last}'::date + 16
  GROUP BY resident_id
"""


def closing(place: Place) -> Iterator[Figure]:
    """Everybody has two acts on each of the quarter's last thirty days."""
    residents = place.scaled(RESIDENTS, 1000)
    with place.base("few") as base:
        _, least, _ = _closed(base, residents // _FEWER)
    with place.base("many") as base:
        seconds, peak, floor = _closed(base, residents)
    acts = residents * DAYS * len(history.TAPS)
    yield Figure(
        f"closing a quarter, {residents:,} residents, {acts:,} acts", "residents/s",
        residents / seconds, residents / floor, "one INSERT of the sums by resident",
    )  # fmt: skip
    yield Figure(
        "closing a quarter, memory", "MB", peak / 1000, least / 1000,
        f"{residents // _FEWER:,} residents", most=_MOST_MEMORY,
    )  # fmt: skip


def _closed(base: Base, residents: int) -> tuple[float, int, float]:
    """Close a quarter of so many residents: seconds, the peak in kilobytes, the floor's seconds."""
    quarter = _due(base)
    days = [quarter.last - timedelta(days=n) for n in reversed(range(DAYS))]
    history.make(base, residents, days)
    floor = _summed(base, quarter)
    say(f"closing: {residents:,} residents")
    began = time.perf_counter()
    printed, peaks = base.watch("flask", "--app", "wsgi", "credit", "close", str(quarter))
    seconds = time.perf_counter() - began
    (told,) = json.loads(printed)["quarters"]
    assert told["residents"] == residents, told
    return seconds, peaks.stop()[0], floor


def _due(base: Base) -> Quarter:
    """The last quarter whose day of closing is over."""
    with base.work() as work:
        last = Quarter.of(work.today).plus(-1)
        return last if grades.closes_on(work, last) < work.today else last.plus(-1)


def _summed(base: Base, quarter: Quarter) -> float:
    statements = _FLOOR.format(first=quarter.first, last=quarter.last)
    with base.session() as db:
        began = time.perf_counter()
        db.execute(statements)
        seconds = time.perf_counter() - began
        db.execute("DROP TABLE summed")
    return seconds
