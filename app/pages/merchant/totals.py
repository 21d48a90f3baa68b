"""Totals by benefit between two days."""

from typing import Any

from flask import Response, request

from app.pages.asking import ask
from app.pages.charts import shares
from app.pages.language import in_words
from app.pages.merchant.around import blp, names
from app.pages.screens import shown
from app.pages.showing import money, today


@blp.get("/totals")
def totals() -> Response:
    """This month's, unless two days are asked for."""
    first = request.args.get("from") or str(today().replace(day=1))
    last = request.args.get("to") or str(today())
    days: dict[str, Any] = {"from": first, "to": last}
    answer = ask("GET", "/v1/redemptions/totals", **days)
    span = {"first": first, "last": last}
    if not answer.good:
        return shown("merchant/totals.html", problem=answer.body, **span)
    known = names()
    items = [
        each | {"title": in_words(known.get(each["benefit"], {})) or each["benefit"]}
        for each in answer.body["items"]
    ]
    drawn = shares([(each["title"], each["owed"]) for each in items], money)
    return shown("merchant/totals.html", found=answer.body, items=items, drawn=drawn, **span)
