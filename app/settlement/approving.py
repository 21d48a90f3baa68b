"""What of settlement takes two operators, whatever the book: closing a difference, noting a
payment."""

from functools import partial
from typing import Any

from app import clearing
from app.approvals import Change, Kind, bad_payload, payload_text
from app.kernel import Conflict, NotFound, from_wire, to_wire, yuan
from app.plumbing.work import Work
from app.settlement.books import Book, Books

Payload = dict[str, Any]


def approvals(books: Books) -> tuple[Kind, ...]:
    """The kinds of approval for these books.

    `difference_resolution`: `{difference, resolution, funder?}` (the last by the book's own word
    for who pays); `payout_payment`: `{payout, transfer}`.
    """
    return (
        Kind("difference_resolution", partial(_difference, books), partial(_resolve, books)),
        Kind("payout_payment", partial(_payout, books), partial(_pay, books)),
    )


# Differences of a reconciliation.


def _read(books: Books, work: Work, payload: Payload) -> tuple[Book, clearing.Difference]:
    raw = from_wire("dif", payload_text(payload, "difference"))
    if raw is None:
        raise NotFound("unknown_difference", "There is no such difference.")
    found = clearing.difference(work, raw)
    book = books[found.book]
    if payload.get("resolution") not in clearing.RESOLUTIONS:
        raise bad_payload("resolution", f"One of {', '.join(clearing.RESOLUTIONS)}.")
    payers = book.payers(work)
    if payload.get(book.payer) not in (None, *payers):
        raise bad_payload(book.payer, f"One of {', '.join(sorted(payers))}.")
    return book, found


def _difference(books: Books, work: Work, payload: Payload) -> list[Change]:
    book, found = _read(books, work, payload)
    if found.state != "open":
        raise Conflict("already_closed", "This difference has been closed.")
    moved = found.excess if payload["resolution"] == "theirs" else 0
    nobody = found.told is None and payload.get(book.payer) is None
    if moved and nobody and not book.shape.both_ways:
        raise bad_payload(book.payer, f"We have no line of this; say which {book.payer} pays.")
    return [
        Change(f"{found.type} {found.reference}", "open", f"closed: {payload['resolution']}"),
        Change(f"owed to the {book.party}", yuan(0), yuan(moved)),
    ]


def _resolve(books: Books, work: Work, payload: Payload, maker: str) -> dict[str, Any]:
    book, found = _read(books, work, payload)
    two = (maker, to_wire("cli", work.actor.id))
    payer = payload.get(book.payer)
    closed = clearing.resolve(work, found.id, payload["resolution"], two, payer)
    return {"reference": closed.reference, "resolution": closed.resolution}


# Pay.


def _payout(books: Books, work: Work, payload: Payload) -> list[Change]:
    found = clearing.payout(work, _payout_id(payload))
    transfer = payload_text(payload, "transfer", 80)
    if found is None:
        raise NotFound("unknown_payout", "There is no such payout.")
    if found.state != "due":
        raise Conflict("not_due", f"This payout is {found.state}.")
    payee = "the city" if found.payer == found.party else found.party
    moved = f"{yuan(found.amount)} {books[found.book].unit} to {payee}"
    return [Change(moved, found.state, f"paid: {transfer}")]


def _payout_id(payload: Payload) -> bytes:
    raw = from_wire("pay", payload_text(payload, "payout"))
    if raw is None:
        raise NotFound("unknown_payout", "There is no such payout.")
    return raw


def _pay(books: Books, work: Work, payload: Payload, _maker: str) -> dict[str, Any]:
    paid = clearing.pay(work, _payout_id(payload), payload_text(payload, "transfer", 80))
    word = books[paid.book].party
    return {word: paid.party, "amount": yuan(paid.amount), "transfer": paid.transfer}
