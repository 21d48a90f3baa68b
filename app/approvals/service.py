"""Use cases of approvals: propose, look, approve, reject, withdraw. The actor is an operator."""

from collections.abc import Mapping
from typing import Any

import orjson

from app.approvals import store
from app.approvals.model import (
    APPLIED,
    MOST_PAYLOAD,
    REJECTED,
    WAITING,
    WITHDRAWN,
    Approval,
    ApprovalView,
    Change,
    Kind,
    Payload,
    check_checker,
    check_maker,
    check_waiting,
)
from app.kernel import Invalid, NotFound, Refusal, to_wire
from app.plumbing.work import Work

Kinds = Mapping[str, Kind]


def waiting(work: Work) -> int:
    """How many changes wait for a second operator."""
    return store.count(work, WAITING)


def propose(work: Work, kinds: Kinds, kind: str, payload: Payload, reason: str) -> ApprovalView:
    """Ask for a change; it waits for another operator.

    Raises Invalid (unknown_kind, bad_payload) and whatever the kind's `difference` refuses with.
    """
    asked = _kind(kinds, kind)
    text = _text(payload)
    difference = asked.difference(work, orjson.loads(text))
    new = Approval(
        id=work.new_id(),
        kind=kind,
        status=WAITING,
        payload_sealed=work.keys.encrypt(text),
        difference_sealed=_sealed(work, [[*each] for each in difference]),
        reason_sealed=work.keys.encrypt(reason),
        proposed_by=work.actor.id,
        proposed_at=work.now,
    )
    store.add(work, new)
    return _view(work, new)


def approve(work: Work, kinds: Kinds, approval_id: bytes) -> ApprovalView:
    """Make the change, here and now. What it then changed is kept as its difference.

    Raises NotFound (unknown_approval), Conflict (already_decided), Forbidden (same_operator), and
    whatever the kind refuses with; then nothing has happened and it goes on waiting.
    """
    found = _locked(work, approval_id)
    check_checker(found, work.actor.id)
    asked, payload = _kind(kinds, found.kind), _opened(work, found.payload_sealed)
    difference = asked.difference(work, payload)
    result = asked.apply(work, payload, to_wire("cli", found.proposed_by))
    return _decide(
        work,
        found,
        status=APPLIED,
        difference_sealed=_sealed(work, [[*each] for each in difference]),
        result_sealed=_sealed(work, result),
    )


def reject(work: Work, approval_id: bytes, reason: str) -> ApprovalView:
    """Say no. Raises NotFound (unknown_approval), Conflict (already_decided), Forbidden
    (same_operator)."""
    found = _locked(work, approval_id)
    check_checker(found, work.actor.id)
    sealed = work.keys.encrypt(reason)
    return _decide(work, found, status=REJECTED, decision_reason_sealed=sealed)


def withdraw(work: Work, approval_id: bytes) -> ApprovalView:
    """Take one's own proposal back. Raises NotFound (unknown_approval), Conflict
    (already_decided), Forbidden (not_the_maker)."""
    found = _locked(work, approval_id)
    check_maker(found, work.actor.id)
    return _decide(work, found, status=WITHDRAWN)


def look(work: Work, kinds: Kinds, approval_id: bytes) -> ApprovalView:
    """One approval; while it waits, with what it would change now.

    Raises NotFound (unknown_approval).
    """
    found = _known(store.find(work, approval_id))
    if found.status != WAITING:
        return _view(work, found)
    try:
        asked = _kind(kinds, found.kind)
        now = asked.difference(work, _opened(work, found.payload_sealed))
    except Refusal as refusal:
        return _view(work, found, obstacle=refusal.code)
    return _view(work, found, difference=now)


def listed(work: Work, status: str | None, limit: int, before: bytes | None) -> list[ApprovalView]:
    """Approvals as they were proposed or decided, newest first, from the one before an id on."""
    return [_view(work, found) for found in store.listed(work, status, limit, before)]


def _kind(kinds: Kinds, name: str) -> Kind:
    found = kinds.get(name)
    if found is None:
        raise Invalid(
            "unknown_kind",
            f"There are these kinds: {', '.join(sorted(kinds))}.",
            errors=[{"pointer": "/kind", "code": "unknown", "detail": "Unknown kind."}],
        )
    return found


def _text(payload: Payload) -> str:
    try:
        data = orjson.dumps(payload)
    except TypeError as error:  # nested deeper than anybody reads
        raise _bad_payload("It cannot be kept as JSON.") from error
    if len(data) > MOST_PAYLOAD:
        raise _bad_payload(f"It has more than {MOST_PAYLOAD} bytes.")
    return data.decode()


def _bad_payload(detail: str) -> Invalid:
    row = {"pointer": "/payload", "code": "invalid", "detail": detail}
    return Invalid("bad_payload", "The payload is wrong; see errors.", errors=[row])


def _known(found: Approval | None) -> Approval:
    if found is None:
        raise NotFound("unknown_approval", "There is no such approval.")
    return found


def _locked(work: Work, approval_id: bytes) -> Approval:
    """One that waits, held until the work ends: of two who decide at once one is late."""
    found = _known(store.find(work, approval_id, lock=True))
    check_waiting(found)
    return found


def _decide(work: Work, found: Approval, **columns: Any) -> ApprovalView:
    store.decide(work, found.id, **columns)
    return _view(work, _known(store.find(work, found.id)))


def _sealed(work: Work, value: Any) -> bytes:
    return work.keys.encrypt(orjson.dumps(value).decode())


def _opened(work: Work, sealed: bytes) -> Any:
    return orjson.loads(work.keys.decrypt(sealed))


def _view(
    work: Work,
    found: Approval,
    *,
    difference: list[Change] | None = None,
    obstacle: str | None = None,
) -> ApprovalView:
    why, result = found.decision_reason_sealed, found.result_sealed
    kept = [Change(*each) for each in _opened(work, found.difference_sealed)]
    return ApprovalView(
        approval=found,
        difference=kept if difference is None else difference,
        reason=work.keys.decrypt(found.reason_sealed),
        decision_reason=None if why is None else work.keys.decrypt(why),
        result=None if result is None else _opened(work, result),
        obstacle=obstacle,
    )
