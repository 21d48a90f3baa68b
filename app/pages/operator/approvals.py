"""Decisions that take two: what waits, one of them with what it changes, yes and no."""

from flask import Response, g, request
from flask_babel import gettext as _

from app.pages.asking import get, post
from app.pages.operator import wording
from app.pages.operator.around import blp
from app.pages.operator.naming import grades
from app.pages.screens import field, go, once, said, shown, tell

_PATH = "/v1/approvals"


@blp.get("/approvals")
def approvals() -> Response:
    """What waits for a second officer, or what was decided."""
    status = request.args.get("status", "waiting")
    found = get(_PATH, status=status or None, cursor=request.args.get("cursor"))
    return shown(
        "operator/approvals.html",
        found=found,
        status=status,
        subject=wording.subject,
        contested=wording.contested,
    )


@blp.get("/approvals/<approval_id>")
def approval(approval_id: str) -> Response:
    """One approval: who asks, for what, what would be different."""
    found = get(f"{_PATH}/{approval_id}")
    contested = wording.contested(found)
    return shown(
        "operator/approval.html",
        found=found,
        mine=found["proposed_by"] == g.page_session.wire,
        rows=wording.rows(found, grades() if contested else {}),
        contested=contested,
    )


@blp.post("/approvals/<approval_id>/approve")
def approve(approval_id: str) -> Response:
    """Say yes: it is done at once."""
    return _decided(approval_id, "approve", _("Approved and done."))


@blp.post("/approvals/<approval_id>/withdraw")
def withdraw(approval_id: str) -> Response:
    """Take back what one proposed oneself."""
    return _decided(approval_id, "withdraw", _("Taken back. Nothing has changed."))


def _decided(approval_id: str, step: str, words: str) -> Response:
    answer = post(f"{_PATH}/{approval_id}/{step}", key=once())
    tell(answer, words)
    return go("pages.operator.approval", approval_id=approval_id)


@blp.get("/approvals/<approval_id>/reject")
def ask_reason(approval_id: str) -> Response:
    """Why not?"""
    return shown("operator/approval_no.html", approval_id=approval_id)


@blp.post("/approvals/<approval_id>/reject")
def reject(approval_id: str) -> Response:
    """Say no, with a reason."""
    body = {"reason": field("reason") or ""}
    answer = post(f"{_PATH}/{approval_id}/reject", body, key=once())
    if not answer.good:
        return shown(
            "operator/approval_no.html",
            approval_id=approval_id,
            reason=field("reason"),
            problem=answer.body,
        )
    said(_("Rejected. Nothing has changed."))
    return go("pages.operator.approval", approval_id=approval_id)
