"""What earns: every behaviour of the city, what one act of it is worth today, and its law."""

from typing import Any

from flask import Response
from flask_babel import lazy_pgettext as _p

from app.pages import asking
from app.pages.resident import naming, wording
from app.pages.resident.around import blp
from app.pages.resident.remarks import remark
from app.pages.screens import shown

_PLAUSIBLE = {
    "quantity": _p("plausible", "Quantity"),
    "minutes": _p("plausible", "Minutes"),
    "speed_kmh": _p("plausible", "Kilometres an hour"),
    "same_station_minutes": _p("plausible", "Minutes between entry and exit at the same station"),
}


@blp.get("/behaviours")
def behaviours() -> Response:
    """All of them by category, those first that have earned something for me marked."""
    sums = asking.get("/v1/me/reductions", by="behaviour")["items"]
    by_category: dict[str, list[dict[str, Any]]] = {}
    for each in naming.catalogue().values():
        by_category.setdefault(each["category"], []).append(each)
    return shown(
        "resident/behaviours.html",
        by_category=by_category,
        done={each["key"] for each in sums},
        example=wording.example,
    )


@blp.get("/behaviours/<code>")
def behaviour(code: str) -> Response:
    """One of them: method, dated values, limits, what it takes."""
    return shown(
        "resident/behaviour.html",
        found=asking.get(f"/v1/behaviours/{code}"),
        example=wording.example,
        measured=wording.measured,
        choice=naming.choice,
        plausible=_PLAUSIBLE,
        remark=remark,
    )
