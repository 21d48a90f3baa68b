"""Queries of holds: what is kept apart for somebody, and of which transfers it was made."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.kernel import Ids
from app.ledger.model import Account
from app.ledger.reserve import Taken
from app.ledger.tables import hold, transfer
from app.plumbing.db import insert_rows
from app.plumbing.work import Work


def add_hold(
    work: Work,
    resident: bytes,
    hold_id: bytes,
    amount: int,
    kind: str | None,
    lapses_at: datetime | None,
) -> None:
    """Write a new open hold."""
    insert_rows(
        work.db, hold, [(resident, hold_id, amount, amount, "open", kind, work.now, lapses_at)]
    )


def find_hold(work: Work, resident: bytes, hold_id: bytes) -> Any:
    """A hold of this resident, or None."""
    return work.db.execute(_FIND, {"whose": resident, "which": hold_id}).one_or_none()


def reduce_hold(work: Work, resident: bytes, hold_id: bytes, amount: int, state: str) -> None:
    """Take `amount` off what is open; at nothing the hold gets its last state."""
    asked = {"whose": resident, "which": hold_id, "less": amount, "last": state}
    work.db.execute(_REDUCE, asked)


_MINE = sa.and_(hold.c.resident_id == sa.bindparam("whose"), hold.c.id == sa.bindparam("which"))
_FIND = sa.select(hold).where(_MINE)
_LEFT = hold.c.open - sa.bindparam("less", type_=sa.BigInteger)
_REDUCE = (
    hold.update()
    .where(_MINE)
    .values(
        open=_LEFT,
        state=sa.case((_LEFT == 0, sa.bindparam("last", type_=sa.String)), else_=hold.c.state),
    )
)


def taken(work: Work, resident: bytes, hold_id: bytes, opened_at: datetime) -> list[Taken]:
    """The transfers that made a hold, in order, each with what is still held of it."""
    rows = _transfers(work, resident, hold_id, opened_at)
    left = _left(rows, "hold")
    return [
        Taken(row.id, Account(row.debit, row.debit_day), left[row.id])
        for row in rows
        if row.code == "hold"
    ]


def paid(work: Work, resident: bytes, hold_id: bytes, opened_at: datetime) -> list[Taken]:
    """The transfers by which a hold was paid out, in order, each with what has not come back."""
    rows = _transfers(work, resident, hold_id, opened_at)
    sources = {row.id: Account(row.debit, row.debit_day) for row in rows if row.code == "hold"}
    left = _left(rows, "settle")
    return [
        Taken(row.id, sources[row.reverses], left[row.id], row.credit)
        for row in rows
        if row.code == "settle"
    ]


def _transfers(work: Work, resident: bytes, hold_id: bytes, opened_at: datetime) -> Sequence[Any]:
    asked = {"whose": resident, "since": Ids.of(opened_at).least, "what": hold_id}
    return work.db.execute(_OF_HOLD, asked).all()


_OF_HOLD = (
    sa.select(transfer)
    .where(
        transfer.c.resident_id == sa.bindparam("whose"),
        transfer.c.id >= sa.bindparam("since"),
        transfer.c.cause == sa.bindparam("what"),
    )
    .order_by(transfer.c.id)
)


def _left(rows: Sequence[Any], code: str) -> dict[bytes, int]:
    """What is left of the transfers with this code once those that reverse them are counted."""
    left = {row.id: row.amount for row in rows if row.code == code}
    for row in rows:
        if row.reverses in left:
            left[row.reverses] -= row.amount
    return left


def kinds(work: Work, resident: bytes, hold_ids: Iterable[bytes]) -> dict[bytes, str]:
    """Of these ids, those that are holds of something, with the prefix of its wire id."""
    rows = work.db.execute(
        sa.select(hold.c.id, hold.c.kind).where(
            hold.c.resident_id == resident, hold.c.id.in_(hold_ids), hold.c.kind.is_not(None)
        )
    )
    return {row.id: row.kind for row in rows}


def lapsed_holds(work: Work, count: int) -> list[tuple[bytes, bytes]]:
    """Some open holds (resident, id) whose time is over, the longest over first."""
    rows = work.db.execute(
        sa.select(hold.c.resident_id, hold.c.id)
        .where(hold.c.state == "open", hold.c.lapses_at <= work.now)
        .order_by(hold.c.lapses_at)
        .limit(count)
    )
    return [(row.resident_id, row.id) for row in rows]


def open_holds(work: Work, kind: str) -> list[tuple[bytes, bytes, int]]:
    """Every open hold (resident, id, hundredths) for things of this prefix."""
    rows = work.db.execute(
        sa.select(hold.c.resident_id, hold.c.id, hold.c.open).where(
            hold.c.kind == kind, hold.c.state == "open"
        )
    )
    return [(row.resident_id, row.id, row.open) for row in rows]
