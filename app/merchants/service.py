"""Use cases of the register: who calls, at which store, and who there is."""

from collections.abc import Iterable, Sequence
from datetime import date

import orjson

from app.kernel import Conflict, Forbidden, Invalid, NotFound
from app.merchants import store
from app.merchants.model import (
    CLOSED,
    CODE,
    LIVE,
    OPEN,
    SUSPENDED,
    Merchant,
    NewStore,
    Particulars,
    Seat,
    Sheet,
    Store,
    check_seat,
)
from app.plumbing.work import Work

_MAIN = "main"


# The door of the hot path.


def seat(work: Work, client_id: bytes, *, resting: bool = False) -> Seat:
    """Where a client may act now. One statement.

    `resting` lets in a merchant that is suspended or closed and a store that is closed: to look,
    and to put the own house in order. Raises Forbidden: no_merchant, terminal_off,
    merchant_suspended, store_closed.
    """
    found = store.seat(work, client_id)
    if found is None:
        raise Forbidden("no_merchant", "This client belongs to no merchant; ask an operator.")
    role, active, whose, place = found
    here = Seat(client_id, whose, place, role)
    check_seat(here, active, resting)
    return here


def store_of(work: Work, merchant_id: bytes, store_id: bytes) -> Store:
    """An open store of a merchant. Raises NotFound (unknown_store), Conflict (store_closed)."""
    found = store.find_store(work, store_id)
    if found is None or found[0].merchant_id != merchant_id:
        raise unknown_store()
    if found[0].state != OPEN:
        raise Conflict("store_closed", "This store has been closed.")
    return found[0]


def only_store(work: Work, here: Seat) -> Store:
    """The seat's own store, or the only open one of its merchant. Raises Invalid (store_needed)."""
    if here.store is not None:
        return here.store
    found = [each for each in stores(work, here.merchant.id) if each.state == OPEN]
    if len(found) != 1:
        raise Invalid(
            "store_needed",
            "Say at which store (store_id): your merchant has none open, or several.",
            errors=[{"pointer": "/store_id", "code": "required", "detail": "Which store?"}],
        )
    return found[0]


def stores(work: Work, merchant_id: bytes) -> list[Store]:
    """All stores of a merchant, closed ones too, by code."""
    return store.stores(work, merchant_id)


def find_store(work: Work, store_id: bytes) -> tuple[Store, Merchant] | None:
    """An open store of a live merchant: one where a resident can pay now. None for any other."""
    found = store.find_store(work, store_id)
    if found is None or found[0].state != OPEN or found[1].state != LIVE:
        return None
    return found


def by_code(work: Work, codes: Iterable[str]) -> dict[str, Merchant]:
    """Merchants by their codes, in any state; a code that nobody has is absent."""
    return store.by_code(work, codes)


def live(work: Work) -> list[Merchant]:
    """Live merchants, oldest first."""
    return store.of_states(work, LIVE)


def everyone(work: Work) -> list[Merchant]:
    """Merchants in any state, oldest first: what is owed outlives a suspension."""
    return store.of_states(work, LIVE, SUSPENDED, CLOSED)


# The register itself.


def found(
    work: Work,
    code: str,
    name: str,
    name_en: str | None = None,
    new_stores: Sequence[NewStore] = (),
    *,
    since: date | None = None,
) -> Merchant:
    """A live merchant that nobody has checked, for the demo city and for developers.

    Without `new_stores` it has one, `main`. `since` is the day of going live, today unless said.
    Of a code that exists nothing changes. Raises Conflict (not_in_production), Invalid (bad_code).
    """
    if work.settings.production:
        raise Conflict("not_in_production", "A merchant goes live when two operators approve it.")
    if not CODE.fullmatch(code):
        raise Invalid("bad_code", "A code has 2 to 40 of a-z, 0-9 and _.")
    new = Merchant(work.new_id(), code, name, name_en, LIVE, since or work.today)
    if store.add(work, new, None):
        somewhere = NewStore(_MAIN, name, "-", "-")
        store.add_stores(work, new.id, new_stores or (somewhere,))
        return new
    return merchant(work, code)


def merchant(work: Work, code: str) -> Merchant:
    """One merchant in any state. Raises NotFound (unknown_merchant)."""
    known = store.find(work, code) if CODE.fullmatch(code) else None
    if known is None:
        raise NotFound("unknown_merchant", "There is no such merchant.")
    return known


def listed(work: Work, limit: int, before: bytes | None) -> list[Merchant]:
    """Merchants in any state, newest first, from the one before an id on."""
    return store.listed(work, limit, before)


def sheet(work: Work, code: str) -> Sheet:
    """What operators see of one merchant. Raises NotFound (unknown_merchant)."""
    mine = merchant(work, code)
    sealed = store.particulars(work, mine.id)
    told = None if sealed is None else orjson.loads(work.keys.decrypt(sealed))
    masked = None if told is None else Particulars(*told).masked()
    return Sheet(mine, masked, stores(work, mine.id))


def unknown_store() -> NotFound:
    """There is no such store, or it is another merchant's."""
    return NotFound("unknown_store", "There is no such store.")
