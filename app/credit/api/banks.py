"""The bank: inquiries, outcomes, products."""

from typing import Any

from app.credit import answering, catalogue, reporting, seats, showing, store
from app.credit.model import Question
from app.credit.schemas.catalogue import ProductsOut
from app.credit.schemas.inquiries import (
    InquiriesOut,
    InquiryIn,
    InquiryOut,
    LoanOutcomeKeptOut,
    OutcomeIn,
    SignedAnswerOut,
    loaded,
)
from app.kernel import from_wire
from app.plumbing import Blueprint, Page, PageQuery, Work, before_id, cut, house, operation

blp = Blueprint("credit", __name__, description="What banks ask and report")


@blp.post("/v1/credit/inquiries")
@operation("bank", once=True)
@blp.arguments(InquiryIn)
@blp.response(200, SignedAnswerOut)
@blp.alt_response(403, description="route_closed: no route has been approved here")
def ask(work: Work, body: dict[str, Any]) -> dict[str, Any]:
    """What a resident's carbon account says for one application, by a consent for just this. An
    unknown or ended consent, another bank's, and no grade are answered alike, in neutral."""
    answering.check_route(work)
    return answering.ask(work, house().signing_keys, Question(**loaded(body))).answer


@blp.get("/v1/credit/inquiries")
@operation("bank", writes=True)  # the residents' logs say that their answers were read again
@blp.arguments(PageQuery, location="query")
@blp.response(200, InquiriesOut)
def get_inquiries(work: Work, page: Page) -> dict[str, Any]:
    """Our inquiries, the newest first, as they were answered, and how they stand."""
    seat = seats.seat(work)
    mine = store.listed(work, {"bank": seat.key}, page.limit + 1, before_id(page))
    items, after = cut(mine, page)
    found = seats.thawed(work, items)
    answering.read_again(work, seat, found)
    newest = showing.newest(work, found)
    shown = [showing.inquiry(work, *each) for each in newest]
    return {"items": shown, "next_cursor": after}


@blp.get("/v1/credit/inquiries/<inquiry_id>")
@operation("bank", writes=True)  # as above
@blp.response(200, InquiryOut)
def get_inquiry(work: Work, inquiry_id: str) -> dict[str, Any]:
    """One of our inquiries."""
    seat = seats.seat(work)
    found = seats.own(work, seat.key, from_wire("inq", inquiry_id) or b"")
    answering.read_again(work, seat, [found])
    return showing.inquiry(work, *showing.newest(work, [found])[0])


@blp.post("/v1/credit/outcomes")
@operation("bank", once=True)
@blp.arguments(OutcomeIn)
@blp.response(200, LoanOutcomeKeptOut)
def report(work: Work, body: dict[str, Any]) -> dict[str, Any]:
    """What became of an inquiry: the resident sees it. A later report takes its place."""
    wire = body.pop("inquiry_id")
    said = reporting.report(work, from_wire("inq", wire) or b"", **body)
    return showing.outcome(work, said)


@blp.get("/v1/credit/products")
@operation("bank")
@blp.response(200, ProductsOut)
def get_products(work: Work) -> dict[str, Any]:
    """The products of the city, and what our table gives for each today, with its source."""
    bank = seats.bank_of(work, seats.seat(work).key)
    return catalogue.products(work.rules.credit, bank, work.today)
