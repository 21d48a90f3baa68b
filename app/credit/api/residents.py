"""The resident: who asked, what was answered, what came of it."""

from typing import Any

from app import identity
from app.credit import showing, store
from app.credit.schemas.inquiries import MyInquiriesOut, MyInquiryOut
from app.kernel import from_wire
from app.plumbing import Blueprint, Page, PageQuery, Work, before_id, cut, operation

blp = Blueprint("my-inquiries", __name__, description="What banks asked about me")


@blp.get("/v1/me/inquiries")
@operation("resident")
@blp.arguments(PageQuery, location="query")
@blp.response(200, MyInquiriesOut)
def get_my_inquiries(work: Work, page: Page) -> dict[str, Any]:
    """What banks asked about me, the newest first: what they were told, and what it changed."""
    identity.require_active(work, work.actor.id)
    mine = {"resident_id": work.actor.id}
    items, after = cut(store.listed(work, mine, page.limit + 1, before_id(page)), page)
    shown = [showing.my_inquiry(work, *each) for each in showing.newest(work, list(items))]
    return {"items": shown, "next_cursor": after}


@blp.get("/v1/me/inquiries/<inquiry_id>")
@operation("resident")
@blp.response(200, MyInquiryOut)
def get_my_inquiry(work: Work, inquiry_id: str) -> dict[str, Any]:
    """One of the inquiries about me."""
    identity.require_active(work, work.actor.id)
    return showing.inquiry_of(work, work.actor.id, from_wire("inq", inquiry_id) or b"")
