"""The signatures of the closed set of valuation methods.

Only what a rule file must offer to each method stands here; the arithmetic is keyed by the same
names and lives where acts are valued. A unit of grams is written `gCO2/x` (combustion and power
only) or `gCO2e/x` (all gases); which of the two it is belongs to the number, so both are known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Units = frozenset[str]


def _grams(*denominators: str) -> Units:
    return frozenset(f"{gas}/{unit}" for unit in denominators for gas in ("gCO2", "gCO2e"))


def _only(*units: str) -> Units:
    return frozenset(units)


@dataclass(frozen=True, slots=True)
class Method:
    """What a method takes.

    `parameters` names each with the units it understands; `optional` ones may be left out;
    of `alternatives` an act uses one, of `some_of` a rule file gives at least one; `quantities`
    are the units of quantity it values (None: the act itself); `measures` are the units besides
    the quantity's own in which it counts towards caps; `evidence` are fields it reads.
    """

    name: str
    parameters: Mapping[str, Units]
    quantities: frozenset[str | None]
    optional: frozenset[str] = frozenset()
    alternatives: tuple[str, ...] = ()
    some_of: frozenset[str] = frozenset()
    measures: Units = frozenset()
    evidence: frozenset[str] = field(default=frozenset())


_ACT: frozenset[str | None] = frozenset({None})
_ONE = _only("1")

_ALL = (
    Method(
        "per_unit",
        {
            "reduction": _grams("km", "person-km", "kg", "box")
            | _grams("statement", "card", "payment", "bill", "order", "device")
        },
        frozenset({None, "km", "kg", "box"}),
    ),
    Method(
        "per_unit_or_flat",
        {"reduction": _grams("km", "person-km"), "flat": _grams("trip", "ride")},
        frozenset({"km"}),
        alternatives=("reduction", "flat"),
    ),
    Method(
        "sheets_saved",
        {"sheets": _only("sheet"), "sheet": _grams("sheet")},
        frozenset({None, "invoice"}),
    ),
    Method(
        "case_handled",
        {"sheet": _grams("sheet"), "visit": _grams("visit"), "sheets": _only("sheet")},
        _ACT,
        evidence=frozenset({"fully_online", "sheets"}),
    ),
    Method(
        "fuel_saved",
        {"fuel": _only("L/pass"), "combustion": _grams("L")},
        _ACT,
    ),
    Method(
        "step_blocks",
        {"block": _only("step"), "reduction": _grams("block")},
        frozenset({"step"}),
        measures=_only("blocks"),
        evidence=frozenset({"day", "device"}),
    ),
    Method(
        "charging",
        {"car": _grams("km"), "consumption": _only("kWh/km"), "grid": _grams("kWh")},
        frozenset({"kWh"}),
    ),
    Method(
        "daily_meter",
        {
            "baseline": _only("kWh/person-day"),
            "vacancy": _only("kWh/person-day"),
            "share": _ONE,
            "history": _only("day"),
            "grid": _grams("kWh"),
        },
        _ACT,
        measures=_only("kWh"),
        evidence=frozenset({"meter", "day", "kwh", "household_size", "ev_kwh"}),
    ),
    Method(
        "period_meter",
        {
            "supply": _grams("m3"),
            "wastewater": _grams("m3"),
            "combustion": _grams("m3"),
            "baseline": _only("m3/person-day"),
            "vacancy": _only("m3/person-month"),
            "share": _ONE,
        },
        _ACT,
        optional=frozenset({"supply", "wastewater", "combustion", "baseline", "vacancy"}),
        some_of=frozenset({"supply", "wastewater", "combustion"}),
        measures=_only("m3"),
        evidence=frozenset(
            {"meter", "period_start", "period_end", "m3", "m3_same_period_last_year"}
        ),
    ),
    Method(
        "appliance_year",
        {
            "grid": _grams("kWh"),
            "cooling_hours": _only("h"),
            "reference_apf": _ONE,
            "grade1_apf": _ONE,
            "parts": _ONE,
        },
        _ACT,
        measures=_only("kWh"),
        evidence=frozenset(
            {"product_type", "rated_kw", "apf", "label_kwh_year", "reference_kwh_year"}
        ),
    ),
    Method(
        "fixture_year",
        {
            "supply": _grams("m3"),
            "wastewater": _grams("m3"),
            "reference_litres": _only("L/use"),
            "grade1_litres": _only("L/use"),
            "uses": _only("use/person-day"),
            "parts": _ONE,
        },
        _ACT,
        measures=_only("m3"),
        evidence=frozenset({"product_type", "label_litres", "household_size"}),
    ),
    Method(
        "material_mix",
        {name: _grams("kg") for name in ("plastic", "steel", "aluminium", "glass")},
        frozenset({"kg"}),
        evidence=frozenset({"material"}),
    ),
    Method(
        "cup_saved",
        {
            "cup": _only("g/cup"),
            "board": _only("gCO2e/g"),
            "wash": _only("L/cup"),
            "supply": _grams("m3"),
            "wastewater": _grams("m3"),
        },
        _ACT,
    ),
)
METHODS: Mapping[str, Method] = {method.name: method for method in _ALL}
