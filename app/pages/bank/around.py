"""The blueprint of the bank's pages; only whoever is signed in as one comes in."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from flask import Blueprint

from app.pages.asking import get
from app.pages.labels import label
from app.pages.language import in_words
from app.pages.screens import guard
from app.pages.showing import money, plain

blp = Blueprint("bank", __name__, url_prefix="/bank")
guard(blp, "bank")

CITYS_OWN = "standard"  # whose table counts for a bank that has none
CHANNELS = ("branch", "online", "mixed")
GUARANTEES = ("none", "guarantor", "mortgage", "pledge", "collateral")
DECISIONS = ("granted", "refused", "withdrawn")
# What a form about an offer begins with.
USUAL = {"channel": "branch", "guarantee": "none", "term_months": "12"}


@blp.context_processor
def _choices() -> dict[str, Any]:
    """What there is to choose, for the templates."""
    closed = {"channel": CHANNELS, "guarantee": GUARANTEES, "decision": DECISIONS}
    return {"closed": lambda kind: _named(kind, closed[kind]), "named": _named, "titles": _titles}


def _named(kind: str, codes: Iterable[str]) -> list[tuple[str, str]]:
    return [(code, label(kind, code)) for code in codes]


def _titles(rows: Iterable[dict[str, Any]]) -> list[tuple[str, str]]:
    """Pairs of code and title."""
    return [(each["code"], in_words(each)) for each in rows]


@blp.app_template_filter()
def measured(value: dict[str, Any]) -> str:
    """A value of the rules with its unit."""
    if value["value"] is None:
        return "–"
    if value["unit"] == "CNY":
        return money(value["value"])
    gap = "" if value["unit"] == "percent" else " "
    return f"{plain(value['value'])}{gap}{label('unit', value['unit'])}"


def grades() -> dict[str, dict[str, Any]]:
    """The grades by their codes, to name them."""
    return {each["code"]: each for each in get("/v1/credit/scorecard")["grades"]}


def gains(without: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    """By how much terms are better: yuan of the limit, basis points of the rate."""
    more = Decimal(told["limit"]) - Decimal(without["limit"])
    return {"limit": str(more) if more else None, "rate_bp": without["rate_bp"] - told["rate_bp"]}
