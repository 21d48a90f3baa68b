"""What of recognition takes two operators: a confirmed exchange is taken back."""

from typing import Any

from app import consent, identity
from app.approvals import Change, Kind
from app.kernel import Invalid, from_wire, points
from app.plumbing.work import Work
from app.recognition import deciding, exchanges
from app.recognition.model import (
    CONFIRMED,
    CORRECTED,
    OUT,
    Exchange,
    over,
    unknown_exchange,
)

Payload = dict[str, Any]
_LONGEST = 200


def _text(payload: Payload, name: str) -> str:
    found = payload.get(name)
    if isinstance(found, str) and found.isprintable() and 0 < len(found.strip()) <= _LONGEST:
        return found.strip()
    detail = f"A text of 1 to {_LONGEST} printable characters."
    fault = {"pointer": f"/payload/{name}", "code": "invalid", "detail": detail}
    raise Invalid("bad_payload", detail, errors=[fault])


def _exchange(work: Work, payload: Payload) -> Exchange:
    raw = from_wire("xch", _text(payload, "exchange"))
    found = exchanges.find(work, raw) if raw else None
    if found is None:
        raise unknown_exchange()
    return found


def _difference(work: Work, payload: Payload) -> list[Change]:
    found = _exchange(work, payload)
    _text(payload, "reason")
    if found.state != CONFIRMED:
        raise over(found)
    who = identity.acting_client(work)
    seen = [(found.resident_id, found.wire)]
    consent.looked(work, "operator_approval", who.wire, who.name, seen)
    moved, way = points(found.points), "to" if found.direction == OUT else "from"
    return [
        Change(f"{moved} points {way} {found.partner}", CONFIRMED, CORRECTED),
        Change("the partner's reference", found.theirs, found.theirs),
    ]


def _correct(work: Work, payload: Payload, _maker: str) -> dict[str, Any]:
    found = _exchange(work, payload)
    done, owed = deciding.correct(work, found.id, _text(payload, "reason"))
    return {"exchange": done.wire, "points": points(done.points), "new_debt": points(owed)}


APPROVALS = (Kind("exchange_correction", _difference, _correct),)
