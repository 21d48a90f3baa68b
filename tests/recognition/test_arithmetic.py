"""Value that moves: never above the exact fraction, never a whole unit lost, never a gain there and
back."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel import BadQuantity
from app.recognition.arithmetic import (
    into,
    lot_day,
    out,
    read_units,
    step,
    units_text,
)

AMOUNTS = st.integers(0, 100_000_000)
PLACES = st.integers(0, 3)
PARTS = st.integers(1, 1_000_000)
RATES = st.builds(Fraction, PARTS, PARTS)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Fraction, Fraction]:
    """An out rate and an in rate that the loader admits: the first is not above the second."""
    return tuple(sorted([draw(RATES), draw(RATES)]))


def test_t7_135_units_at_13_5_to_1_are_10_points() -> None:
    assert into(135, Fraction(27, 2), 0) == (1000, 135)


@pytest.mark.parametrize(
    ("most", "rate", "places", "moved"),
    [
        (1000, "13", 0, (1000, 130)),
        (1007, "13", 0, (1000, 130)),  # 7 hundredths buy nothing: they stay
        (1008, "13", 0, (1008, 131)),  # 131 units take 1007.69…
        (100, "12/5", 1, (100, 24)),
        (7, "13", 0, (0, 0)),
        (100, "95", 0, (100, 95)),
    ],
)
def test_points_that_go_out(most: int, rate: str, places: int, moved: tuple[int, int]) -> None:
    assert out(most, Fraction(rate), places) == moved


@pytest.mark.parametrize(
    ("most", "rate", "places", "moved"),
    [
        (136, "27/2", 0, (1007, 136)),
        (1, "27/2", 0, (7, 1)),
        (100, "100", 0, (100, 100)),
        (25, "5/2", 1, (100, 25)),
        (1005, "1000", 0, (100, 1000)),  # a hundredth costs ten: five stay there
        (9, "1000", 0, (0, 0)),
    ],
)
def test_units_that_come_in(most: int, rate: str, places: int, moved: tuple[int, int]) -> None:
    assert into(most, Fraction(rate), places) == moved


@given(AMOUNTS, RATES, PLACES)
def test_nobody_gets_more_than_the_exact_fraction(most: int, rate: Fraction, places: int) -> None:
    worth = step(rate, places)
    gone, come = out(most, rate, places), into(most, rate, places)
    assert gone.units <= gone.points * worth
    assert come.points <= come.units / worth


@given(AMOUNTS, RATES, PLACES)
def test_less_than_one_smallest_unit_of_either_side_is_lost(
    most: int, rate: Fraction, places: int
) -> None:
    worth = step(rate, places)
    for moved in (out(most, rate, places), into(most, rate, places)):
        assert abs(moved.points * worth - moved.units) < 1
        assert abs(moved.units / worth - moved.points) < 1


@given(AMOUNTS, RATES, PLACES)
def test_no_more_is_taken_than_was_offered_and_what_stays_would_have_bought_nothing(
    most: int, rate: Fraction, places: int
) -> None:
    worth = step(rate, places)
    gone = out(most, rate, places)
    assert gone.points <= most
    assert most * worth < gone.units + 1
    assert out(gone.points, rate, places) == gone
    come = into(most, rate, places)
    assert come.units <= most
    assert most / worth < come.points + 1
    assert into(come.units, rate, places) == come


@given(AMOUNTS, AMOUNTS, RATES, PLACES)
def test_two_exchanges_give_no_more_than_one(
    one: int, other: int, rate: Fraction, places: int
) -> None:
    both = out(one, rate, places).units + out(other, rate, places).units
    assert both <= out(one + other, rate, places).units
    came = into(one, rate, places).points + into(other, rate, places).points
    assert came <= into(one + other, rate, places).points


@given(AMOUNTS, pairs(), PLACES)
def test_there_and_back_gains_nothing_whichever_way_it_begins(
    most: int, rates: tuple[Fraction, Fraction], places: int
) -> None:
    out_rate, in_rate = rates
    gone = out(most, out_rate, places)
    assert into(gone.units, in_rate, places).points <= gone.points
    come = into(most, in_rate, places)
    assert out(come.points, out_rate, places).units <= come.units


@given(AMOUNTS, PLACES)
def test_units_are_written_as_they_are_read(units: int, places: int) -> None:
    if units <= 1_000_000 * 10**places:
        assert read_units(units_text(units, places), places) == units


@pytest.mark.parametrize(
    ("text", "places"), [("1.5", 0), ("1.25", 1), ("", 0), ("1e3", 0), ("1000001", 0), (7, 0)]
)
def test_what_is_no_amount_of_units(text: object, places: int) -> None:
    with pytest.raises(BadQuantity):
        read_units(text, places)


def test_whole_units_may_be_written_with_noughts() -> None:
    assert read_units("135.00", 0) == 135
    assert units_text(-75, 1) == "-7.5"
    assert units_text(-7, 3) == "-0.007"


@pytest.mark.parametrize(
    ("day", "months", "end"),
    [
        ("2026-03-10", 12, "2027-03-31"),
        ("2026-04-01", 12, "2027-06-30"),
        ("2026-11-30", 3, "2027-03-31"),
        ("2024-02-29", 12, "2025-03-31"),
    ],
)
def test_points_that_came_in_live_to_the_end_of_a_quarter(day: str, months: int, end: str) -> None:
    assert lot_day(date.fromisoformat(day), months) == date.fromisoformat(end)
