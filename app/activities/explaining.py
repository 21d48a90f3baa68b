"""How a value came about, in words with the act's own numbers. Pure.

Each method of `valuation` has its sentence here, which also tells which parameters it used. What
is said is read from the same dated values; nothing is computed a second way but the baseline of a
meter, which `valuation` does not give away.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from app.activities.model import Act
from app.activities.periods import same_period_last_year
from app.activities.tariff import Home, Worth, tariff
from app.activities.valuation import decimal_text
from app.kernel import MILLI, add_months, grams, unmeasured
from app.rulebook import Behaviour, NotInForce, Rulebook


class Explanation(NamedTuple):
    """The formula with its numbers, without caps; the names of the parameters in it."""

    numbers: str
    used: tuple[str, ...]


class _Speaker:
    """Says parameters as they were on the act's day, and remembers which it was asked for."""

    def __init__(self, rules: Rulebook, act: Act, home: Home, worth: Worth) -> None:
        self.behaviour: Behaviour = rules.behaviours[act.behaviour]
        self.values: Mapping[str, Fraction] = tariff(rules, act.behaviour, act.earned_on).values
        self.act = act
        self.home = home
        self.worth = worth
        self.used: list[str] = []

    def say(self, name: str) -> str:
        """`80 gCO2/trip`."""
        parameter = self.behaviour.parameters[name]
        self.use(name)
        number = decimal_text(parameter.at(self.act.earned_on).value)
        return number if parameter.unit == "1" else f"{number} {parameter.unit}"

    def use(self, name: str) -> None:
        """Note a parameter that decided without standing in the formula."""
        if name not in self.used:
            self.used.append(name)

    def amount(self, name: str) -> str:
        """What was measured, or the one act, in the denominator of a parameter."""
        if self.act.quantity is not None and self.behaviour.quantity is not None:
            return f"{unmeasured(self.act.quantity)} {self.behaviour.quantity.unit}"
        return f"1 {self.behaviour.parameters[name].unit.rpartition('/')[2]}"

    def told(self, name: str) -> str:
        """A decimal of the evidence as text."""
        return unmeasured(self.act.evidence[name])

    def netted(self, unit: str, days: list[date]) -> str:
        """What efficient devices are expected to save on these days, where there is any."""
        saved = sum(
            (
                a_day
                for kind, since, a_day in self.home.devices
                for day in days
                if kind == unit and since <= day < add_months(since, 12)
            ),
            Fraction(0),
        )
        return f" − {measure_text(saved)} {unit} paid with a device" if saved else ""


def measure_text(measure: int | Fraction) -> str:
    """Thousandths as text; what lies below a thousandth is left out."""
    return unmeasured(int(measure))


def explain(rules: Rulebook, act: Act, home: Home, worth: Worth) -> Explanation:
    """How an act is valued alone: `1 trip × 80 gCO2/trip = 80.000 g`."""
    speaker = _Speaker(rules, act, home, worth)
    if worth.reason not in {None, "no_saving"}:
        used = (name for name in speaker.values if name not in speaker.behaviour.alternatives)
        return Explanation(f"0.000 g ({worth.reason})", tuple(used))
    try:
        formula = _FORMULAS[speaker.behaviour.method](speaker)
    except NotInForce:
        return Explanation("0.000 g (not_in_force)", tuple(speaker.values))
    if worth.reason:
        return Explanation(f"{formula}: nothing saved, 0.000 g", tuple(speaker.used))
    found = grams(worth.milligrams(worth.measure))
    return Explanation(f"{formula} = {found} g", tuple(speaker.used))


def _per_unit(s: _Speaker) -> str:
    return f"{s.amount('reduction')} × {s.say('reduction')}"


def _per_unit_or_flat(s: _Speaker) -> str:
    # Only what is valued by distance has a unit; a flat value counts the act.
    if s.worth.unit is not None:
        return _per_unit(s)
    noun = s.behaviour.parameters["flat"].unit.rpartition("/")[2]
    return f"1 {noun} × {s.say('flat')}"


def _sheets_saved(s: _Speaker) -> str:
    first = "" if s.act.quantity is None else f"{s.amount('sheets')} × "
    return f"{first}{s.say('sheets')} × {s.say('sheet')}"


def _case_handled(s: _Speaker) -> str:
    told = s.act.evidence.get("sheets")
    sheets = s.say("sheets") if told is None else f"{told} sheet"
    visit = f" + 1 visit × {s.say('visit')}" if s.act.evidence.get("fully_online") else ""
    return f"{sheets} × {s.say('sheet')}{visit}"


