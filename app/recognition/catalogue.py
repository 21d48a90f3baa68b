"""What the pack says of partner platforms, as anybody may read it."""

from datetime import date
from typing import Any

from app.kernel import points
from app.rulebook import NotInForce, Parameter, Platform, Recognition, Value

RATES = ("out_rate", "in_rate")
_OF_POINTS = ("out_daily", "out_monthly", "in_daily", "in_monthly", "net_cap", "least")


def partners(found: Recognition, today: date) -> dict[str, Any]:
    """Every platform in short."""
    items = [_short(each, today) for each in found.platforms.values()]
    return {"items": items, "next_cursor": None, "digest": found.digest}


def partner(found: Platform, today: date) -> dict[str, Any]:
    """One platform, with every dated value and its source, and what a resident agrees to."""
    agreed = found.consent
    return _short(found, today) | {
        "legal_name": found.legal_name,
        "values": {name: _values(each) for name, each in sorted(found.parameters.items())},
        "consent": {
            "version": agreed.version,
            "digest": agreed.digest.hex(),
            "purpose_zh": agreed.purpose_zh,
            "purpose_en": agreed.purpose_en,
            "text_zh": agreed.text_zh,
            "text_en": agreed.text_en,
            "data": list(agreed.data),
            "months": agreed.months,
        },
        "notes": list(found.notes),
    }


def _short(found: Platform, today: date) -> dict[str, Any]:
    return {
        "code": found.code,
        "title_zh": found.title_zh,
        "title_en": found.title_en,
        "unit_zh": found.unit_zh,
        "unit_en": found.unit_en,
        "places": found.places,
        "rates": {name.removesuffix("_rate"): _rate(found, name, today) for name in RATES},
        "quotas": {name: _quota(found, name, today) for name in _OF_POINTS},
        "behaviours": [
            {
                "code": code,
                "level": each.level,
                "priority": each.priority,
                "totals": each.totals,
            }
            for code, each in sorted(found.behaviours.items())
        ],
        "consent_version": found.consent.version,
    }


def _rate(found: Platform, name: str, today: date) -> dict[str, Any] | None:
    """The rate in force; None: nothing is exchanged this way today."""
    try:
        value = found.parameters[name].at(today)
    except NotInForce:
        return None
    return _value(value, found.parameters[name].unit)


def _quota(found: Platform, name: str, today: date) -> str | None:
    try:
        return points(found.hundredths(name, today))
    except NotInForce:
        return None


def _values(parameter: Parameter) -> list[dict[str, Any]]:
    return [_value(each, parameter.unit) for each in parameter.values]


def _value(each: Value, unit: str) -> dict[str, Any]:
    source = each.reference
    return {
        "from": each.since.isoformat(),
        "value": None if each.value is None else str(each.value),
        "unit": unit,
        "confidence": each.confidence,
        "approved_by": list(each.approved_by),
        "reference": {"title": source.title, "clause": source.clause, "url": source.url},
    }
