"""Use cases of settlement: files, payouts, statements and differences of any book, as seen by the
party they are about and by operators; and the files that are to be made."""

from collections.abc import Callable, Container, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from app import clearing
from app.clearing import Difference, File, Item, Payout
from app.kernel import BadQuantity, Conflict, Invalid, fen, to_wire, yuan
from app.plumbing.paging import Page
from app.plumbing.work import Work
from app.settlement.books import Book

_ONE_DAY = timedelta(days=1)


def close_next(
    work: Work,
    book: Book,
    begins: Mapping[str, date],
    payable_on: Callable[[str, date], date],
    resting: Container[str] = (),
) -> File | None:
    """Make one file of a party that is behind; None when none is. Safe to run twice.

    One file a transaction: the lines of a large party are not held up by the others'. `begins` is
    the first day of each party; who is `resting`, or not there, gets a file only while something
    is owed.
    """
    yesterday = work.today - _ONE_DAY
    last = clearing.closed_until(work, book.name)
    awake = {party for party in begins if party not in resting}
    for party in sorted({*awake, *clearing.parties_waiting(work, book.name, yesterday)}):
        first = begins.get(party, yesterday)
        day = last[party] + _ONE_DAY if party in last else first
        if day <= yesterday:
            due = payable_on(party, day)
            made = clearing.close(work, book.name, party, day, book.shape, due)
            if made is not None:
                return made
    return None


def files(work: Work, book: Book, party: str, page: Page) -> dict[str, Any]:
    """A party's files, newest first, with what is paid for each and when."""
    found, after = clearing.files(work, book.name, party, page)
    return {"items": _summaries(work, book, found), "next_cursor": after}


def _summaries(work: Work, book: Book, found: Sequence[File]) -> list[dict[str, Any]]:
    payouts = clearing.payouts_of(work, [each.id for each in found])
    zone = work.rules.pack.zone
    return [
        {
            "day": each.day,
            "totals": clearing.shown(each.totals),
            "payouts": [payout(book, one) for one in payouts.get(each.id, [])],
            "sha256": each.sha256.hex(),
            "made_at": each.made_at.astimezone(zone),
        }
        for each in found
    ]


def payout(book: Book, found: Payout) -> dict[str, Any]:
    """What one payer pays for a file."""
    return {
        "id": to_wire("pay", found.id),
        book.party: found.party,
        "day": found.day,
        book.payer: found.payer,
        "amount": yuan(found.amount),
        "brought": yuan(found.brought),
        "status": found.state,
        "payable_on": found.payable_on,
        "transfer": found.transfer,
    }


def statement(
    work: Work, book: Book, party: str, month: date, begins: date | None
) -> dict[str, Any]:
    """The statement of a month: its files and their sums, and the days from `begins` on (or of the
    whole month) that lack one."""
    found = clearing.month(work, book.name, party, month)
    return {
        "month": f"{found.month:%Y-%m}",
        "days": _summaries(work, book, found.files),
        "totals": clearing.shown(found.totals),
        "missing": [day for day in found.missing if begins is None or day >= begins],
    }


def reconcile(
    work: Work, book: Book, party: str, day: date, theirs: Sequence[Item]
) -> dict[str, Any]:
    """The party's own file of a day against ours; what differs is parked.

    Raises NotFound (not_closed), Conflict (too_late_to_dispute).
    """
    days = book.dispute_days(work, party)
    if work.today > day + timedelta(days=days):
        raise Conflict("too_late_to_dispute", f"A day can be disputed for {days} days.")
    found = clearing.reconcile(work, book.name, party, day, theirs)
    counts: dict[str, int] = {}
    for each in found:
        counts[each.type] = counts.get(each.type, 0) + 1
    return {
        "day": day,
        "matched": not found,
        "differences": [difference(work, book, each) for each in found],
        "counts": counts,
    }


def difference(work: Work, book: Book, found: Difference) -> dict[str, Any]:
    """A difference, for the party and for operators."""
    zone = work.rules.pack.zone
    return {
        "id": to_wire("dif", found.id),
        book.party: found.party,
        "day": found.day,
        "type": found.type,
        book.shape.reference: found.reference,
        "kind": found.kind,
        "ours": None if found.ours is None else yuan(found.ours),
        "theirs": None if found.theirs is None else yuan(found.theirs),
        "status": found.state,
        "resolution": found.resolution,
        "found_at": found.found_at.astimezone(zone),
        "closed_at": None if found.closed_at is None else found.closed_at.astimezone(zone),
    }


def their_items(book: Book, body: Mapping[str, Any]) -> list[Item]:
    """The lines of a party's file, from JSON lines (`lines`) or from CSV text (`csv`); their words
    for a kind are taken for ours.

    Raises Invalid (bad_file; nothing_to_compare when there is neither).
    """
    if body.get("lines") is not None:
        return [_item(book, number, each) for number, each in enumerate(body["lines"])]
    if body.get("csv") is not None:
        return [
            each._replace(kind=book.kinds.get(each.kind, each.kind))
            for each in clearing.read_csv(body["csv"], book.shape.reference)
        ]
    raise Invalid("nothing_to_compare", "Send `lines`, or your file as CSV.")


def _item(book: Book, number: int, said: Mapping[str, Any]) -> Item:
    kind = said["kind"] or said["status"] or book.kind
    try:
        amount = fen(said["amount"])
    except BadQuantity:
        pointer = f"/lines/{number}/amount"
        fault = {"pointer": pointer, "code": "invalid", "detail": "An amount such as 1.99."}
        raise Invalid("bad_file", "An amount cannot be read.", errors=[fault]) from None
    return Item(said[book.shape.reference], book.kinds.get(kind, kind), amount)