def _fuel_saved(s: _Speaker) -> str:
    return f"1 pass × {s.say('fuel')} × {s.say('combustion')}"


def _step_blocks(s: _Speaker) -> str:
    blocks = f"{s.amount('reduction')} ÷ {s.say('block')} → {measure_text(s.worth.measure)} whole"
    return f"{blocks} blocks × {s.say('reduction')}"


def _charging(s: _Speaker) -> str:
    return f"{s.amount('grid')} × ({s.say('car')} ÷ {s.say('consumption')} − {s.say('grid')})"


def _daily_meter(s: _Speaker) -> str:
    evidence, day = s.act.evidence, s.act.earned_on
    persons = evidence["household_size"]
    s.use("vacancy")
    base = f"{s.say('baseline')} × {persons} persons"
    if evidence["kwh"] > s.values["baseline"] * persons * MILLI:
        past = [
            s.home.readings.get((evidence["meter"], day - timedelta(days=n)))
            for n in range(1, int(s.values["history"]) + 1)
        ]
        known = [reading for reading in past if reading is not None]
        mean = Fraction(sum(known), len(known)) if known else Fraction(0)
        base = f"{measure_text(mean)} kWh as the mean of {s.say('history')}s before"
    car = f" − {s.told('ev_kwh')} kWh of a car" if evidence.get("ev_kwh") else ""
    saved = f"({base} − {s.told('kwh')} kWh{car}{s.netted('kWh', [day])})"
    s.use("share")
    return f"{saved} × {s.say('grid')}"


def _period_meter(s: _Speaker) -> str:
    evidence = s.act.evidence
    first = date.fromisoformat(evidence["period_start"])
    days = (date.fromisoformat(evidence["period_end"]) - first).days + 1
    span = [first + timedelta(days=n) for n in range(days)]
    saved = f"({_period_base(s, days)} − {s.told('m3')} m3{s.netted('m3', span)})"
    if "vacancy" in s.values:
        s.use("vacancy")
    s.use("share")
    return f"{saved} × {_sum_of(s, 'supply', 'wastewater', 'combustion')}"


def _period_base(s: _Speaker, days: int) -> str:
    evidence = s.act.evidence
    if evidence.get("m3_same_period_last_year") is not None:
        return f"{s.told('m3_same_period_last_year')} m3 a year before"
    if "baseline" in s.values:
        return f"{s.say('baseline')} × {evidence.get('household_size', 0)} persons × {days} days"
    ends = (date.fromisoformat(evidence[name]) for name in ("period_start", "period_end"))
    since, until = same_period_last_year(*ends)
    key = (evidence["meter"], since.isoformat(), until.isoformat())
    return f"{measure_text(s.home.periods.get(key, 0))} m3 on this meter a year before"


def _sum_of(s: _Speaker, *names: str) -> str:
    said = [s.say(name) for name in names if name in s.values]
    return said[0] if len(said) == 1 else f"({' + '.join(said)})"


def _appliance_year(s: _Speaker) -> str:
    s.use("parts")
    if s.act.evidence["product_type"] == "air_conditioner":
        s.use("grade1_apf")
        apf = f"(1 ÷ {s.say('reference_apf')} − 1 ÷ {s.told('apf')})"
        return f"{s.say('cooling_hours')} × {s.told('rated_kw')} kW × {apf} × {s.say('grid')}"
    year = f"{s.told('reference_kwh_year')} kWh − {s.told('label_kwh_year')} kWh"
    return f"({year}) × {s.say('grid')}"


def _fixture_year(s: _Speaker) -> str:
    s.use("parts")
    s.use("grade1_litres")
    litres = f"({s.say('reference_litres')} − {s.told('label_litres')} L/use)"
    uses = f"{s.say('uses')} × {s.act.evidence['household_size']} persons × 365 days"
    return f"{litres} × {uses} ÷ 1000 × {_sum_of(s, 'supply', 'wastewater')}"


def _material_mix(s: _Speaker) -> str:
    material = s.act.evidence["material"]
    return f"{s.amount(material)} × {s.say(material)}"


def _cup_saved(s: _Speaker) -> str:
    water = f"{s.say('wash')} × {_sum_of(s, 'supply', 'wastewater')} ÷ 1000"
    return f"1 cup × {s.say('cup')} × {s.say('board')} − {water}"


_FORMULAS: Mapping[str, Callable[[_Speaker], str]] = {
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
EXPLAINED = frozenset(_FORMULAS)
