"""The resident's first page: what there is to spend, how this month goes, what comes next."""

from typing import Any

from flask import Response

from app.pages import asking
from app.pages.resident import figures, naming
from app.pages.resident.around import blp
from app.pages.screens import shown
from app.pages.showing import today

_NEWEST = 3
_READY = ("issued", "shown")
_MOST = 100


@blp.get("")
def home() -> Response:
    """What matters now."""
    acts = asking.get("/v1/me/activities", limit=_NEWEST)["items"]
    return shown(
        "resident/home.html",
        me=asking.get("/v1/me"),
        points=asking.get("/v1/me/points"),
        acts=acts,
        titles=naming.titles() if acts else {},
        linked=bool(acts) or bool(asking.get("/v1/me/bindings", limit=1)["items"]),
        ready=_ready(),
        **_month(),
        **_grade(),
    )


def _ready() -> int:
    """How many vouchers can be used."""
    lists = [asking.get("/v1/me/vouchers", status=each, limit=_MOST) for each in _READY]
    return sum(each["status"] in _READY for found in lists for each in found["items"])


def _month() -> dict[str, Any]:
    """This month beside the last."""
    this = today().replace(day=1)
    last = figures.month_before(this)
    span = {"by": "month", "from": last.isoformat()}
    sums = asking.get("/v1/me/reductions", **span)["items"]
    names = this.isoformat()[:7], last.isoformat()[:7]
    return {"months": names, "compared": figures.compared(sums, *names)}


def _grade() -> dict[str, Any]:
    grade = asking.get("/v1/me/grade")
    return {"grade": grade, "ahead": figures.ahead(grade["current"], grade["thresholds"])}
