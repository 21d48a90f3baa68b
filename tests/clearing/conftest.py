"""A city that owes a bus company: lines, days and files in a few words."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from app import clearing
from app.clearing import File, Line, Shape
from app.kernel import FixedClock, Ids, local_day
from app.plumbing import Actor, House, Page

TESTER = Actor("test")
BOOK = "merchant"
SHAPE = Shape("redemption", "red", ("store", "benefit", "funder", "cash"))
ALL = Page(200, None, None, None)
MONDAY = date(2026, 3, 9)  # the clock of the tests stands at noon of the tenth


def reference(n: int) -> bytes:
    return n.to_bytes(16)


@dataclass
class Town:
    """The book of merchants on one database."""

    house: House
    clock: FixedClock
    made: Any = field(default_factory=lambda: count(1))

    def do(self, use: Callable[..., Any], *args: Any, **more: Any) -> Any:
        """One use case in a work of its own."""
        with self.house.work(TESTER) as work:
            return use(work, *args, **more)

    def line(
        self,
        n: int,
        amount: int = 199,
        kind: str = "redemption",
        at: datetime | None = None,
        party: str = "bus",
        funder: str = "city",
    ) -> Line:
        """A line of the clock's instant, or another, of reference `n`."""
        at = at or self.clock.instant
        zone = self.house.rules.pack.zone
        told = {"store": "sto_1", "benefit": "one_cent_bus_ride", "funder": funder, "cash": "0.01"}
        made = Ids(self.clock.instant, next(self.made))()
        day = local_day(at, zone)
        return Line(made, BOOK, party, day, at, kind, reference(n), amount, told)

    def add(self, *lines: Line) -> None:
        self.do(clearing.add, lines)

    def close(self, day: date, party: str = "bus") -> File | None:
        return self.do(clearing.close, BOOK, party, day, SHAPE, day + timedelta(days=2))

    def file(self, day: date, party: str = "bus") -> File:
        return self.do(clearing.file, BOOK, party, day)

    def content(self, found: File, kind: str = "csv") -> bytes:
        return self.do(clearing.content, found.id, kind)

    def stands_on(self, day: date) -> None:
        """Set the clock to noon of a day in the city."""
        self.clock.instant = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


@pytest.fixture
def town(house: House, clock: FixedClock) -> Town:
    """A town on Monday the ninth of March."""
    found = Town(house, clock)
    found.stands_on(MONDAY)
    return found
