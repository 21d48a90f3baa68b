"""Queries of the merchants' register. Rows in, values out."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from app.merchants.model import CLOSED, OPEN, Merchant, NewStore, Store, Terminal
from app.merchants.tables import merchant, store, terminal
from app.plumbing.db import Id, Rows, insert_rows, prepared, upsert
from app.plumbing.work import Work

_MERCHANT = [merchant.c[name] for name in ("id", "code", "name", "name_en", "state", "live_since")]
_STORE = [
    store.c[name] for name in ("id", "merchant_id", "code", "name", "district", "address", "state")
]
_TERMINAL = [terminal.c[name] for name in ("client_id", "store_id", "role", "label", "active")]
_CODES = Rows("wanted", code=sa.String(40))

# Asked for with every call of a merchant: made once, and three rows by key.
_SEAT = (
    sa.select(terminal.c.role, terminal.c.active, *_MERCHANT, *_STORE)
    .join(merchant, merchant.c.id == terminal.c.merchant_id)
    .join(store, store.c.id == terminal.c.store_id, isouter=True)
    .where(terminal.c.client_id == sa.bindparam("wanted", type_=Id))
)
_TO_STORE = 2 + len(_MERCHANT)


def seat(work: Work, client_id: bytes) -> tuple[str, bool, Merchant, Store | None] | None:
    """Role, whether it is active, merchant and store of a client."""
    row = work.db.execute(_SEAT, {"wanted": client_id}).first()
    if row is None:
        return None
    place = None if row[_TO_STORE] is None else Store(*row[_TO_STORE:])
    return row.role, row.active, Merchant(*row[2:_TO_STORE]), place


# Merchants.


def add(work: Work, new: Merchant, particulars: bytes | None) -> bool:
    """One more merchant; False when its code is taken."""
    columns = {column.name: getattr(new, column.name) for column in _MERCHANT}
    insert = upsert(work.db, merchant).values(
        **columns, particulars_sealed=particulars, created_at=work.now
    )
    kept = insert.on_conflict_do_nothing(index_elements=[merchant.c.code])
    return work.db.execute(kept.returning(merchant.c.id)).first() is not None


def by_code(work: Work, codes: Iterable[str]) -> dict[str, Merchant]:
    """Merchants in any state; a code that nobody has is absent."""
    asked = _CODES.bind(work.db, [(code,) for code in dict.fromkeys(codes)])
    found = (Merchant(*row) for row in work.db.execute(_by_code(work.db), asked))
    return {each.code: each for each in found}


@prepared
def _by_code(postgres: bool) -> Any:
    asked = _CODES.source(postgres)
    return sa.select(*_MERCHANT).join(asked, asked.c.code == merchant.c.code)


def particulars(work: Work, merchant_id: bytes) -> bytes | None:
    """The sealed particulars, None where nobody has checked any."""
    statement = sa.select(merchant.c.particulars_sealed).where(merchant.c.id == merchant_id)
    return work.db.scalar(statement)


def listed(work: Work, limit: int, before: bytes | None) -> list[Merchant]:
    """Merchants in any state, newest first, from the one before an id on."""
    statement = sa.select(*_MERCHANT).order_by(merchant.c.id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(merchant.c.id < before)
    return [Merchant(*row) for row in work.db.execute(statement)]


def of_states(work: Work, *states: str) -> list[Merchant]:
    """Every merchant in one of these states, oldest first."""
    statement = sa.select(*_MERCHANT).where(merchant.c.state.in_(states)).order_by(merchant.c.id)
    return [Merchant(*row) for row in work.db.execute(statement)]


def find(work: Work, code: str, *, lock: bool = False) -> Merchant | None:
    """The merchant of a code; `lock` holds the row until the work ends."""
    mine = sa.select(*_MERCHANT).where(merchant.c.code == code)
    row = work.db.execute(mine.with_for_update() if lock else mine).first()
    return None if row is None else Merchant(*row)


def change_state(work: Work, merchant_id: bytes, state: str) -> None:
    """Set the state of a locked merchant."""
    work.db.execute(merchant.update().where(merchant.c.id == merchant_id).values(state=state))


# Stores.


def add_stores(work: Work, merchant_id: bytes, new: Sequence[NewStore]) -> list[Store]:
    """More stores of one merchant, whose codes are free there."""
    made = [Store(work.new_id(), merchant_id, *each, OPEN) for each in new]
    rows = [(*(getattr(each, c.name) for c in _STORE), work.now) for each in made]
    insert_rows(work.db, store, rows)
    return made


def stores(work: Work, merchant_id: bytes) -> list[Store]:
    """All stores of a merchant, closed ones too, by code."""
    mine = sa.select(*_STORE).where(store.c.merchant_id == merchant_id).order_by(store.c.code)
    return [Store(*row) for row in work.db.execute(mine)]


def find_store(work: Work, store_id: bytes) -> tuple[Store, Merchant] | None:
    """A store in any state and its merchant."""
    statement = (
        sa.select(*_STORE, *_MERCHANT)
        .join(merchant, merchant.c.id == store.c.merchant_id)
        .where(store.c.id == store_id)
    )
    row = work.db.execute(statement).first()
    return row and (Store(*row[: len(_STORE)]), Merchant(*row[len(_STORE) :]))


def close_store(work: Work, store_id: bytes) -> None:
    """Close a store; its merchant is locked."""
    work.db.execute(store.update().where(store.c.id == store_id).values(state=CLOSED))


# Terminals.


def add_terminal(work: Work, merchant_id: bytes, new: Terminal) -> bool:
    """Let a client act for a merchant; False when it acts for one already."""
    columns = {column.name: getattr(new, column.name) for column in _TERMINAL}
    insert = upsert(work.db, terminal).values(
        **columns, merchant_id=merchant_id, created_at=work.now
    )
    kept = insert.on_conflict_do_nothing().returning(terminal.c.client_id)
    return work.db.execute(kept).first() is not None


def terminals(work: Work, merchant_id: bytes, limit: int, before: bytes | None) -> list[Terminal]:
    """Who may or might act for a merchant, newest first, from the one before an id on."""
    statement = sa.select(*_TERMINAL).where(terminal.c.merchant_id == merchant_id)
    if before is not None:
        statement = statement.where(terminal.c.client_id < before)
    newest = statement.order_by(terminal.c.client_id.desc()).limit(limit)
    return [Terminal(*row) for row in work.db.execute(newest)]


def switch_off(work: Work, merchant_id: bytes, client_id: bytes) -> bool:
    """False when the merchant has no such terminal."""
    mine = (terminal.c.client_id == client_id, terminal.c.merchant_id == merchant_id)
    return work.db.execute(terminal.update().where(*mine).values(active=False)).rowcount == 1
