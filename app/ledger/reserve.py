"""The arithmetic of holds on a `Purse`: keep apart, pay out, give back. Pure."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from app.ledger.model import (
    AVAILABLE,
    EXPIRED,
    GRACE,
    HELD,
    Account,
    Flow,
    NotEnoughPoints,
    Purse,
    Terms,
    home,
    system,
)


def hold(purse: Purse, amount: int, cause: bytes) -> None:
    """Hold `amount`, the first-expiring lots first. Raises `NotEnoughPoints`."""
    spendable = purse.total(AVAILABLE, GRACE)
    if spendable < amount:
        raise NotEnoughPoints(amount, spendable)
    left = amount
    for account, balance in list(purse.of(AVAILABLE, GRACE)):
        part = min(left, balance)
        if part:
            purse.move(Flow(account, Account(HELD, account.day), part, "hold", cause))
            left -= part


class Taken(NamedTuple):
    """One transfer of a hold, and how much of it is still held (or, once paid out to `payee`,
    has not come back)."""

    id: bytes
    source: Account
    left: int
    payee: str = HELD


def settle(purse: Purse, taken: list[Taken], amount: int, cause: bytes, payee: str) -> None:
    """Pay `amount` of a hold out to a system account, in the order it was taken."""
    for row, part in _parts(taken, amount):
        held = Account(HELD, row.source.day)
        purse.move(Flow(held, system(payee), part, "settle", cause, None, row.id))


def release(
    purse: Purse, taken: list[Taken], amount: int, cause: bytes, today: date, terms: Terms
) -> None:
    """Give `amount` of a hold back, the last taken first, to the lots it came from.

    Debt is paid first. A lot that has expired meanwhile gets one grace lot; a grace lot that has
    expired gets no second.
    """
    for row, part in _parts(taken[::-1], amount):
        _return(purse, Account(HELD, row.source.day), row, part, "release", cause, today, terms)


def give_back(
    purse: Purse, paid: list[Taken], amount: int, cause: bytes, today: date, terms: Terms
) -> None:
    """Give `amount` of what a hold paid out back, in the manner of `release`."""
    for row, part in _parts(paid[::-1], amount):
        _return(purse, Account(row.payee), row, part, "refund", cause, today, terms)


def _return(
    purse: Purse, source: Account, row: Taken, part: int, code: str, cause: bytes,
    today: date, terms: Terms,
) -> None:  # fmt: skip
    assert row.source.day is not None
    back = home(row.source.day, today, terms)
    if row.source.pocket == GRACE:
        back = row.source if row.source.day >= today else Account(EXPIRED, row.source.day)
    purse.give(source, part, back, Flow(source, back, 1, code, cause, None, row.id))


def _parts(taken: list[Taken], amount: int) -> Iterator[tuple[Taken, int]]:
    left = amount
    for row in taken:
        part = min(left, row.left)
        if part:
            yield row, part
            left -= part
