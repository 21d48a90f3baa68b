"""What the pack says of credit, as anybody may read it: grades, the scorecard, tables of banks."""

from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from app.rulebook import Bank, CardPart, Credit, NotInForce, Parameter, Product, Scorecard, Value

_CEILINGS = ("online_ceiling", "programme_ceiling", "max_uplift", "max_discount")


def products(credit: Credit, bank: Bank, today: date) -> dict[str, Any]:
    """Every product, with what a bank's table gives for it today."""
    return {
        "items": [_product(each, bank, today) for each in credit.products.values()],
        "next_cursor": None,
        "bank": bank.code,
        "ceilings": [_value(credit.parameters[name], today) for name in _CEILINGS],
        "digest": credit.digest,
    }


def table(bank: Bank, product: str, today: date) -> dict[str, Any] | None:
    """A bank's table of a product with its source; None where it has none today."""
    found = bank.tables.get(product)
    value = None if found is None else _at(found, today)
    if value is None:
        return None
    rows = [row._asdict() for row in bank.rows(product, today)]
    return {"bank": bank.code, "rows": rows} | _source(value)


def scorecard(credit: Credit, today: date) -> dict[str, Any]:
    """How a grade and a factor come about: principle, purpose, inputs, weights, caps, version,
    reasons, and what is not used (R97)."""
    card = credit.scorecard
    return {
        "digest": credit.digest,
        "grades": [
            {"code": each.code, "title_zh": each.title_zh, "title_en": each.title_en}
            | {"above": _value(each.above, today)}
            for each in credit.grades
        ],
        "rules": [_value(each, today) for each in credit.parameters.values()],
        "card": None if card is None else _card(card, today),
        "reasons": [asdict(each) for each in credit.reasons.values()],
    }


def _product(each: Product, bank: Bank, today: date) -> dict[str, Any]:
    return asdict(each) | {
        "purposes": list(each.purposes),
        "notes": list(each.notes),
        "table": table(bank, each.code, today),
    }


def _card(card: Scorecard, today: date) -> dict[str, Any]:
    words = ("version", "title_zh", "title_en", "principle_zh", "principle_en", "purpose_zh")
    release = card.release
    return {name: getattr(card, name) for name in (*words, "purpose_en")} | {
        "most": sum(part.most for part in card.parts),
        "parts": [_part(part, today) for part in card.parts],
        "caps": [_value(each, today) for each in card.parameters.values()],
        "left_out": [asdict(each) for each in card.left_out],
        "never_used": [asdict(each) for each in card.never_used],
        "release": {
            "day": release.day.isoformat(),
            "validation": release.validation._asdict(),
            "assessment": release.assessment._asdict(),
            "approved_by": list(release.approved_by),
        },
        "notes": list(card.notes),
    }


def _part(part: CardPart, today: date) -> dict[str, Any]:
    plain = {name: value for name, value in asdict(part).items() if name != "steps"}
    found = _at(part.steps, today)
    steps = [step._asdict() for step in part.ladder(today)] if found else []
    return plain | {"steps": steps, "source": None if found is None else _source(found)}


def _value(found: Parameter, today: date) -> dict[str, Any]:
    value = _at(found, today)
    said = {"name": found.name, "title": found.title, "unit": found.unit}
    if value is None:
        return said | {"value": None, "source": None}
    number = format(value.value, "f") if isinstance(value.value, Decimal) else value.value
    return said | {"value": number, "source": _source(value)}


def _at(found: Parameter, today: date) -> Value | None:
    try:
        return found.at(today)
    except NotInForce:
        return None


def _source(value: Value) -> dict[str, Any]:
    return {
        "from": value.since.isoformat(),
        "confidence": value.confidence,
        "approved_by": list(value.approved_by),
        "reference": asdict(value.reference),
    }
