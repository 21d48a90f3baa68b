"""Exchange: an amount, the rate shown, yes; then how it went."""

from decimal import Decimal
from typing import Any

from flask import Response, jsonify, request

from app.pages import asking, language
from app.pages.screens import field, go, once, shown
from app.pages.spending.around import blp
from app.pages.spending.partners import open_link


def _unit(amount: dict[str, str]) -> str:
    """The unit of one side of an exchange, as the visitor reads."""
    return amount["unit"] if language.chosen() == language.ENGLISH else amount["unit_zh"]


blp.add_app_template_filter(_unit, "side_unit")


@blp.get("/partners/<code>/exchange")
def exchange(code: str) -> Response:
    """How much, and which way; with an amount, what it would be by the rate of this minute."""
    asked = {name: request.args.get(name, "").strip() for name in ("direction", "amount")}
    if not asked["amount"]:
        return _form(code, asked)
    answer = asking.post("/v1/me/exchanges/quote", {"partner": code, **asked})
    if not answer.good:
        return _form(code, asked, answer.body)
    return _quote(code, asked, answer.body)


def _form(code: str, asked: dict[str, str], problem: Any = None) -> Response:
    found = asking.get(f"/v1/partners/{code}")
    mine = asking.get("/v1/me/points")
    ways = [way for way in ("out", "in") if (found["rates"][way] or {}).get("value")]
    return shown(
        "spending/exchange.html",
        found=found,
        mine=mine,
        ways=ways,
        asked=asked,
        link=open_link(code),
        problem=problem,
    )


def _quote(code: str, asked: dict[str, str], quote: dict[str, Any]) -> Response:
    mine = asking.get("/v1/me/points")
    kept = Decimal(asked["amount"]) - Decimal(quote["gives"]["amount"])
    return shown(
        "spending/quote.html",
        found=asking.get(f"/v1/partners/{code}"),
        asked=asked,
        quote=quote,
        mine=mine,
        kept=kept if kept > 0 else None,
        after=_after(mine["available"], quote),
    )


def _after(available: str, quote: dict[str, Any]) -> Decimal:
    """What would be there to spend, whatever has to be paid first."""
    if quote["direction"] == "out":
        return Decimal(available) - Decimal(quote["gives"]["amount"])
    return Decimal(available) + Decimal(quote["gets"]["amount"])


@blp.post("/partners/<code>/exchange")
def agree(code: str) -> Response:
    """Yes to the rate that was shown."""
    asked = {name: field(name) or "" for name in ("direction", "amount")}
    body = {"partner": code, **asked, "quote": field("quote") or None}
    answer = asking.post("/v1/me/exchanges", body, key=once())
    if not answer.good:
        return _form(code, asked, answer.body)
    return go("pages.spending.exchanged", exchange_id=answer.body["id"])


@blp.get("/exchanges")
def exchanges() -> Response:
    """My exchanges, the newest first."""
    page = asking.get("/v1/me/exchanges", cursor=request.args.get("cursor"))
    return shown("spending/exchanges.html", found=page["items"], cursor=page["next_cursor"])


@blp.get("/exchanges/<exchange_id>")
def exchanged(exchange_id: str) -> Response:
    """How one exchange stands."""
    found = asking.get(f"/v1/me/exchanges/{exchange_id}")
    return shown("spending/exchanged.html", found=found)


@blp.get("/exchanges/<exchange_id>/state")
def exchange_state(exchange_id: str) -> Response:
    """Whether an exchange still waits, for the script of its page."""
    status = asking.get(f"/v1/me/exchanges/{exchange_id}")["status"]
    return jsonify(waiting=status == "held")
