"""The catalogue: what the rulebook says, as anybody may read it.

All of it is a function of the edition and the day, so it is put together once a day and process.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from fractions import Fraction
from functools import lru_cache
from typing import Any

from app.activities import scoring, valuation
from app.activities.model import Act
from app.kernel import MILLI, NotFound, grams, points
from app.rulebook import Behaviour, Cap, NotInForce, Parameter, Reference, Rulebook, Value

_POINTS_IN_A_KILOGRAM = 100_000_000  # hundredths of a point times milligrams
_HOUSEHOLD = 3
_CONFIDENCES = ("seen", "unverified", "assumption")

# A rulebook cannot be hashed cheaply, its digest can; few editions are open at once.
_BOOKS: dict[str, Rulebook] = {}


def behaviours(rules: Rulebook, today: date) -> dict[str, Any]:
    """Every behaviour in short, with what a typical act earns today."""
    _BOOKS.setdefault(rules.digest, rules)
    items = list(_listed(rules.digest, today).values())
    return {"items": items, "next_cursor": None, "rulebook": rules.digest}


def behaviour(rules: Rulebook, today: date, code: str) -> dict[str, Any]:
    """One behaviour with all of its law. Raises NotFound (unknown_behaviour)."""
    if code not in rules.behaviours:
        raise NotFound("unknown_behaviour", "There is no such behaviour; GET /v1/behaviours.")
    _BOOKS.setdefault(rules.digest, rules)
    return _listed(rules.digest, today)[code] | _detail(rules, rules.behaviours[code])


def rulebook(rules: Rulebook, today: date) -> dict[str, Any]:
    """The edition in force: the city, a point's worth, and how sure its numbers are."""
    pack = rules.pack
    entries = [(each, value) for each in rules.parameters() for value in each.values]
    return {
        "pack": {
            "code": pack.code,
            "name_zh": pack.name_zh,
            "name_en": pack.name_en,
            "zone": pack.zone.key,
            "currency": pack.currency,
        },
        "digest": rules.digest,
        "in_force_since": rules.in_force_from.isoformat(),
        "points_a_kilogram": points(
            _POINTS_IN_A_KILOGRAM // pack.count("milligrams_a_point", today)
        ),
        "behaviours": len(rules.behaviours),
        "parameters": [_parameter(each) for each in pack.parameters.values()],
        "values_by_confidence": {
            word: sum(1 for _, value in entries if value.confidence == word)
            for word in _CONFIDENCES
        },
        "unverified": [
            {
                "source": each.source,
                "name": each.name,
                "title": each.title,
                "unit": each.unit,
                "from": value.since.isoformat(),
                "value": _text(value.value),
                "reference": reference_wire(value.reference),
            }
            for each, value in entries
            if value.confidence == "unverified"
        ],
    }


@lru_cache(maxsize=8)
def _listed(digest: str, today: date) -> Mapping[str, dict[str, Any]]:
    rules = _BOOKS[digest]
    return {code: _brief(rules, each, today) for code, each in rules.behaviours.items()}


def _brief(rules: Rulebook, each: Behaviour, today: date) -> dict[str, Any]:
    example, earned, saved = _example(rules, each, today)
    return {
        "code": each.code,
        "number": each.number,
        "title_zh": each.title_zh,
        "title_en": each.title_en,
        "category": each.category,
        "dimensions": list(each.dimensions),
        "unit": each.unit,
        "points_example": points(earned),
        "reduction_example_g": grams(saved),
        "example": example,
        "caps": [_cap(cap) for cap in each.caps],
        "overlap_groups": list(each.overlap_groups),
        "confirm": each.confirm,
        "in_force_from": max(each.in_force_from, rules.in_force_from).isoformat(),
        "confidence": each.confidence,
    }


def _detail(rules: Rulebook, each: Behaviour) -> dict[str, Any]:
    return {
        "method": each.method,
        "words_en": each.words_en,
        "words_zh": each.words_zh,
        "weights": dict(each.dimensions),
        "quantity_required": each.quantity is not None and each.quantity.required,
        "parameters": [_parameter(p, name) for name, p in each.parameters.items()],
        "evidence": [
            {
                "name": field.name,
                "type": field.type,
                "required": field.required,
                "required_when": {name: list(v) for name, v in field.required_when.items()},
                "choices": list(field.choices),
                "default": None if field.default is None else _text(field.default),
                "keep": field.keep,
                "days": field.days,
            }
            for field in rules.fields(each.code).values()
        ],
        "eligible": _rules(each.eligible),
        "refused": _rules(each.refuse),
        "minimum": _rules({name: (least,) for name, least in each.minimum.items()}),
        "plausible": [
            {"what": name, "low": _text(span.low), "high": _text(span.high)}
            for name, span in each.plausible.items()
        ],
        "unchecked": list(each.unchecked),
        "notes": list(each.notes),
        "rulebook": rules.digest,
    }


