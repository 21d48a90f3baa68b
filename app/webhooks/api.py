"""Webhooks over HTTP, for operators: what was sent, what is dead, and once more."""

from typing import Any

from app.kernel import from_wire
from app.plumbing import Blueprint, Page, Work, before_id, cut, house, operation
from app.webhooks import service
from app.webhooks.model import Delivery
from app.webhooks.schemas import DeliveriesOut, DeliveriesQuery, DeliveryOut, shown

blp = Blueprint("webhooks", __name__, description="What parties outside are told")
blueprints = [blp]


def _must_operate(work: Work) -> None:
    """Raises Forbidden when the client is an operator no more."""
    house().ports["clients"](work)


def _shown(work: Work, kept: Delivery) -> dict[str, Any]:
    return shown(kept, work.rules.pack.zone)


@blp.get("/v1/webhooks")
@operation("operator")
@blp.arguments(DeliveriesQuery, location="query")
@blp.response(200, DeliveriesOut)
def webhooks(work: Work, query: dict[str, Any]) -> dict[str, Any]:
    """What parties were told and what became of it, newest first."""
    _must_operate(work)
    page: Page = query["page"]
    found = service.listed(work, query["party"], query["status"], page.limit + 1, before_id(page))
    items, following = cut(found, page)
    return {"items": [_shown(work, each) for each in items], "next_cursor": following}


@blp.post("/v1/webhooks/<event_id>/replay")
@operation("operator", once=True)
@blp.response(200, DeliveryOut)
def replay(work: Work, event_id: str) -> dict[str, Any]:
    """Send an event again: the same id and content, attempts begin anew."""
    _must_operate(work)
    return _shown(work, service.replay(work, from_wire("evt", event_id) or b""))
