"""Use cases of holds: keep points apart for something, then pay them out or give them back.

A hold has the id of what it is for (a voucher, say), so its transfers name that as their cause.
"""

from datetime import datetime

from app.kernel import NotFound
from app.ledger import holds, model, reserve, store
from app.ledger.model import REDEEMED, HoldClosed, Purpose
from app.ledger.service import Wallets, lock, terms
from app.plumbing.work import Work


def hold(
    work: Work,
    resident: bytes,
    amount: int,
    purpose: Purpose | None = None,
    lapses_at: datetime | None = None,
    wallets: Wallets | None = None,
) -> bytes:
    """Hold points of a resident, first-expiring lots first, after booking what is due.

    Returns the hold's id, that of its purpose. `wallets` spares the lock to whoever has it
    already, here and below. Raises `NotEnoughPoints`.
    """
    locked = lock(work, [resident]) if wallets is None else wallets
    purse = store.purses(work, {resident: locked[resident]})[resident]
    kind, hold_id = purpose or (None, work.new_id())
    model.book(purse, work.today, terms(work))
    reserve.hold(purse, amount, hold_id)
    store.write(work, [(resident, flow) for flow in purse.flows])
    locked[resident] = purse.debt
    holds.add_hold(work, resident, hold_id, amount, kind, lapses_at)
    return hold_id


def settle(
    work: Work,
    resident: bytes,
    hold_id: bytes,
    amount: int | None = None,
    payee: str = REDEEMED,
    wallets: Wallets | None = None,
) -> int:
    """Pay a hold (or a part of it) out. Returns the amount. Raises `HoldClosed`."""
    return _close_hold(work, resident, hold_id, amount, payee, wallets)


def release(
    work: Work,
    resident: bytes,
    hold_id: bytes,
    amount: int | None = None,
    wallets: Wallets | None = None,
) -> int:
    """Give a hold (or a part) back to the lots it came from. Raises `HoldClosed`."""
    return _close_hold(work, resident, hold_id, amount, None, wallets)


def lapse(work: Work, resident: bytes, hold_id: bytes) -> bool:
    """Release a hold whose time is over, unless somebody was faster."""
    lock(work, [resident])
    row = holds.find_hold(work, resident, hold_id)
    if row is None or row.state != "open" or row.lapses_at is None or row.lapses_at > work.now:
        return False
    release(work, resident, hold_id)
    return True


def _close_hold(
    work: Work,
    resident: bytes,
    hold_id: bytes,
    amount: int | None,
    payee: str | None,
    wallets: Wallets | None,
) -> int:
    locked = lock(work, [resident]) if wallets is None else wallets
    row = holds.find_hold(work, resident, hold_id)
    if row is None:
        raise NotFound("unknown_hold", "There is no such hold.")
    wanted = row.open if amount is None else amount
    if row.state != "open" or not 0 < wanted <= row.open:
        raise HoldClosed(row.state)
    purse = store.purses(work, {resident: locked[resident]})[resident]
    taken = holds.taken(work, resident, hold_id, row.opened_at)
    if payee is None:
        reserve.release(purse, taken, wanted, hold_id, work.today, terms(work))
    else:
        reserve.settle(purse, taken, wanted, hold_id, payee)
    store.write(work, [(resident, flow) for flow in purse.flows])
    locked[resident] = purse.debt
    state = "released" if payee is None else "settled"
    holds.reduce_hold(work, resident, hold_id, wanted, state)
    return int(wanted)


def give_back(
    work: Work,
    resident: bytes,
    hold_id: bytes,
    amount: int | None = None,
    wallets: Wallets | None = None,
) -> int:
    """Take back what a hold paid out (or a part) and give it to the lots it came from.

    The other half of `settle`: for a void or a refund. Returns the amount, None meaning all that
    has not come back yet. Raises `NotFound`, `HoldClosed` when that is less than asked for.
    """
    locked = lock(work, [resident]) if wallets is None else wallets
    row = holds.find_hold(work, resident, hold_id)
    if row is None:
        raise NotFound("unknown_hold", "There is no such hold.")
    paid = holds.paid(work, resident, hold_id, row.opened_at)
    there = sum(each.left for each in paid)
    wanted = there if amount is None else amount
    if not 0 < wanted <= there:
        raise HoldClosed(row.state)
    purse = store.purses(work, {resident: locked[resident]})[resident]
    model.book(purse, work.today, terms(work))
    reserve.give_back(purse, paid, wanted, hold_id, work.today, terms(work))
    store.write(work, [(resident, flow) for flow in purse.flows])
    locked[resident] = purse.debt
    return wanted
