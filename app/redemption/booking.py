"""Settlement as merchants and operators see it: files, payouts, statements, reconciliation."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from app import clearing, merchants
from app.clearing import Difference, File, Item, Payout
from app.kernel import BadQuantity, Conflict, Invalid, fen, to_wire, yuan
from app.plumbing.paging import Page
from app.plumbing.work import Work
from app.redemption.giving import BOOK, KINDS

REFERENCE = "redemption"


def files(work: Work, merchant: str, page: Page) -> dict[str, Any]:
    """A merchant's files, newest first, with what is paid for each and when."""
    found, after = clearing.files(work, BOOK, merchant, page)
    return {"items": _summaries(work, found), "next_cursor": after}


def _summaries(work: Work, found: Sequence[File]) -> list[dict[str, Any]]:
    payouts = clearing.payouts_of(work, [each.id for each in found])
    zone = work.rules.pack.zone
    return [
        {
            "day": each.day,
            "totals": clearing.shown(each.totals),
            "payouts": [payout(one) for one in payouts.get(each.id, [])],
            "sha256": each.sha256.hex(),
            "made_at": each.made_at.astimezone(zone),
        }
        for each in found
    ]


def payout(found: Payout) -> dict[str, Any]:
    """What one funder pays for a file."""
    return {
        "id": to_wire("pay", found.id),
        "merchant": found.party,
        "day": found.day,
        "funder": found.payer,
        "amount": yuan(found.amount),
        "brought": yuan(found.brought),
        "status": found.state,
        "payable_on": found.payable_on,
        "transfer": found.transfer,
    }


def statement(work: Work, merchant: str, month: date) -> dict[str, Any]:
    """The statement of a month: its files and their sums, and the days that lack one."""
    found = clearing.month(work, BOOK, merchant, month)
    known = merchants.by_code(work, [merchant]).get(merchant)
    since = known.live_since if known else month
    return {
        "month": f"{found.month:%Y-%m}",
        "days": _summaries(work, found.files),
        "totals": clearing.shown(found.totals),
        "missing": [day for day in found.missing if day >= since],
    }


def reconcile(work: Work, merchant: str, day: date, theirs: Sequence[Item]) -> dict[str, Any]:
    """The merchant's own file of a day against ours; what differs is parked.

    Raises NotFound (not_closed), Conflict (too_late_to_dispute).
    """
    days = work.rules.offers.count("dispute_days", work.today)
    if work.today > day + timedelta(days=days):
        raise Conflict("too_late_to_dispute", f"A day can be disputed for {days} days.")
    found = clearing.reconcile(work, BOOK, merchant, day, theirs)
    counts: dict[str, int] = {}
    for each in found:
        counts[each.type] = counts.get(each.type, 0) + 1
    return {
        "day": day,
        "matched": not found,
        "differences": [difference(work, each) for each in found],
        "counts": counts,
    }


def difference(work: Work, found: Difference) -> dict[str, Any]:
    """A difference, for the merchant and for operators."""
    zone = work.rules.pack.zone
    return {
        "id": to_wire("dif", found.id),
        "merchant": found.party,
        "day": found.day,
        "type": found.type,
        "redemption": found.reference,
        "kind": found.kind,
        "ours": None if found.ours is None else yuan(found.ours),
        "theirs": None if found.theirs is None else yuan(found.theirs),
        "status": found.state,
        "resolution": found.resolution,
        "found_at": found.found_at.astimezone(zone),
        "closed_at": None if found.closed_at is None else found.closed_at.astimezone(zone),
    }


def their_items(body: dict[str, Any]) -> list[Item]:
    """The lines of a merchant's file, from JSON lines or from CSV text; a kind may be called by our
    word for the line or by the state of the redemption.

    Raises Invalid (bad_file; nothing_to_compare when there is neither).
    """
    if body.get("lines") is not None:
        return [_item(number, each) for number, each in enumerate(body["lines"])]
    if body.get("csv") is not None:
        return [
            each._replace(kind=KINDS.get(each.kind, each.kind))
            for each in clearing.read_csv(body["csv"], REFERENCE)
        ]
    raise Invalid("nothing_to_compare", "Send `lines`, or your file as CSV.")


def _item(number: int, said: dict[str, Any]) -> Item:
    kind = said["kind"] or said["status"] or REFERENCE
    try:
        return Item(said["redemption"], KINDS.get(kind, kind), fen(said["amount"]))
    except BadQuantity:
        pointer = f"/lines/{number}/amount"
        fault = {"pointer": pointer, "code": "invalid", "detail": "An amount such as 1.99."}
        raise Invalid("bad_file", "An amount cannot be read.", errors=[fault]) from None
