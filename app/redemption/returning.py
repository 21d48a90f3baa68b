"""Use cases of giving back: void on the day, refund later, cancel a request without an answer."""

from datetime import timedelta
from typing import NamedTuple

from app.kernel import Conflict, Forbidden, Refused
from app.merchants import Seat
from app.plumbing.work import Work
from app.redemption import codebook, giving, issuing, register
from app.redemption.issuing import Held
from app.redemption.model import (
    REDEEMED,
    REFUNDED,
    VOIDED,
    Redemption,
    bad_part,
    returned_cost,
    unknown_redemption,
)
from app.redemption.redeeming import CANCELLED_HERE


class Locked(NamedTuple):
    """A redemption and its voucher, behind the lock of the resident's wallet."""

    redemption: Redemption
    held: Held


def _lock(work: Work, seat: Seat, redemption_id: bytes) -> Locked:
    merchant = seat.merchant.code
    found = register.find(work, merchant, redemption_id)
    if found is None:
        raise unknown_redemption()
    if seat.store is not None and found.store_id != seat.store.id:
        raise Forbidden("not_your_store", "This was redeemed at another store.")
    held = issuing.mine(work, found.resident_id, found.voucher_id)
    if found.resident_id in held.wallets.closed:
        raise unknown_redemption()
    again = register.find(work, merchant, redemption_id)
    assert again is not None, "a redemption is never deleted"
    return Locked(again, held)


def void(work: Work, seat: Seat, redemption_id: bytes) -> Redemption | Refused:
    """Undo a redemption on its day: the points go back to the lots they came from.

    Refused (kept): already_voided, already_refunded, too_late_to_void, not_voidable. Raises
    NotFound, Forbidden (not_your_store).
    """
    found, held = _lock(work, seat, redemption_id)
    try:
        _may_void(work, found, held)
    except Conflict as refusal:
        return issuing.turned_down(work, held.voucher, VOIDED, refusal)
    return giving.void(work, found, held)


def _may_void(work: Work, found: Redemption, held: Held) -> None:
    _still_redeemed(found)
    if found.client_id is None and found.way != "confirm":
        raise Conflict("not_voidable", "What is given at once cannot be undone.")
    if found.day != work.today or held.voucher.state != REDEEMED:
        raise Conflict("too_late_to_void", "Its day is over; it may still be refunded.")


def _still_redeemed(found: Redemption) -> None:
    if found.state == VOIDED:
        raise Conflict("already_voided", "This redemption was voided before.")
    if found.state == REFUNDED:
        raise Conflict("already_refunded", "A redemption is refunded once.")


def refund(work: Work, seat: Seat, redemption_id: bytes, part: int | None) -> Redemption | Refused:
    """Give points of a redemption back, once: `part` hundredths of a point, None for all.

    Refused (kept): already_voided, already_refunded, not_refundable, too_late_to_refund, no_part.
    Raises NotFound, Forbidden, Invalid (bad_points).
    """
    found, held = _lock(work, seat, redemption_id)
    points = found.price if part is None else part
    try:
        _may_refund(work, found, points)
    except Conflict as refusal:
        return issuing.turned_down(work, held.voucher, REFUNDED, refusal)
    if not 0 < points <= found.price:
        raise bad_part("A refund is above nothing and at most what was paid.")
    cost = returned_cost(found.cost, found.price, points)
    return giving.refund(work, found, held, points, cost)


def _may_refund(work: Work, found: Redemption, points: int) -> None:
    _still_redeemed(found)
    rule = work.rules.offers.benefits[found.benefit].refund
    if not rule.days:
        raise Conflict("not_refundable", "This benefit is not refunded.")
    if work.today > found.day + timedelta(days=rule.days):
        raise Conflict(
            "too_late_to_refund", f"This benefit is refunded within {rule.days} days only."
        )
    if points < found.price and not rule.partial:
        raise Conflict("no_part", "This benefit is refunded whole or not at all.")


class Outcome(NamedTuple):
    """What became of a terminal's key: `redeemed`, `voided`, `refunded`, `refused` (with the
    refusal's `code`) or `cancelled`; `redemption` where there is one."""

    status: str
    code: str | None
    redemption: Redemption | None


def outcome(work: Work, seat: Seat, key: bytes) -> Outcome | None:
    """The one true state of a request, by the terminal's own key; None: it has not arrived."""
    row = codebook.presented(work, seat.client_id, key)
    if row is None:
        return None
    if row.outcome == CANCELLED_HERE:
        return Outcome(CANCELLED_HERE, None, None)
    if row.redemption_id is None:
        return Outcome("refused", row.outcome, None)
    found = register.find(work, seat.merchant.code, row.redemption_id)
    assert found is not None, "a redemption is never deleted"
    return Outcome(found.state, None, found)


def give_up(work: Work, seat: Seat, key: bytes) -> Outcome | Refused:
    """The terminal waited long enough: whatever the request did is undone, and if it has not
    arrived it never will. Done again, it answers the same. Refused and raises as `void`."""
    if codebook.present(work, seat.client_id, key, CANCELLED_HERE):
        return Outcome(CANCELLED_HERE, None, None)
    found = outcome(work, seat, key)
    assert found is not None, "somebody wrote it before us"
    if found.status == REDEEMED and found.redemption is not None:
        undone = void(work, seat, found.redemption.id)
        if isinstance(undone, Refused):
            return undone
        return Outcome(undone.state, None, undone)
    return found
