"""Working days of the city: weekends, public holidays, and the Saturdays that make up for them."""

from datetime import date, timedelta

import pytest

from app import rulebook
from app.rulebook import Calendar
from tests.rules.packs import WEIHAI

CALENDAR = rulebook.load(WEIHAI).calendar


@pytest.mark.parametrize(
    ("opened", "due"),
    [
        (date(2026, 3, 10), date(2026, 3, 13)),  # a Tuesday
        (date(2026, 3, 13), date(2026, 3, 18)),  # over a weekend
        (date(2026, 3, 14), date(2026, 3, 18)),  # a Saturday counts from Monday on
        (date(2025, 9, 30), date(2025, 10, 11)),  # National Day week, and a Saturday worked
        (date(2025, 10, 4), date(2025, 10, 11)),  # within that week
        (date(2026, 2, 13), date(2026, 2, 25)),  # a Saturday worked, then the Spring Festival
        (date(2025, 12, 30), date(2026, 1, 5)),  # the turn of the year, a Sunday worked
        (date(2028, 10, 1), date(2028, 10, 4)),  # a year of which nothing is known
    ],
)
def test_three_working_days_after_a_day(opened: date, due: date) -> None:
    assert CALENDAR.after(opened, 3) == due
    assert CALENDAR.is_working(due)


def test_seven_working_days_stay_within_twenty_days() -> None:
    day, last = date(2025, 1, 1), date(2027, 12, 31)
    while day <= last:
        assert (CALENDAR.after(day, 7) - day).days <= 20
        day += timedelta(days=1)


def test_without_a_calendar_monday_to_friday_are_worked() -> None:
    empty = Calendar()
    assert empty.years == ()
    assert not empty.is_working(date(2026, 10, 10))
    assert empty.is_working(date(2026, 10, 1))


def test_a_calendar_is_no_part_of_what_scores() -> None:
    book = rulebook.load(WEIHAI)
    assert book.calendar.years == (2025, 2026)
    assert "calendar.toml" not in book.text
