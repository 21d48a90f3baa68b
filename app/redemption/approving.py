"""What of redemption takes two operators: an offer's stock and pause, differences, alerts, pay."""

from typing import Any

from app import clearing
from app.approvals import Change, Kind
from app.kernel import Conflict, Invalid, NotFound, from_wire, to_wire, yuan
from app.plumbing.work import Work
from app.redemption import alerts, counters
from app.redemption.giving import BOOK
from app.redemption.issuing import stock_total
from app.redemption.model import unknown_benefit
from app.rulebook import Benefit

Payload = dict[str, Any]
_MOST_STOCK = 10_000_000


def _text(payload: Payload, name: str, longest: int = 200) -> str:
    found = payload.get(name)
    if not isinstance(found, str) or not 0 < len(found.strip()) <= longest:
        raise _bad(name, f"A text of 1 to {longest} characters.")
    return found.strip()


def _bad(name: str, detail: str) -> Invalid:
    fault = {"pointer": f"/payload/{name}", "code": "invalid", "detail": detail}
    return Invalid("bad_payload", detail, errors=[fault])


def _benefit(work: Work, payload: Payload) -> Benefit:
    found = work.rules.offers.benefits.get(_text(payload, "benefit"))
    if found is None:
        raise unknown_benefit()
    return found


# More stock.


def _stock_difference(work: Work, payload: Payload) -> list[Change]:
    found = _benefit(work, payload)
    extra = payload.get("extra")
    if isinstance(extra, bool) or not isinstance(extra, int) or not 0 < extra <= _MOST_STOCK:
        raise _bad("extra", f"A whole number of 1 to {_MOST_STOCK}.")
    total = stock_total(found, counters.change_of(work, found.code))
    if total is None:
        raise Conflict("no_stock_limit", "This benefit has no stock to add to.")
    return [Change("stock_total", str(total), str(total + extra))]


def _add_stock(work: Work, payload: Payload, _maker: str) -> dict[str, Any]:
    counters.change(work, _benefit(work, payload).code, more_stock=payload["extra"])
    return {"benefit": payload["benefit"], "extra": payload["extra"]}


# Pause and resume.


def _pause(name: str, paused: bool) -> Kind:
    def difference(work: Work, payload: Payload) -> list[Change]:
        found = _benefit(work, payload)
        if counters.change_of(work, found.code).paused is paused:
            raise Conflict("nothing_to_change", "It is so already.")
        return [Change("paused", str(not paused).lower(), str(paused).lower())]

    def apply(work: Work, payload: Payload, _maker: str) -> dict[str, Any]:
        counters.change(work, _benefit(work, payload).code, paused=paused)
        return {"benefit": payload["benefit"], "paused": paused}

    return Kind(name, difference, apply)


# Alerts.


def _alert(work: Work, payload: Payload) -> alerts.Alert:
    raw = from_wire("alr", _text(payload, "alert"))
    found = alerts.find(work, raw) if raw else None
    if found is None:
        raise NotFound("unknown_alert", "There is no such alert.")
    return found


def _alert_difference(work: Work, payload: Payload) -> list[Change]:
    found = _alert(work, payload)
    _text(payload, "note")
    if found.state != "open":
        raise Conflict("already_closed", "This alert has been closed.")
    return [Change(f"{found.kind} at {found.merchant}", "open", "closed")]


def _close_alert(work: Work, payload: Payload, _maker: str) -> dict[str, Any]:
    """The last alert of a merchant that closes lets its settlement go on."""
    found = _alert(work, payload)
    # Holding once more takes the lock of the merchant's books: an alert that is raised meanwhile
    # comes before the look at what is open, or holds them again after.
    clearing.hold(work, BOOK, found.merchant)
    if not alerts.close(work, found.id, _text(payload, "note")):
        raise Conflict("already_closed", "This alert has been closed.")
    released = 0
    if not alerts.any_open(work, found.merchant):
        released = clearing.release(work, BOOK, found.merchant)
    return {"merchant": found.merchant, "payouts_released": released}


# Differences of a reconciliation.


def _difference(work: Work, payload: Payload) -> clearing.Difference:
    raw = from_wire("dif", _text(payload, "difference"))
    if raw is None:
        raise NotFound("unknown_difference", "There is no such difference.")
    found = clearing.difference(work, raw)
    if payload.get("resolution") not in clearing.RESOLUTIONS:
        raise _bad("resolution", f"One of {', '.join(clearing.RESOLUTIONS)}.")
    if payload.get("funder") not in (None, *work.rules.offers.funders):
        raise _bad("funder", f"One of {', '.join(sorted(work.rules.offers.funders))}.")
    return found


def _difference_difference(work: Work, payload: Payload) -> list[Change]:
    found = _difference(work, payload)
    if found.state != "open":
        raise Conflict("already_closed", "This difference has been closed.")
    moved = found.excess if payload["resolution"] == "theirs" else 0
    if moved and found.told is None and payload.get("funder") is None:
        raise _bad("funder", "We have no line of this; say which funder pays.")
    return [
        Change(f"{found.type} {found.reference}", "open", f"closed: {payload['resolution']}"),
        Change("owed to the merchant", yuan(0), yuan(moved)),
    ]


def _resolve(work: Work, payload: Payload, maker: str) -> dict[str, Any]:
    found = _difference(work, payload)
    two = (maker, to_wire("cli", work.actor.id))
    closed = clearing.resolve(work, found.id, payload["resolution"], two, payload.get("funder"))
    return {"reference": closed.reference, "resolution": closed.resolution}


# Pay.


def _payout_difference(work: Work, payload: Payload) -> list[Change]:
    found = clearing.payout(work, _payout_id(payload))
    transfer = _text(payload, "transfer", 80)
    if found is None:
        raise NotFound("unknown_payout", "There is no such payout.")
    if found.state != "due":
        raise Conflict("not_due", f"This payout is {found.state}.")
    return [Change(f"{yuan(found.amount)} yuan to {found.party}", found.state, f"paid: {transfer}")]


def _payout_id(payload: Payload) -> bytes:
    raw = from_wire("pay", _text(payload, "payout"))
    if raw is None:
        raise NotFound("unknown_payout", "There is no such payout.")
    return raw


def _pay(work: Work, payload: Payload, _maker: str) -> dict[str, Any]:
    paid = clearing.pay(work, _payout_id(payload), _text(payload, "transfer", 80))
    return {"merchant": paid.party, "amount": yuan(paid.amount), "transfer": paid.transfer}


APPROVALS = (
    Kind("benefit_stock", _stock_difference, _add_stock),
    _pause("benefit_pause", True),
    _pause("benefit_resume", False),
    Kind("alert_closing", _alert_difference, _close_alert),
    Kind("difference_resolution", _difference_difference, _resolve),
    Kind("payout_payment", _payout_difference, _pay),
)
