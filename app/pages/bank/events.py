"""What the bank was told without asking: consents that ended, grades and answers that changed."""

from flask import Response, request
from flask_babel import gettext as _

from app.pages.asking import get, post
from app.pages.bank.around import blp, grades
from app.pages.screens import go, once, shown, tell


@blp.get("/events")
def events() -> Response:
    """All of it in the order in which it was told."""
    found = get("/v1/credit/events", after=request.args.get("cursor"))
    rows, cursor = found["items"], found["next_cursor"]
    return shown("bank/events.html", rows=rows, cursor=cursor, grades=grades() if rows else {})


@blp.post("/events/<event_id>/replay")
def replay(event_id: str) -> Response:
    """Have one sent again to the bank's system."""
    answer = post(f"/v1/credit/events/{event_id}/replay", key=once())
    tell(answer, _("It is being sent to your system again."))
    return go("pages.bank.events")