def _rules(conditions: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
    return [
        {"what": name, "values": [_text(value) for value in values]}
        for name, values in conditions.items()
    ]


def _text(value: Any) -> str | None:
    if value is None:
        return None
    return str(value).lower() if isinstance(value, bool) else valuation.decimal_text(value)


def _cap(cap: Cap) -> dict[str, Any]:
    return {
        "name": cap.name,
        "period": cap.period,
        "unit": cap.unit,
        "limit": _text(cap.limit),
        "where": {name: list(values) for name, values in cap.where.items()},
        "by": cap.by,
        "note": cap.note,
        "confidence": cap.confidence,
        "reference": reference_wire(cap.reference),
    }


def _parameter(parameter: Parameter, name: str | None = None) -> dict[str, Any]:
    return {
        "name": name or parameter.name,
        "title": parameter.title,
        "unit": parameter.unit,
        "source": parameter.source,
        "values": [_value(each) for each in parameter.values],
    }


def _value(value: Value) -> dict[str, Any]:
    correction = value.correction
    return {
        "from": value.since.isoformat(),
        "value": _text(value.value),
        "confidence": value.confidence,
        "reference": reference_wire(value.reference),
        "approved_by": list(value.approved_by),
        "correction": correction
        and {"reason": correction.reason, "approved_by": list(correction.approved_by)},
    }


def reference_wire(reference: Reference) -> dict[str, str | None]:
    """Where a number was read, as it is shown everywhere."""
    return {"title": reference.title, "clause": reference.clause, "url": reference.url}


# What a typical act is in words, its quantity in thousandths, and its evidence beside what makes
# it eligible.
_Typical = tuple[str, int | None, dict[str, Any]]

# A typical act of each method: what it is, and what it earns, scored like any other.


def _example(rules: Rulebook, each: Behaviour, today: date) -> tuple[str, int, int]:
    """What a typical act is in words, its points today in hundredths, and its milligrams (nothing
    out of force)."""
    evidence: dict[str, Any] = {name: values[0] for name, values in each.eligible.items()}
    words, quantity, more = _typical(each, today)
    act = Act(
        b"example",
        b"",
        each.code,
        today,
        datetime(today.year, today.month, today.day, 12, tzinfo=UTC),
        quantity,
        evidence | more,
    )
    if not valuation.in_force(rules, act):
        return words, 0, 0
    found = scoring.score(rules, [act], None, {})[act.id]
    return words, found.points, found.reduction_mg


def _typical(each: Behaviour, today: date) -> _Typical:
    special = _SPECIAL.get(each.method)
    if special is not None:
        return special(_Values(each, today))
    unit = each.unit
    if each.method == "per_unit_or_flat":
        return f"1 {each.parameters['flat'].unit.rpartition('/')[2]}", None, {}
    if unit is not None:
        return f"1 {unit}", MILLI, {}
    noun = next((cap.unit for cap in each.caps if cap.counts_acts), "acts")
    return f"1 {noun.removesuffix('es' if noun.endswith('sses') else 's')}", None, {}


class _Values:
    """The numbers of a behaviour today; nothing where none is in force."""

    def __init__(self, each: Behaviour, today: date) -> None:
        self.each = each
        self.today = today

    def milli(self, name: str) -> int:
        """A parameter in thousandths."""
        try:
            return int(Fraction(self.each.parameters[name].at(self.today).number) * MILLI)
        except (KeyError, NotInForce):
            return 0


def _steps(values: _Values) -> _Typical:
    block = values.milli("block")
    return f"{block // MILLI} steps", block, {}


def _day_of_meter(values: _Values) -> _Typical:
    used = values.milli("baseline") * _HOUSEHOLD - MILLI
    words = f"1 kWh below the baseline on a day, {_HOUSEHOLD} persons"
    return words, None, {"meter": "", "kwh": used, "household_size": _HOUSEHOLD}


def _period_of_meter(values: _Values) -> _Typical:
    day = values.today.isoformat()
    evidence = {
        "meter": "",
        "period_start": day,
        "period_end": day,
        "household_size": _HOUSEHOLD,
        "m3": 19 * MILLI,
        "m3_same_period_last_year": 20 * MILLI,
    }
    return "1 m3 less than in the same period of last year", None, evidence


def _appliance(_: _Values) -> _Typical:
    evidence = {
        "product_type": "refrigerator",
        "label_kwh_year": 200 * MILLI,
        "reference_kwh_year": 300 * MILLI,
    }
    return "1 refrigerator that saves 100 kWh a year, released over it", None, evidence


def _fixture(values: _Values) -> _Typical:
    litres = values.milli("grade1_litres")
    evidence = {"label_litres": litres, "household_size": _HOUSEHOLD}
    return f"1 device of grade 1, {_HOUSEHOLD} persons, released over a year", None, evidence


_SPECIAL: Mapping[str, Callable[[_Values], _Typical]] = {
    "step_blocks": _steps,
    "daily_meter": _day_of_meter,
    "period_meter": _period_of_meter,
    "appliance_year": _appliance,
    "fixture_year": _fixture,
    "case_handled": lambda _: ("1 case handled fully online", None, {"fully_online": True}),
    "material_mix": lambda _: ("1 kg of plastic", MILLI, {"material": "plastic"}),
}
__all__ = ["behaviour", "behaviours", "reference_wire", "rulebook"]
