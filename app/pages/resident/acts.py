"""What a resident did, and why each act earned what it did."""

from decimal import Decimal
from typing import Any

from flask import Response, request

from app.pages import asking
from app.pages.resident import naming, wording
from app.pages.resident.around import blp
from app.pages.screens import shown

_A_SCREEN = 30
_KILO = 1000


@blp.get("/acts")
def acts() -> Response:
    """My acts, the newest first, of some days or of one behaviour where that is asked for."""
    asked = {name: request.args.get(name) or None for name in ("from", "to", "behaviour")}
    query: dict[str, Any] = asked | {"cursor": request.args.get("cursor"), "limit": _A_SCREEN}
    found = asking.get("/v1/me/activities", **query)
    return shown("resident/acts.html", found=found, asked=asked, titles=naming.titles())


@blp.get("/acts/<act_id>")
def act(act_id: str) -> Response:
    """One act: how it was computed, on which sources, and what became of it since."""
    found = asking.get(f"/v1/me/activities/{act_id}")
    worked, outcome = wording.formula(found["formula"]["numbers"])
    return shown(
        "resident/act.html",
        act=found,
        worked=worked,
        outcome=outcome,
        kilograms=Decimal(found["reduction_g"]) / _KILO,
        payer=_payer(found["paid_by"]),
        measured=wording.measured,
        is_instant=naming.is_instant,
        choice=naming.choice,
    )


def _payer(code: str | None) -> Any:
    """The partner that pays an act instead of the city."""
    return None if code is None else asking.get(f"/v1/partners/{code}")
