"""Use cases of value that comes from elsewhere: points received from a partner, and their way back.

What goes to a partner is a hold like any other, settled with the partner's account as its payee.
"""

from datetime import date

from app.ledger import model, store
from app.ledger.model import (
    AVAILABLE,
    CAUSES,
    EXCHANGE_BACK,
    EXCHANGE_IN,
    Account,
    Flow,
    Purpose,
    Purse,
)
from app.ledger.service import Wallets, lapsed, lock, terms
from app.plumbing.work import Work


def receive(
    work: Work,
    resident: bytes,
    amount: int,
    purpose: Purpose,
    source: str,
    expires_on: date,
    wallets: Wallets | None = None,
) -> None:
    """Give a resident points from a system account: debt first, then the lot of `expires_on`.

    `amount` in hundredths, above nothing. That it happens once for a purpose is the caller's care.
    """
    assert purpose.kind == CAUSES[EXCHANGE_IN]
    locked = lock(work, [resident]) if wallets is None else wallets
    purse = _booked(work, resident, locked)
    origin, lot = model.system(source), model.home(expires_on, work.today, terms(work))
    purse.give(origin, amount, lot, Flow(origin, lot, amount, EXCHANGE_IN, purpose.id))
    _write(work, resident, purse, locked)


def take_out(
    work: Work,
    resident: bytes,
    amount: int,
    purpose: Purpose,
    to: str,
    expires_on: date,
    wallets: Wallets | None = None,
) -> int:
    """Take back to a system account what `receive` gave: out of its lot first, then of what lapsed
    of it, then other lots. Returns what is left, which is now owed as debt."""
    assert purpose.kind == CAUSES[EXCHANGE_BACK]
    locked = lock(work, [resident]) if wallets is None else wallets
    purse = _booked(work, resident, locked)
    before = purse.debt
    lot = Account(AVAILABLE, expires_on)
    wanted = Flow(lot, model.system(to), amount, EXCHANGE_BACK, purpose.id)
    model.draw(purse, [lot], lapsed(work, resident, purse, expires_on), wanted)
    _write(work, resident, purse, locked)
    return purse.debt - before


def _booked(work: Work, resident: bytes, locked: Wallets) -> Purse:
    purse = store.purses(work, {resident: locked[resident]})[resident]
    model.book(purse, work.today, terms(work))
    return purse


def _write(work: Work, resident: bytes, purse: Purse, locked: Wallets) -> None:
    store.write(work, [(resident, flow) for flow in purse.flows])
    locked[resident] = purse.debt
