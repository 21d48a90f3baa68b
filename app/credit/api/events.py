"""What a bank is told, for fetching instead of waiting."""

from typing import Any

from app import webhooks
from app.credit import seats
from app.plumbing import Blueprint, Work, operation
from app.webhooks import EventsOut, EventsQuery, ReplayedOut

blp = Blueprint("credit-events", __name__, description="What a bank is told")


@blp.get("/v1/credit/events")
@operation("bank", writes=True)  # events get their numbers when they are first asked for
@blp.arguments(EventsQuery, location="query")
@blp.response(200, EventsOut)
def get_events(work: Work, query: dict[str, int]) -> dict[str, Any]:
    """All that our webhook was or will be told, after a sequence number, in order: consents that
    have ended, grades that are others now, answers that are contested or taken back."""
    return webhooks.page(work, seats.seat(work).key, **query)


@blp.post("/v1/credit/events/<event_id>/replay")
@operation("bank", once=True)
@blp.response(200, ReplayedOut)
def replay_event(work: Work, event_id: str) -> dict[str, Any]:
    """Send one of our events again: the same id and content, attempts begin anew."""
    return webhooks.replay_own(work, seats.seat(work).key, event_id)
