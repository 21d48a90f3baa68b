"""What a partner is told, for fetching instead of waiting."""

from typing import Any

from app import webhooks
from app.kernel import from_wire, to_wire
from app.plumbing import Blueprint, Work, operation
from app.recognition import seats
from app.recognition.schemas.events import EventsOut, EventsQuery, ReplayedOut

blp = Blueprint("partner-events", __name__, description="What a partner platform is told")
blueprints = [blp]


@blp.get("/v1/partner/events")
@operation("partner", writes=True)  # events get their numbers when they are first asked for
@blp.arguments(EventsQuery, location="query")
@blp.response(200, EventsOut)
def get_events(work: Work, query: dict[str, int]) -> dict[str, Any]:
    """All that my webhook was or will be told, after a sequence number, in order."""
    where, limit = seats.partner(work), query["limit"]
    found = webhooks.events(work, where.code, query["after"], limit + 1)
    items = found[:limit]
    more = str(items[-1].sequence) if len(found) > limit else None
    zone = work.rules.pack.zone
    return {"items": [webhooks.told(each, zone) for each in items], "next_cursor": more}


@blp.post("/v1/partner/events/<event_id>/replay")
@operation("partner", once=True)
@blp.response(200, ReplayedOut)
def replay_event(work: Work, event_id: str) -> dict[str, Any]:
    """Send one of my events again: the same id and content, attempts begin anew."""
    where = seats.partner(work)
    found = webhooks.replay(work, from_wire("evt", event_id) or b"", where.code)
    return {"id": to_wire("evt", found.id), "sequence": found.sequence, "status": found.state}
