"""The arithmetic of exchange: exact fractions, rounded once, downward, on the side that gets. Pure.

Points are hundredths; a partner's value comes in its smallest unit (`places` decimals). A rate is
the partner's whole units for one city point, whichever way value moves.
"""

from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from app.kernel import CENTI, BadQuantity, add_months, measured

_MOST_PLACES = 3
_QUARTER = 3


class Moved(NamedTuple):
    """What an exchange moves: `points` in hundredths, `units` in the partner's smallest unit."""

    points: int
    units: int


def step(rate: Fraction, places: int) -> Fraction:
    """How many of the partner's smallest units one hundredth of a point is worth."""
    return rate * int(10**places) / CENTI


def out(most: int, rate: Fraction, places: int) -> Moved:
    """What at most `most` hundredths of a point become at the partner.

    The units are the exact fraction without its rest; of the points only as many are taken as it
    takes to get them, so that what would buy no further unit stays where it is.
    """
    worth = step(rate, places)
    units = _down(most * worth)
    return Moved(_up(units / worth), units)


def into(most: int, rate: Fraction, places: int) -> Moved:
    """What at most `most` of the partner's smallest units become here; the same the other way."""
    worth = step(rate, places)
    points = _down(most / worth)
    return Moved(points, _up(points * worth))


def _down(exact: Fraction) -> int:
    return exact.numerator // exact.denominator


def _up(exact: Fraction) -> int:
    return -(-exact.numerator // exact.denominator)


def read_units(text: object, places: int) -> int:
    """`"7.5"` with one place → 75. Raises `BadQuantity` for more places or no plain decimal."""
    rest = int(10 ** (_MOST_PLACES - places))
    whole, left = divmod(measured(text), rest)
    if left:
        raise BadQuantity(text)
    return whole


def units_text(units: int, places: int) -> str:
    """75 with one place → `"7.5"`; always all places."""
    if not places:
        return str(units)
    sign, rest = ("-", -units) if units < 0 else ("", units)
    whole, part = divmod(rest, 10**places)
    return f"{sign}{whole}.{part:0{places}d}"


def lot_day(day: date, months: int) -> date:
    """The last day of the quarter in which points that came in on `day` reach their age."""
    end = add_months(day, months)
    first = date(end.year, (end.month - 1) // _QUARTER * _QUARTER + 1, 1)
    return add_months(first, _QUARTER) - timedelta(days=1)
