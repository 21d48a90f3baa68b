"""What else waits at the city's desk: alerts, differences, payouts, messages to parties."""

from flask import Response, request
from flask_babel import gettext as _

from app.pages.asking import get, post
from app.pages.labels import KINDS
from app.pages.operator.around import blp
from app.pages.screens import go, once, shown, tell


def _listed(name: str, usual: str = "", **query: str) -> Response:
    """A list of the API by its status, `usual` if none is asked for."""
    status = request.args.get("status", usual)
    cursor = request.args.get("cursor")
    found = get(f"/v1/{name}", status=status or None, cursor=cursor, **query)
    return shown(f"operator/{name}.html", found=found, status=status, **query)


def _book() -> str:
    """Which book is open: of merchants, unless it is of partners."""
    asked = request.args.get("book", "merchant")
    return asked if asked in KINDS["book"] else "merchant"


@blp.get("/alerts")
def alerts() -> Response:
    """Patterns that look like abuse."""
    return _listed("alerts", "open")


@blp.get("/differences")
def differences() -> Response:
    """What parties count otherwise than we."""
    return _listed("differences", "open", book=_book())


@blp.get("/payouts")
def payouts() -> Response:
    """What is to be paid, and what was."""
    return _listed("payouts", "due", book=_book())


@blp.get("/webhooks")
def webhooks() -> Response:
    """What parties were told, and what became of it."""
    return _listed("webhooks")


@blp.post("/webhooks/<event_id>/replay")
def replay(event_id: str) -> Response:
    """Send a message again."""
    answer = post(f"/v1/webhooks/{event_id}/replay", key=once())
    tell(answer, _("It is sent again."))
    return go("pages.operator.webhooks", status=request.form.get("status") or None)
