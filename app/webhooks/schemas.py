"""Wire shapes of webhooks: for operators what became of an event, never what it says; for a party
what it is told, when it comes to fetch it."""

from datetime import tzinfo
from typing import Any

import marshmallow as ma

from app.kernel import to_wire
from app.plumbing import StatusQuery, Whole
from app.webhooks.model import STATES, WAITING, Delivery


class DeliveriesQuery(StatusQuery):
    status = ma.fields.String(load_default=None, validate=ma.validate.OneOf(STATES))
    party = ma.fields.String(load_default=None, validate=Whole(r"[a-z0-9_]{1,40}"))

    @ma.post_load
    def to_page(self, data: dict[str, Any], **kwargs: Any) -> Any:
        return {"party": data["party"], **super().to_page(data, **kwargs)}


class DeliveryOut(ma.Schema):
    id = ma.fields.String(required=True)
    party = ma.fields.String(required=True)
    type = ma.fields.String(required=True)
    at = ma.fields.AwareDateTime(required=True, format="iso")
    sequence = ma.fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "Counts the party's events without a gap; given within seconds."},
    )
    status = ma.fields.String(required=True, metadata={"enum": [*STATES]})
    attempts = ma.fields.Integer(required=True)
    next_attempt_at = ma.fields.AwareDateTime(required=True, allow_none=True, format="iso")
    last_attempt_at = ma.fields.AwareDateTime(required=True, allow_none=True, format="iso")
    last_answer = ma.fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "The HTTP status of the last attempt; null: no answer."},
    )


class DeliveriesOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(DeliveryOut), required=True)
    next_cursor = ma.fields.String(required=True, allow_none=True)


def shown(kept: Delivery, zone: tzinfo) -> dict[str, Any]:
    """A delivery as `DeliveryOut` takes it, instants in the city's zone."""
    tried = kept.last_tried_at
    return {
        "id": to_wire("evt", kept.id),
        "party": kept.party,
        "type": kept.type,
        "at": kept.at.astimezone(zone),
        "sequence": kept.sequence,
        "status": kept.state,
        "attempts": kept.attempts,
        "next_attempt_at": kept.due_at.astimezone(zone) if kept.state == WAITING else None,
        "last_attempt_at": tried and tried.astimezone(zone),
        "last_answer": kept.last_status,
    }


class EventsQuery(ma.Schema):
    class Meta:
        unknown = ma.EXCLUDE

    after = ma.fields.Integer(
        load_default=0,
        validate=ma.validate.Range(0, 2**53),
        metadata={"description": "The sequence of the last event that is known."},
    )
    limit = ma.fields.Integer(load_default=50, validate=ma.validate.Range(1, 200))


class EventOut(ma.Schema):
    """The same as the body of a webhook."""

    type = ma.fields.String(required=True)
    timestamp = ma.fields.String(required=True)
    party = ma.fields.String(required=True)
    sequence = ma.fields.Integer(
        required=True, metadata={"description": "1, 2, 3 … without a gap."}
    )
    id = ma.fields.String(required=True)
    data = ma.fields.Dict(keys=ma.fields.String(), required=True)


class EventsOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(EventOut), required=True)
    next_cursor = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "What to give as `after`."}
    )


class ReplayedOut(ma.Schema):
    id = ma.fields.String(required=True)
    sequence = ma.fields.Integer(required=True, allow_none=True)
    status = ma.fields.String(required=True)
