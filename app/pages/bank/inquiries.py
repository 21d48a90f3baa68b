"""What the bank has asked: all of it, one answer, and what came of it."""

from typing import Any

from flask import Response, request
from flask_babel import gettext as _

from app.pages.asking import get, post
from app.pages.bank import typed
from app.pages.bank.around import blp, gains
from app.pages.screens import field, go, once, said, shown


@blp.get("/inquiries")
def inquiries() -> Response:
    """The bank's inquiries, the newest first, as they stand."""
    found = get("/v1/credit/inquiries", cursor=request.args.get("cursor"))
    return shown("bank/inquiries.html", rows=found["items"], cursor=found["next_cursor"])


@blp.get("/inquiries/<inquiry_id>")
def inquiry(inquiry_id: str) -> Response:
    """One answer: the grade, the terms beside those without, why, and what came of it."""
    return _one(inquiry_id, {})


def _one(inquiry_id: str, filled: dict[str, str], **more: Any) -> Response:
    found = get(f"/v1/credit/inquiries/{inquiry_id}")
    better = gains(found["without"], found["terms"])
    return shown("bank/inquiry.html", inquiry=found, gains=better, typed=filled, **more)


@blp.post("/inquiries/<inquiry_id>")
def report(inquiry_id: str) -> Response:
    """What became of the application; a later report takes the place of this one."""
    body = {
        "inquiry_id": inquiry_id,
        "used": field("used") == "yes",
        "decided": field("decided"),
        "limit": typed.yuan(field("limit")),
        "rate_bp": typed.basis_points(field("rate_bp")) if field("rate_bp") else None,
        "guarantee": field("guarantee"),
    }
    answer = post("/v1/credit/outcomes", body, key=once())
    if not answer.good:
        return _one(inquiry_id, request.form.to_dict(), problem=answer.body)
    said(_("Kept. The customer sees it in the carbon account."))
    return go("pages.bank.inquiry", inquiry_id=inquiry_id)
