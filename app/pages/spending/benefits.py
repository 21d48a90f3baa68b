"""What points buy: the list, one benefit with all its terms, and taking it."""

from decimal import Decimal
from typing import Any

from babel.dates import get_day_names
from flask import Response, request
from flask_babel import get_locale
from flask_babel import gettext as _

from app.pages import asking
from app.pages.screens import go, once, shown
from app.pages.showing import missing, today
from app.pages.spending.around import blp

_WEEK = 7


@blp.get("/benefits")
def benefits() -> Response:
    """All benefits, or those of a category: what can be had now first, then by what is missing."""
    every = asking.get("/v1/benefits")["items"]
    mine = asking.get("/v1/me/points")
    chosen = request.args.get("category", "")
    found = [each for each in every if chosen in ("", each["category"])]
    found.sort(key=lambda each: _rank(each, mine["available"]))
    categories = dict.fromkeys(each["category"] for each in every)
    return shown(
        "spending/benefits.html", found=found, mine=mine, chosen=chosen, categories=categories
    )


def _rank(benefit: dict[str, Any], available: str) -> tuple[bool, Decimal]:
    """Where a benefit stands in the list; those of one rank stay in the order of their price."""
    return not benefit["available"], missing(benefit["points"], available) or Decimal(0)


@blp.get("/benefits/<benefit_id>")
def benefit(benefit_id: str) -> Response:
    """One benefit: price, where and when, limits, what comes back, who set the price."""
    return _drawn(benefit_id)


@blp.post("/benefits/<benefit_id>")
def take(benefit_id: str) -> Response:
    """Take it, once, and see the voucher."""
    answer = asking.post("/v1/me/vouchers", {"benefit_id": benefit_id}, key=once())
    if answer.good:
        return go("pages.spending.voucher", voucher_id=answer.body["id"])
    return _drawn(benefit_id, answer.body)


def _drawn(benefit_id: str, problem: Any = None) -> Response:
    found = asking.get(f"/v1/benefits/{benefit_id}")
    mine = asking.get("/v1/me/points")
    return shown(
        "spending/benefit.html",
        found=found,
        mine=mine,
        after=Decimal(mine["available"]) - Decimal(found["points"]),
        price_value=_in_force(found["values"].get("price", [])),
        problem=problem,
    )


def _in_force(values: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The newest of dated values that has begun."""
    day = today().isoformat()
    begun = [each for each in values if each["from"] <= day]
    return max(begun, key=lambda each: str(each["from"]), default=None)


def weekdays(days: list[int]) -> str:
    """Days of the week (1 Monday) in words; days in a row by the first and the last."""
    names = get_day_names("abbreviated", locale=get_locale())
    said = [str(names[day - 1]) for day in days]
    if len(days) == _WEEK:
        return str(_("every day"))
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        return str(_("%(first)s to %(last)s", first=said[0], last=said[-1]))
    return str(_(", ")).join(said)


blp.add_app_template_filter(weekdays)
