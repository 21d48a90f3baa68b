"""What one act would be worth alone: the closed set of methods, as pure functions."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from app.activities import household
from app.activities.model import Act
from app.activities.tariff import (
    NO_HOME,
    Home,
    Tariff,
    Values,
    Worth,
    nothing,
    rate,
    simple,
    tariff,
)
from app.kernel import MILLI
from app.rulebook import Behaviour, Rulebook

Method = Callable[[Tariff, Act, Home], Worth]


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
    if not (behaviour.eligible or behaviour.minimum):
        return None
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


def _per_unit(t: Tariff, act: Act, _home: Home) -> Worth:
    return simple(t, act, t.rate("reduction", lambda v: v["reduction"]))


def _by_distance(act: Act) -> bool:
    # Only an electric bus is known by the kilometre; a provider that says nothing means electric.
    energy = act.evidence.get("vehicle_energy", "electric")
    return act.quantity is not None and energy == "electric"


def _per_unit_or_flat(t: Tariff, act: Act, home: Home) -> Worth:
    if _by_distance(act):
        return _per_unit(t, act, home)
    return Worth(MILLI, None, t.rate("flat", lambda v: v["flat"]))


def _sheets_saved(t: Tariff, act: Act, _home: Home) -> Worth:
    return simple(t, act, t.rate("sheets", lambda v: v["sheets"] * v["sheet"]))


def _case_handled(t: Tariff, act: Act, _home: Home) -> Worth:
    sheets = act.evidence.get("sheets", t.values["sheets"])
    saved = sheets * t.values["sheet"]
    if act.evidence.get("fully_online"):
        saved += t.values["visit"]
    return Worth(MILLI, None, rate(saved))


def _fuel_saved(t: Tariff, _act: Act, _home: Home) -> Worth:
    return Worth(MILLI, None, t.rate("fuel", lambda v: v["fuel"] * v["combustion"]))


def _step_blocks(t: Tariff, act: Act, _home: Home) -> Worth:
    assert act.quantity is not None
    blocks = act.quantity // t.times("block", 1)
    if blocks == 0:
        return nothing("below_minimum")
    return Worth(int(blocks) * MILLI, "blocks", t.rate("reduction", lambda v: v["reduction"]))


def _charging(t: Tariff, act: Act, _home: Home) -> Worth:
    saved = t.rate("saved", lambda v: v["car"] / v["consumption"] - v["grid"])
    return nothing("no_saving") if saved[0] <= 0 else simple(t, act, saved)


def _material_mix(t: Tariff, act: Act, _home: Home) -> Worth:
    material = act.evidence["material"]
    return simple(t, act, t.rate(material, lambda v: v[material]))


def _cup_saved(t: Tariff, _act: Act, _home: Home) -> Worth:
    def grams(v: Values) -> Fraction:
        water = v["wash"] * (v["supply"] + v["wastewater"]) / 1000  # factors are a cubic metre's
        return v["cup"] * v["board"] - water

    return Worth(MILLI, None, t.rate("cup", grams))


_METHODS: Mapping[str, Method] = {
    "per_unit": _per_unit,
    "per_unit_or_flat": _per_unit_or_flat,
    "sheets_saved": _sheets_saved,
    "case_handled": _case_handled,
    "fuel_saved": _fuel_saved,
    "step_blocks": _step_blocks,
    "charging": _charging,
    "daily_meter": household.daily_meter,
    "period_meter": household.period_meter,
    "appliance_year": household.appliance_year,
    "fixture_year": household.fixture_year,
    "material_mix": _material_mix,
    "cup_saved": _cup_saved,
}
METHOD_NAMES = frozenset(_METHODS)


def decimal_text(value: Any) -> str:
    """A number of the rules as plain text, without an exponent."""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
