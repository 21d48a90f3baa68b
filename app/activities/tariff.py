"""What the rules say of a behaviour on a day, exact and ready to be multiplied. Pure.

A `Worth` is a measure (kilometres, kilowatt-hours, or the act itself) and an exact rate in
milligrams for each thousandth of it, so that caps can cut the measure and rounding happens once,
afterwards, downward. Parameters are those of the day the act counts for.
"""

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from app.activities.model import Act, Measure
from app.kernel import MILLI
from app.rulebook import Behaviour, NotInForce, Rulebook
from app.rulebook.vocabulary import CAP_UNIT_OF_QUANTITY

Values = Mapping[str, Fraction]
Rate = tuple[int, int]


class Worth(NamedTuple):
    """`rate` is (numerator, denominator) of milligrams a thousandth of the measure."""

    measure: Measure
    unit: str | None
    rate: Rate
    reason: str | None = None
    ceiling: Measure | None = None
    parts: int = 1
    a_day: Fraction = Fraction(0)

    def milligrams(self, allowed: Measure) -> int:
        """The one rounding: downward, to the milligram."""
        return allowed.numerator * self.rate[0] // (allowed.denominator * self.rate[1])


class Home(NamedTuple):
    """What meters need beside the act: readings by (meter, day) and (meter, period), and the
    year-long expected savings of devices by (behaviour, first day, thousandths a day)."""

    readings: Mapping[tuple[str, date], int]
    periods: Mapping[tuple[str, str, str], int]
    devices: tuple[tuple[str, date, Fraction], ...]


NO_HOME = Home({}, {}, ())


class Tariff(NamedTuple):
    """A behaviour on a day: its parameters resolved. A parameter without a value is absent.

    `rates` and `amounts` remember what was made of them: exact arithmetic is slow, and a night's
    file asks for the same few numbers a million times.
    """

    behaviour: Behaviour
    day: date
    values: Values
    rates: dict[str, Rate]
    amounts: dict[tuple[str, int], Measure]

    def rate(self, name: str, grams: Callable[[Values], Fraction]) -> Rate:
        """Grams a unit (or an act) as milligrams a thousandth of it; `name` is the sum's own."""
        found = self.rates.get(name)
        if found is None:
            found = self.rates[name] = rate(grams(self.values))
        return found

    def times(self, name: str, count: int) -> Measure:
        """A parameter so many times, in thousandths; a whole number as such."""
        found = self.amounts.get((name, count))
        if found is None:
            exact = self.values[name] * count * MILLI
            found = exact.numerator if exact.denominator == 1 else exact
            self.amounts[name, count] = found
        return found


# A rulebook cannot be hashed cheaply, its digest can; few editions are open at once.
_BOOKS: dict[str, Rulebook] = {}


def known(rules: Rulebook) -> str:
    """The digest of a rulebook, by which `book` finds it: what a cached function is asked with."""
    if rules.digest not in _BOOKS:
        _BOOKS[rules.digest] = rules
    return rules.digest


def book(digest: str) -> Rulebook:
    """A rulebook that is `known`."""
    return _BOOKS[digest]


@lru_cache(maxsize=8192)
def _tariff(digest: str, code: str, day: date) -> Tariff:
    behaviour = book(digest).behaviours[code]
    values: dict[str, Fraction] = {}
    for name, parameter in behaviour.parameters.items():
        try:
            values[name] = Fraction(parameter.at(day).number)
        except NotInForce:
            continue
    return Tariff(behaviour, day, values, {}, {})


def tariff(rules: Rulebook, code: str, day: date) -> Tariff:
    """The parameters of a behaviour in force on a day."""
    return _tariff(known(rules), code, day)


def rate(grams: Fraction) -> Rate:
    """Grams a unit as milligrams a thousandth of the unit: the same number."""
    return grams.numerator, grams.denominator


def nothing(reason: str) -> Worth:
    """Valid, but worth nothing, and why."""
    return Worth(MILLI, None, (0, 1), reason)


def simple(t: Tariff, act: Act, a_unit: Rate) -> Worth:
    """A rate for each unit of quantity, or for the act where nothing is measured."""
    if act.quantity is None:
        return Worth(MILLI, None, a_unit)
    assert t.behaviour.quantity is not None
    return Worth(act.quantity, CAP_UNIT_OF_QUANTITY.get(t.behaviour.quantity.unit), a_unit)
