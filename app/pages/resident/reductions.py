"""What a resident's acts saved, looked at from five sides."""

from typing import Any

from flask import Response, request

from app.pages import asking, charts
from app.pages.resident import figures, naming, wording
from app.pages.resident.around import blp
from app.pages.screens import shown
from app.pages.showing import day, mass, month, today

SIDES = ("behaviour", "category", "dimension", "day", "month")
_DAYS, _MONTHS = 31, 12


@blp.get("/reductions")
def reductions() -> Response:
    """Sums and a picture of them, by one of five keys."""
    by = request.args.get("by", "behaviour")
    by = by if by in SIDES else SIDES[0]
    found = asking.get("/v1/me/reductions", by=by)
    return shown(
        "resident/reductions.html",
        by=by,
        sides=SIDES,
        found=found,
        measured=wording.measured,
        **_picture(by, found["items"]),
    )


def _picture(by: str, items: list[dict[str, Any]]) -> dict[str, Any]:
    """Columns over time, with the days on which nothing was done; else shares."""
    if by == "day":
        spread = figures.spread(figures.days_until(today(), _DAYS), items)
        return {"drawn": charts.columns([(day(key), grams) for key, grams in spread], mass)}
    if by == "month":
        spread = figures.spread(figures.months_until(today(), _MONTHS), items)
        return {"drawn": charts.columns([(month(key), grams) for key, grams in spread], mass)}
    known = naming.titles()
    rows = [(naming.key_name(by, each["key"], known), each["reduction_g"]) for each in items]
    return {"drawn": charts.shares(rows, mass)}
