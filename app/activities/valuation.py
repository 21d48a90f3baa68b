"""What one act would be worth alone: the closed set of methods, as pure functions.

A `Worth` is a measure (kilometres, kilowatt-hours, or the act itself) and an exact rate in
milligrams for each thousandth of it, so that caps can cut the measure and rounding happens once,
afterwards, downward. Parameters are those of the day the act counts for.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

from app.activities.model import Act, Measure
from app.kernel import MILLI, add_months
from app.rulebook import Behaviour, NotInForce, Rulebook
from app.rulebook.vocabulary import CAP_UNIT_OF_QUANTITY

YEAR_DAYS = 365
_MONTH_DAYS = 30


class Worth(NamedTuple):
    """`rate` is (numerator, denominator) of milligrams a thousandth of the measure."""

    measure: Measure
    unit: str | None
    rate: tuple[int, int]
    reason: str | None = None
    ceiling: Measure | None = None
    parts: int = 1
    a_day: Fraction = Fraction(0)

    def milligrams(self, allowed: Measure) -> int:
        """The one rounding: downward, to the milligram."""
        return int(allowed * self.rate[0] // self.rate[1])


class Home(NamedTuple):
    """What meters need beside the act: readings by (meter, day) and (meter, period), and the
    year-long expected savings of devices by (behaviour, first day, thousandths a day)."""

    readings: Mapping[tuple[str, date], int]
    periods: Mapping[tuple[str, str, str], int]
    devices: tuple[tuple[str, date, Fraction], ...]


NO_HOME = Home({}, {}, ())


class Tariff(NamedTuple):
    """A behaviour on a day: its parameters resolved. A parameter without a value is absent."""

    behaviour: Behaviour
    day: date
    values: Mapping[str, Fraction]

    def grams(self, name: str) -> Fraction | None:
        """A parameter in milligrams where the rules say grams."""
        found = self.values.get(name)
        return None if found is None else found * 1000


Method = Callable[[Tariff, Act, Home], Worth]


@lru_cache(maxsize=8192)
def _tariff(digest: str, code: str, day: date) -> Tariff:
    behaviour = _BOOKS[digest].behaviours[code]
    values: dict[str, Fraction] = {}
    for name, parameter in behaviour.parameters.items():
        try:
            values[name] = Fraction(parameter.at(day).number)
        except NotInForce:
            continue
    return Tariff(behaviour, day, values)


# A rulebook cannot be hashed cheaply, its digest can; few editions are open at once.
_BOOKS: dict[str, Rulebook] = {}


def tariff(rules: Rulebook, code: str, day: date) -> Tariff:
    """The parameters of a behaviour in force on a day."""
    _BOOKS.setdefault(rules.digest, rules)
    return _tariff(rules.digest, code, day)


def nothing(reason: str) -> Worth:
    """Valid, but worth nothing, and why."""
    return Worth(MILLI, None, (0, 1), reason)


def worth(rules: Rulebook, act: Act, home: Home = NO_HOME) -> Worth:
    """What an act is worth before overlap with others is cut and caps are applied."""
    found = tariff(rules, act.behaviour, act.earned_on)
    reason = _barred(found.behaviour, act)
    if reason:
        return nothing(reason)
    try:
        return _METHODS[found.behaviour.method](found, act, home)
    except KeyError:
        return nothing("not_in_force")


def in_force(rules: Rulebook, act: Act) -> bool:
    """Whether every parameter this act would use has a value on its day."""
    if act.earned_on < rules.in_force_from:
        return False
    found = tariff(rules, act.behaviour, act.earned_on)
    if found.behaviour.alternatives:
        name = "reduction" if _by_distance(act) else "flat"
        return name in found.values
    return len(found.values) == len(found.behaviour.parameters)


def _barred(behaviour: Behaviour, act: Act) -> str | None:
    evidence = act.evidence
    for name, allowed in behaviour.eligible.items():
        value = evidence.get(name)
        if value is not None and value not in allowed:
            return "not_eligible"
    for name, least in behaviour.minimum.items():
        value = act.quantity if name == "quantity" else evidence.get(name)
        if value is not None and value < least * MILLI:
            return "below_minimum"
    return None


def _rate(milligrams_a_unit: Fraction) -> tuple[int, int]:
    a_thousandth = milligrams_a_unit / MILLI
    return a_thousandth.numerator, a_thousandth.denominator


def _simple(t: Tariff, act: Act, milligrams_a_unit: Fraction) -> Worth:
    """A rate for each unit of quantity, or for the act where nothing is measured."""
    if act.quantity is None:
        return Worth(MILLI, None, _rate(milligrams_a_unit))
    assert t.behaviour.quantity is not None
    unit = CAP_UNIT_OF_QUANTITY.get(t.behaviour.quantity.unit)
    return Worth(act.quantity, unit, _rate(milligrams_a_unit))


def _per_unit(t: Tariff, act: Act, _home: Home) -> Worth:
    return _simple(t, act, t.values["reduction"] * 1000)


def _by_distance(act: Act) -> bool:
    # Only an electric bus is known by the kilometre; a provider that says nothing means electric.
    energy = act.evidence.get("vehicle_energy", "electric")
    return act.quantity is not None and energy == "electric"


def _per_unit_or_flat(t: Tariff, act: Act, home: Home) -> Worth:
    if _by_distance(act):
        return _per_unit(t, act, home)
    return Worth(MILLI, None, _rate(t.values["flat"] * 1000))


def _sheets_saved(t: Tariff, act: Act, _home: Home) -> Worth:
    return _simple(t, act, t.values["sheets"] * t.values["sheet"] * 1000)


def _case_handled(t: Tariff, act: Act, _home: Home) -> Worth:
    sheets = act.evidence.get("sheets", t.values["sheets"])
    saved = sheets * t.values["sheet"]
    if act.evidence.get("fully_online"):
        saved += t.values["visit"]
    return Worth(MILLI, None, _rate(saved * 1000))


def _fuel_saved(t: Tariff, _act: Act, _home: Home) -> Worth:
    return Worth(MILLI, None, _rate(t.values["fuel"] * t.values["combustion"] * 1000))


def _step_blocks(t: Tariff, act: Act, _home: Home) -> Worth:
    assert act.quantity is not None
    blocks = act.quantity // (t.values["block"] * MILLI)
    if blocks == 0:
        return nothing("below_minimum")
    return Worth(int(blocks) * MILLI, "blocks", _rate(t.values["reduction"] * 1000))


def _charging(t: Tariff, act: Act, _home: Home) -> Worth:
    saved = t.values["car"] / t.values["consumption"] - t.values["grid"]
    return nothing("no_saving") if saved <= 0 else _simple(t, act, saved * 1000)


def _daily_meter(t: Tariff, act: Act, home: Home) -> Worth:
    evidence, persons = act.evidence, act.evidence["household_size"]
    used = evidence["kwh"]
    if used < t.values["vacancy"] * persons * MILLI:
        return nothing("not_eligible")
    base = t.values["baseline"] * persons * MILLI
    if used > base:
        days = [act.earned_on - timedelta(days=n) for n in range(1, int(t.values["history"]) + 1)]
        past = [home.readings.get((evidence["meter"], day)) for day in days]
        known = [reading for reading in past if reading is not None]
        if len(known) < len(days):
            return nothing("history_too_short")
        base = Fraction(sum(known), len(known))
    saving = base - used - evidence.get("ev_kwh", 0) - _netted(home, "kWh", act.earned_on)
    return _metered(saving, base, t.values["share"], "kWh", t.values["grid"])


def _netted(home: Home, unit: str, day: date) -> Fraction:
    """What efficient devices are expected to save on a day: it is paid with the device."""
    return sum(
        (
            saved
            for kind, since, saved in home.devices
            if kind == unit and since <= day < add_months(since, 12)
        ),
        Fraction(0),
    )


def _metered(saving: Measure, base: Measure, share: Fraction, unit: str, grams: Fraction) -> Worth:
    if saving <= 0:
        return nothing("no_saving")
    return Worth(saving, unit, _rate(grams * 1000), None, base * share)


def _period_meter(t: Tariff, act: Act, home: Home) -> Worth:
    evidence = act.evidence
    first = date.fromisoformat(evidence["period_start"])
    last = date.fromisoformat(evidence["period_end"])
    days, used = (last - first).days + 1, evidence["m3"]
    persons = evidence.get("household_size", 0)
    least = t.values.get("vacancy", Fraction(0)) * persons * MILLI * days / _MONTH_DAYS
    if used < least:
        return nothing("not_eligible")
    base = _same_period(t, act, home, first, last, days * persons)
    if base is None:
        return nothing("history_too_short")
    span = [first + timedelta(days=n) for n in range(days)]
    saving = base - used - sum(_netted(home, "m3", day) for day in span)
    factors = ("supply", "wastewater", "combustion")
    grams = sum((t.values[name] for name in factors if name in t.values), Fraction(0))
    return _metered(saving, base, t.values["share"], "m3", grams)


def _same_period(
    t: Tariff, act: Act, home: Home, first: date, last: date, person_days: int
) -> Measure | None:
    told = act.evidence.get("m3_same_period_last_year")
    if told is not None:
        return int(told)
    if "baseline" in t.values:
        return t.values["baseline"] * person_days * MILLI
    past = (add_months(first, -12).isoformat(), add_months(last, -12).isoformat())
    return home.periods.get((act.evidence["meter"], *past))


def _appliance_year(t: Tariff, act: Act, _home: Home) -> Worth:
    evidence = act.evidence
    if evidence["product_type"] == "air_conditioner":
        kw, apf = Fraction(evidence["rated_kw"]), Fraction(evidence["apf"], MILLI)
        if apf < t.values["grade1_apf"]:
            return nothing("not_eligible")
        saving = t.values["cooling_hours"] * kw * (1 / t.values["reference_apf"] - 1 / apf)
    else:
        saving = Fraction(evidence["reference_kwh_year"] - evidence["label_kwh_year"])
    return _device(saving, "kWh", t.values["grid"], t)


def _fixture_year(t: Tariff, act: Act, _home: Home) -> Worth:
    evidence = act.evidence
    litres = Fraction(evidence["label_litres"], MILLI)
    if litres > t.values["grade1_litres"]:
        return nothing("not_eligible")
    uses = t.values["uses"] * evidence["household_size"] * YEAR_DAYS
    saving = (t.values["reference_litres"] - litres) * uses  # litres are thousandths of a m3
    return _device(saving, "m3", t.values["supply"] + t.values["wastewater"], t)


def _device(saving: Fraction, unit: str, grams: Fraction, t: Tariff) -> Worth:
    if saving <= 0:
        return nothing("no_saving")
    parts = int(t.values.get("parts", Fraction(12)))
    return Worth(saving, unit, _rate(grams * 1000), None, None, parts, saving / YEAR_DAYS)


def _material_mix(t: Tariff, act: Act, _home: Home) -> Worth:
    return _simple(t, act, t.values[act.evidence["material"]] * 1000)


def _cup_saved(t: Tariff, _act: Act, _home: Home) -> Worth:
    v = t.values
    water = v["wash"] * (v["supply"] + v["wastewater"]) / 1000  # factors are a cubic metre's
    return Worth(MILLI, None, _rate((v["cup"] * v["board"] - water) * 1000))


_METHODS: Mapping[str, Method] = {
    "per_unit": _per_unit,
    "per_unit_or_flat": _per_unit_or_flat,
    "sheets_saved": _sheets_saved,
    "case_handled": _case_handled,
    "fuel_saved": _fuel_saved,
    "step_blocks": _step_blocks,
    "charging": _charging,
    "daily_meter": _daily_meter,
    "period_meter": _period_meter,
    "appliance_year": _appliance_year,
    "fixture_year": _fixture_year,
    "material_mix": _material_mix,
    "cup_saved": _cup_saved,
}
METHOD_NAMES = frozenset(_METHODS)


def decimal_text(value: Any) -> str:
    """A number of the rules as plain text, without an exponent."""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
