"""What a partner is told, for fetching instead of waiting."""

from typing import Any

from app import webhooks
from app.plumbing import Blueprint, Work, operation
from app.recognition import seats
from app.webhooks import EventsOut, EventsQuery, ReplayedOut

blp = Blueprint("partner-events", __name__, description="What a partner platform is told")
blueprints = [blp]


@blp.get("/v1/partner/events")
@operation("partner", writes=True)  # events get their numbers when they are first asked for
@blp.arguments(EventsQuery, location="query")
@blp.response(200, EventsOut)
def get_events(work: Work, query: dict[str, int]) -> dict[str, Any]:
    """All that my webhook was or will be told, after a sequence number, in order."""
    return webhooks.page(work, seats.partner(work).code, **query)


@blp.post("/v1/partner/events/<event_id>/replay")
@operation("partner", once=True)
@blp.response(200, ReplayedOut)
def replay_event(work: Work, event_id: str) -> dict[str, Any]:
    """Send one of my events again: the same id and content, attempts begin anew."""
    return webhooks.replay_own(work, seats.partner(work).code, event_id)
