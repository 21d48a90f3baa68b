"""The cockpit: how the account is doing, for a wall and for a telephone; and the other desks."""

from flask import Response, request

from app.pages.asking import get
from app.pages.operator import drawing
from app.pages.operator.around import blp
from app.pages.screens import shown
from app.pages.showing import today

_WALL_SECONDS = "60"


@blp.get("")
def home() -> Response:
    """What matters now. On a wall (`?wall=1`) it renews itself; leaving that view stops it."""
    wall = request.args.get("wall") == "1"
    city = get("/v1/reports/city", month=request.args.get("month") or None)
    now = get("/v1/reports/cockpit")
    answer = shown(
        "operator/home.html",
        city=city,
        now=now,
        wall=wall,
        days=drawing.by_day(city),
        categories=drawing.by_category(city),
        behaviours=drawing.behaviours(city),
        benefits=drawing.benefits(city, now),
        months=drawing.months(today(), city["month"]),
        told=drawing.told,
        tonnes=drawing.tonnes,
    )
    if wall:
        answer.headers["Refresh"] = _WALL_SECONDS
    return answer


@blp.get("/more")
def more() -> Response:
    """The desks that have no tab."""
    return shown("operator/more.html")
