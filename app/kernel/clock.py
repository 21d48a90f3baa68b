"""Time. `SystemClock.now` is the only place that asks the machine what time it is."""

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from typing import Protocol


class Clock(Protocol):
    """Whoever can say what time it is: an aware instant in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class FixedClock:
    """A clock that stands where it was put: rehearsals, golden cases, tests."""

    instant: datetime

    def now(self) -> datetime:
        return self.instant


def local_day(instant: datetime, zone: tzinfo) -> date:
    """The calendar day of an aware instant in the city's zone."""
    return instant.astimezone(zone).date()


def local_midnight(day: date, zone: tzinfo) -> datetime:
    """The first instant of a local day, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def add_months(day: date, months: int) -> date:
    """The same day of the month `months` later (or earlier), or that month's last day."""
    years, month0 = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month0 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
