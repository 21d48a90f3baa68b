"""What every way of redeeming ends in: points are paid, the merchant's line is written, the voucher
moves on; and the way back. All of it in the transaction that decided it."""

from dataclasses import replace

from app import clearing, ledger
from app.clearing import Line
from app.kernel import points, to_wire, yuan
from app.plumbing.work import Work
from app.redemption import counters, issuing, register, store
from app.redemption.books import BOOK, KINDS
from app.redemption.issuing import Held
from app.redemption.model import REDEEMED, REFUNDED, VOIDED, Redemption, Voucher

# A refund leaves what was paid at the counter to the counter.
_CASH = {REDEEMED: 1, VOIDED: -1, REFUNDED: 0}


def give(
    work: Work,
    held: Held,
    merchant: str,
    way: str,
    store_id: bytes | None = None,
    client_id: bytes | None = None,
) -> Redemption:
    """Redeem a voucher that is open. `way` says how it was shown (or `immediate`)."""
    found, wallets = held
    ledger.settle(work, found.resident_id, found.id, wallets=wallets)
    new = Redemption(
        merchant=merchant,
        id=work.new_id(),
        store_id=store_id,
        client_id=client_id,
        resident_id=found.resident_id,
        voucher_id=found.id,
        benefit=found.benefit,
        price=found.price,
        cash=found.cash,
        cost=found.cost,
        funder=found.funder,
        way=way,
        state=REDEEMED,
        day=work.today,
        at=work.now,
        returned=0,
        returned_cost=0,
        ended_at=None,
    )
    register.add(work, new)
    clearing.add(work, [_line(work, new, REDEEMED, new.cost, new.price)])
    store.move(work, found, REDEEMED, redemption_id=new.id)
    return new


def void(work: Work, found: Redemption, held: Held) -> Redemption:
    """Undo a redemption of today: as if it had never been."""
    voucher, wallets = held
    ledger.give_back(work, voucher.resident_id, voucher.id, wallets=wallets)
    return _end(work, found, voucher, VOIDED, found.price, found.cost)


def refund(work: Work, found: Redemption, held: Held, part: int, cost: int) -> Redemption:
    """Give back `part` hundredths of a point of a redemption, and `cost` fen to its funder."""
    voucher, wallets = held
    ledger.give_back(work, voucher.resident_id, voucher.id, part, wallets=wallets)
    return _end(work, found, voucher, REFUNDED, part, cost)


def _end(
    work: Work, found: Redemption, voucher: Voucher, state: str, part: int, cost: int
) -> Redemption:
    register.end(work, found, state, part, cost)
    clearing.add(work, [_line(work, found, state, -cost, part)])
    store.move(work, voucher, state)
    if state == VOIDED:
        issuing.give_limits_back(work, [voucher])
    else:
        counters.return_budgets(work, {(found.funder, voucher.issued_on): cost})
    return replace(found, state=state, returned=part, returned_cost=cost, ended_at=work.now)


def _line(work: Work, of: Redemption, state: str, amount: int, part: int) -> Line:
    return Line(
        id=work.new_id(),
        book=BOOK.name,
        party=of.merchant,
        day=work.today,
        at=work.now,
        kind=KINDS[state],
        reference=of.id,
        amount=amount,
        told={
            "store": None if of.store_id is None else to_wire("sto", of.store_id),
            "benefit": of.benefit,
            "points": points(part if state == REDEEMED else -part),
            "cash": yuan(of.cash * _CASH[state]),
            "funder": of.funder,
        },
    )
