"""Contesting an act, a grade or an inquiry; the answer; adding a word; taking it back."""

from typing import Any

from flask import Response, request
from flask_babel import gettext as _

from app.pages.asking import get, post
from app.pages.rights.around import blp
from app.pages.screens import field, go, once, said, shown, tell

# In the address: what is contested → its kind, where it is read, what may be wished for it.
_KINDS = {
    "act": ("activity", "/v1/me/activities/", ("remove", "correct", "explain", "human_review")),
    "grade": ("grade", "", ("correct", "explain", "human_review")),
    "inquiry": ("inquiry", "/v1/me/inquiries/", ("correct", "explain", "human_review")),
}


@blp.get("/objections")
def objections() -> Response:
    """What I contested, the newest first."""
    found = get("/v1/me/objections", cursor=request.args.get("cursor"))
    return shown("rights/objections.html", rows=found["items"], cursor=found["next_cursor"])


@blp.get("/objections/<objection_id>")
def objection(objection_id: str) -> Response:
    """One of them, with its clock and its answer."""
    return shown("rights/objection.html", objection=_one(objection_id))


def _one(objection_id: str) -> Any:
    return get(f"/v1/me/objections/{objection_id}")


@blp.get("/contest")
def contest() -> Response:
    """What contesting does at once, and the form: `?act=`, `?grade=` or `?inquiry=`."""
    return shown("rights/contest.html", **_contested(request.args))


def _contested(told: Any) -> dict[str, Any]:
    """What is contested, as its resident sees it; an empty `name` where nothing is named."""
    name = next((each for each in _KINDS if told.get(each)), "")
    if not name:
        return {"name": ""}
    kind, path, wishes = _KINDS[name]
    subject = told[name].strip()
    found = get(path + subject) if path else None
    return {"name": name, "kind": kind, "subject": subject, "wishes": wishes, "found": found}


@blp.post("/contest")
def send_contest() -> Response:
    """Contest it."""
    about = _contested(request.form)
    typed = {"reason": field("reason"), "wish": field("wish")}
    if not about["name"]:
        return go("pages.rights.contest")
    body = {"kind": about["kind"], "subject": about["subject"]} | typed
    body = {name: value for name, value in body.items() if value is not None}
    answer = post("/v1/me/objections", body, key=once())
    if answer.good:
        said(_("Contested. A person will answer you."))
        return go("pages.rights.objection", objection_id=answer.body["id"])
    return shown("rights/contest.html", typed=typed, problem=answer.body, **about)


@blp.post("/objections/<objection_id>/comment")
def comment(objection_id: str) -> Response:
    """Add a statement, which is shown with the answer."""
    path = f"/v1/me/objections/{objection_id}/comment"
    answer = post(path, {"comment": field("comment") or ""}, key=once())
    if answer.good:
        said(_("Your statement is kept and shown with the answer."))
        return go("pages.rights.objection", objection_id=objection_id)
    told = {"typed": field("comment"), "problem": answer.body}
    return shown("rights/objection.html", objection=_one(objection_id), **told)


@blp.get("/objections/<objection_id>/withdraw")
def before_withdrawing(objection_id: str) -> Response:
    """What taking it back does."""
    return shown("rights/withdraw.html", objection=_one(objection_id))


@blp.post("/objections/<objection_id>/withdraw")
def withdraw(objection_id: str) -> Response:
    """Take it back."""
    answer = post(f"/v1/me/objections/{objection_id}/withdraw", key=once())
    tell(answer, _("Taken back. All is as before."))
    return go("pages.rights.objection", objection_id=objection_id)
