"""The desk of objections: by the clock, one case with its explanation, and the answers to it."""

from typing import Any

from flask import Response, abort, request
from flask_babel import gettext as _

from app.pages.asking import get, post
from app.pages.operator.around import blp
from app.pages.operator.naming import behaviours, grades
from app.pages.screens import field, go, once, said, shown

_PATH = "/v1/objections"
_STEPS = {  # what an officer does with a case, and what is typed for it
    "take": ("role",),
    "extend": ("reason",),
    "reject": ("answer", "role"),
}


@blp.get("/objections")
def objections() -> Response:
    """What waits for an answer, what comes due first above."""
    status = request.args.get("status", "open")
    overdue = request.args.get("overdue") == "1"
    found = get(
        _PATH,
        status=status or None,
        overdue="true" if overdue else None,
        cursor=request.args.get("cursor"),
    )
    if status == "open":
        found["items"].sort(key=lambda each: (each["due_on"], each["id"]))
    return shown("operator/objections.html", found=found, status=status, overdue=overdue)


@blp.get("/objections/<objection_id>")
def objection(objection_id: str) -> Response:
    """One case. The API notes the look in the resident's log; the list says so beforehand."""
    found = get(f"{_PATH}/{objection_id}")
    names = {} if found["kind"] != "grade" else {"grades": grades(), "titles": behaviours()}
    return shown("operator/objection.html", found=found, **names)


@blp.get("/objections/<objection_id>/<step>")
def ask_words(objection_id: str, step: str) -> Response:
    """What is typed before a case is taken, extended or rejected, and what that does."""
    return _asked(objection_id, step, {})


@blp.post("/objections/<objection_id>/<step>")
def deal_with(objection_id: str, step: str) -> Response:
    """Take a case, ask for the longer time, or say no."""
    if step not in _STEPS:
        abort(404)
    body = {name: field(name) or "" for name in _STEPS[step]}
    answer = post(f"{_PATH}/{objection_id}/{step}", body, key=once())
    if not answer.good:
        return _asked(objection_id, step, body, problem=answer.body)
    said(_told(step))
    return go("pages.operator.objections")


def _told(step: str) -> str:
    words: dict[str, str] = {
        "take": _("The case is yours."),
        "extend": _("The longer time is noted, and the resident sees your reason."),
        "reject": _("Answered. The resident sees your reasons."),
    }
    return words[step]


def _asked(objection_id: str, step: str, typed: dict[str, str], **more: Any) -> Response:
    if step not in _STEPS:
        abort(404)
    return shown(
        "operator/objection_step.html", objection_id=objection_id, step=step, typed=typed, **more
    )
