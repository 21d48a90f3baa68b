"""Working days, and how long an answer to an objection may take: `calendar.toml` → `Calendar`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from app.rulebook.model import NotInForce, Parameter
from app.rulebook.parameters import judge_numbers, read_parameter, refuse_end, whole_wrong
from app.rulebook.reading import Table

HOLIDAYS, WORKING = "holidays", "working_weekends"
ANSWER, EXTENDED, LATEST = "answer_days", "extended_days", "latest_days"
_DAYS = (HOLIDAYS, WORKING)
_COUNTS = {ANSWER: "working day", EXTENDED: "working day", LATEST: "day"}
_SPAN = re.compile(r"(\d{4}-\d\d-\d\d)(?:/(\d{4}-\d\d-\d\d))?", re.ASCII)
_SATURDAY = 5
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Calendar:
    """The city's working days; Monday to Friday for a year of which the pack says nothing.

    Parameters: `holidays` and `working_weekends`, of which an entry holds for the year it begins;
    `answer_days`, `extended_days` (working days) and `latest_days`.
    """

    parameters: Mapping[str, Parameter] = field(default_factory=dict)

    @cached_property
    def years(self) -> tuple[int, ...]:
        """The years whose holidays are known."""
        found = self.parameters.get(HOLIDAYS)
        return tuple(entry.since.year for entry in found.values) if found else ()

    @property
    def every_parameter(self) -> tuple[Parameter, ...]:
        """Each dated parameter once."""
        return tuple(self.parameters.values())

    @cached_property
    def _named(self) -> Mapping[str, frozenset[date]]:
        return {
            name: frozenset(
                day
                for entry in self.parameters[name].values
                for day in _days(str(entry.value))
                if day is not None
            )
            for name in _DAYS
            if name in self.parameters
        }

    def is_working(self, day: date) -> bool:
        """Whether offices work on a day."""
        if day in self._named.get(HOLIDAYS, ()):
            return False
        return day.weekday() < _SATURDAY or day in self._named.get(WORKING, ())

    def after(self, day: date, count: int) -> date:
        """The working day that is `count` working days after a day, which does not count."""
        while count:
            day += _DAY
            count -= self.is_working(day)
        return day

    def count(self, name: str, day: date) -> int:
        """A number of days as it was on a day. Raises NotInForce."""
        if name not in self.parameters:
            raise NotInForce(name, day)
        return int(self.parameters[name].at(day).number)


def read_calendar(table: Table) -> Calendar:
    """The calendar of `calendar.toml`; faults are noted in the table's list."""
    found: dict[str, Parameter] = {}
    for inner in table.tables("parameters"):
        found[inner.name] = _parameter(inner)
    for name in (*_DAYS, *_COUNTS):
        if name not in found:
            table.wrong(f"parameters.{name}", "missing, every calendar says it")
    table.done()
    return Calendar(found)


def _parameter(table: Table) -> Parameter:
    name = table.name
    if name in _DAYS:
        found = read_parameter(table, name, ("day",), _read_days)
        _judge_years(table, found)
    elif name in _COUNTS:
        found = read_parameter(table, name, (_COUNTS[name],))
        judge_numbers(table, found, _judge)
        refuse_end(table, found)
    else:
        table.wrong("", "the calendar takes no such parameter")
        found = Parameter(name, "", None, (), table.file)
    return found


def _judge(_: Parameter, number: Decimal) -> str | None:
    return "must be above zero" if number == 0 else whole_wrong(number)


def _judge_years(table: Table, found: Parameter) -> None:
    """An entry is of one year, and begins with it."""
    for position, entry in enumerate(found.values):
        if entry.value is None:
            table.wrong(f"values[{position}].ended", "a year without entry needs no end")
        elif (entry.since.month, entry.since.day) != (1, 1):
            table.wrong(f"values[{position}].from", "an entry begins with its year")
        elif any(day and day.year != entry.since.year for day in _days(str(entry.value))):
            table.wrong(f"values[{position}].value", f"holds a day outside {entry.since.year}")
        elif found.name == WORKING and any(
            day and day.weekday() < _SATURDAY for day in _days(str(entry.value))
        ):
            table.wrong(f"values[{position}].value", "holds a day that is no Saturday or Sunday")


def _read_days(table: Table) -> str:
    """An entry that lists days and spans of days: "2026-01-01/2026-01-03 2026-04-06"."""
    said = table.text("value")
    if None in _days(said):
        table.wrong("value", f"{said!r} is no list of days such as 2026-01-01/2026-01-03")
        return ""
    return said


def _days(said: str) -> Iterator[date | None]:
    """The days of such a list; None for what is none."""
    for each in said.split():
        match = _SPAN.fullmatch(each)
        try:
            ends = [date.fromisoformat(end) for end in match.groups() if end] if match else []
        except ValueError:
            ends = []
        if not ends or ends[0] > ends[-1]:
            yield None
            continue
        for offset in range((ends[-1] - ends[0]).days + 1):
            yield ends[0] + offset * _DAY
