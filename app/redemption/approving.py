"""What of redemption takes two operators: an offer's stock and pause, closing an alert."""

from typing import Any

from app import clearing
from app.approvals import Change, Kind, bad_payload, payload_text
from app.kernel import Conflict, NotFound, from_wire
from app.plumbing.work import Work
from app.redemption import alerts, counters
from app.redemption.books import BOOK
from app.redemption.issuing import stock_total
from app.redemption.model import unknown_benefit
from app.rulebook import Benefit

Payload = dict[str, Any]
_MOST_STOCK = 10_000_000


def _benefit(work: Work, payload: Payload) -> Benefit:
    found = work.rules.offers.benefits.get(payload_text(payload, "benefit"))
    if found is None:
        raise unknown_benefit()
    return found


# More stock.


def _stock_difference(work: Work, payload: Payload) -> list[Change]:
    found = _benefit(work, payload)
    extra = payload.get("extra")
    if isinstance(extra, bool) or not isinstance(extra, int) or not 0 < extra <= _MOST_STOCK:
        raise bad_payload("extra", f"A whole number of 1 to {_MOST_STOCK}.")
    total = stock_total(found, counters.change_of(work, found.code))
    if total is None:
        raise Conflict("no_stock_limit", "This benefit has no stock to add to.")
    return [Change(f"{found.code}.stock_total", str(total), str(total + extra))]


def _add_stock(work: Work, payload: Payload, _maker: str) -> dict[str, Any]:
    counters.change(work, _benefit(work, payload).code, more_stock=payload["extra"])
    return {"benefit": payload["benefit"], "extra": payload["extra"]}


# Pause and resume.


def _pause(name: str, paused: bool) -> Kind:
    def difference(work: Work, payload: Payload) -> list[Change]:
        found = _benefit(work, payload)
        if counters.change_of(work, found.code).paused is paused:
            raise Conflict("nothing_to_change", "It is so already.")
        return [Change(f"{found.code}.paused", str(not paused).lower(), str(paused).lower())]

    def apply(work: Work, payload: Payload, _maker: str) -> dict[str, Any]:
        counters.change(work, _benefit(work, payload).code, paused=paused)
        return {"benefit": payload["benefit"], "paused": paused}

    return Kind(name, difference, apply)


# Alerts.


def _alert(work: Work, payload: Payload) -> alerts.Alert:
    raw = from_wire("alr", payload_text(payload, "alert"))
    found = alerts.find(work, raw) if raw else None
    if found is None:
        raise NotFound("unknown_alert", "There is no such alert.")
    return found


def _alert_difference(work: Work, payload: Payload) -> list[Change]:
    found = _alert(work, payload)
    note = payload_text(payload, "note")
    if found.state != "open":
        raise Conflict("already_closed", "This alert has been closed.")
    closing = Change(f"{found.kind} at {found.merchant}", "open", "closed")
    return [closing, Change("note", None, note)]


def _close_alert(work: Work, payload: Payload, _maker: str) -> dict[str, Any]:
    """The last alert of a merchant that closes lets its settlement go on."""
    found = _alert(work, payload)
    # Holding once more takes the lock of the merchant's books: an alert that is raised meanwhile
    # comes before the look at what is open, or holds them again after.
    clearing.hold(work, BOOK.name, found.merchant)
    if not alerts.close(work, found.id, payload_text(payload, "note")):
        raise Conflict("already_closed", "This alert has been closed.")
    released = 0
    if not alerts.any_open(work, found.merchant):
        released = clearing.release(work, BOOK.name, found.merchant)
    return {"merchant": found.merchant, "payouts_released": released}


APPROVALS = (
    Kind("benefit_stock", _stock_difference, _add_stock),
    _pause("benefit_pause", True),
    _pause("benefit_resume", False),
    Kind("alert_closing", _alert_difference, _close_alert),
)
