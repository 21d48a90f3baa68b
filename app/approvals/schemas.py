"""Wire shapes of approvals."""

from collections.abc import Callable
from datetime import tzinfo
from typing import Any

import marshmallow as ma

from app.approvals.model import MOST_PAYLOAD, STATES, ApprovalView
from app.kernel import to_wire
from app.plumbing import StatusQuery

_REASON = ma.validate.Length(min=1, max=1000)


class ApprovalIn(ma.Schema):
    kind = ma.fields.String(required=True, validate=ma.validate.Length(min=1, max=40))
    payload = ma.fields.Dict(
        keys=ma.fields.String(),
        required=True,
        metadata={"description": f"What the kind asks for; at most {MOST_PAYLOAD} bytes of JSON."},
    )
    reason = ma.fields.String(required=True, validate=_REASON)


class RejectionIn(ma.Schema):
    reason = ma.fields.String(required=True, validate=_REASON)


class ApprovalsQuery(StatusQuery):
    status = ma.fields.String(load_default=None, validate=ma.validate.OneOf(STATES))


class ChangeOut(ma.Schema):
    field = ma.fields.String(required=True)
    before = ma.fields.String(required=True, allow_none=True)
    after = ma.fields.String(required=True, allow_none=True)


def _name(description: str) -> ma.fields.String:
    return ma.fields.String(required=True, allow_none=True, metadata={"description": description})


class ApprovalOut(ma.Schema):
    id = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    status = ma.fields.String(required=True, metadata={"enum": [*STATES]})
    difference = ma.fields.List(
        ma.fields.Nested(ChangeOut),
        required=True,
        metadata={
            "description": "What would change: as proposed in a list, as of now when one that"
            " waits is looked at alone, as it was applied afterwards."
        },
    )
    obstacle = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "The code with which approving would be refused by now; told of one"
            " that waits and is looked at alone."
        },
    )
    reason = ma.fields.String(required=True)
    proposed_by = ma.fields.String(required=True)
    proposed_by_name = _name("Who that is.")
    proposed_at = ma.fields.AwareDateTime(required=True, format="iso")
    decided_by = ma.fields.String(required=True, allow_none=True)
    decided_by_name = _name("Who that is.")
    decided_at = ma.fields.AwareDateTime(required=True, allow_none=True, format="iso")
    decision_reason = ma.fields.String(required=True, allow_none=True)
    result = ma.fields.Dict(keys=ma.fields.String(), required=True, allow_none=True)


class ApprovalsOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(ApprovalOut), required=True)
    next_cursor = ma.fields.String(required=True, allow_none=True)


def told(view: ApprovalView, zone: tzinfo, name_of: Callable[[str], str | None]) -> dict[str, Any]:
    """An approval as `ApprovalOut` takes it, instants in the city's zone; `name_of` gives the name
    of an operator by the wire id."""
    kept = view.approval
    decided_at = kept.decided_at
    maker, checker = to_wire("cli", kept.proposed_by), None
    if kept.decided_by is not None:
        checker = to_wire("cli", kept.decided_by)
    return {
        "id": to_wire("apr", kept.id),
        "kind": kept.kind,
        "status": kept.status,
        "difference": view.difference,
        "obstacle": view.obstacle,
        "reason": view.reason,
        "proposed_by": maker,
        "proposed_by_name": name_of(maker),
        "proposed_at": kept.proposed_at.astimezone(zone),
        "decided_by": checker,
        "decided_by_name": checker and name_of(checker),
        "decided_at": decided_at and decided_at.astimezone(zone),
        "decision_reason": view.decision_reason,
        "result": view.result,
    }
