"""Values of approvals: kinds of change, what they would change, and who may decide. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from app.kernel import Conflict, Forbidden, Invalid

WAITING = "waiting"
APPLIED = "applied"
REJECTED = "rejected"
WITHDRAWN = "withdrawn"
STATES = (WAITING, APPLIED, REJECTED, WITHDRAWN)

MOST_PAYLOAD = 16 << 10  # bytes, as JSON

Payload = dict[str, Any]


class Change(NamedTuple):
    """One thing that would be different, in words a checker can read; None: not there."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of change that takes two operators; the room that makes the change registers it.

    `difference(work, payload)` reads the payload, refuses what cannot be (Invalid, NotFound,
    Conflict) and tells what would change; asked when it is proposed, looked at and approved.
    `apply(work, payload, maker)` makes the change in the approval's own transaction and answers
    plain JSON, which is kept; `maker` is the wire id of the operator who proposed it, the acting
    one approves. Both take a `Work` first and show no secret in full.
    """

    name: str
    difference: Callable[[Any, Payload], list[Change]]
    apply: Callable[[Any, Payload, str], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Approval:
    """One change that was asked for, as it is kept: everything said is sealed."""

    id: bytes
    kind: str
    status: str
    payload_sealed: bytes
    difference_sealed: bytes
    reason_sealed: bytes
    proposed_by: bytes
    proposed_at: datetime
    decided_by: bytes | None = None
    decided_at: datetime | None = None
    decision_reason_sealed: bytes | None = None
    result_sealed: bytes | None = None


@dataclass(frozen=True, slots=True)
class ApprovalView:
    """An approval as operators see it.

    `obstacle` is the code of what by now stands in the way of one that waits, None for nothing.
    """

    approval: Approval
    difference: list[Change]
    reason: str
    decision_reason: str | None
    result: dict[str, Any] | None
    obstacle: str | None = None

    @property
    def id(self) -> bytes:
        return self.approval.id


def payload_text(payload: Payload, name: str, longest: int = 200) -> str:
    """A text that a payload must hold. Raises Invalid (bad_payload) with its pointer."""
    found = payload.get(name)
    if not isinstance(found, str) or not 0 < len(found.strip()) <= longest:
        raise bad_payload(name, f"A text of 1 to {longest} characters.")
    return found.strip()


def bad_payload(name: str, detail: str) -> Invalid:
    """What is wrong with one field of a payload."""
    fault = {"pointer": f"/payload/{name}", "code": "invalid", "detail": detail}
    return Invalid("bad_payload", detail, errors=[fault])


def check_waiting(found: Approval) -> None:
    """Raises Conflict (already_decided): whatever has been decided stays so."""
    if found.status != WAITING:
        raise Conflict("already_decided", f"This has been decided: it is {found.status}.")


def check_checker(found: Approval, operator: bytes) -> None:
    """Raises Forbidden (same_operator): nobody checks what they made."""
    if found.proposed_by == operator:
        raise Forbidden("same_operator", "Another operator decides on what you proposed.")


def check_maker(found: Approval, operator: bytes) -> None:
    """Raises Forbidden (not_the_maker): only the maker takes a proposal back."""
    if found.proposed_by != operator:
        raise Forbidden("not_the_maker", "Only the operator who proposed this can withdraw it.")
