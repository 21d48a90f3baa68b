"""Queries of holds: what is kept apart for somebody, and of which transfers it was made."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.kernel import Ids
from app.ledger.model import Account, Taken
from app.ledger.tables import hold, transfer
from app.plumbing.db import insert_rows
from app.plumbing.work import Work


def add_hold(
    work: Work,
    resident: bytes,
    hold_id: bytes,
    amount: int,
    cause: bytes | None,
    lapses_at: datetime | None,
) -> None:
    """Write a new open hold."""
    insert_rows(
        work.db, hold, [(resident, hold_id, amount, amount, "open", cause, work.now, lapses_at)]
    )


def find_hold(work: Work, resident: bytes, hold_id: bytes) -> Any:
    """A hold of this resident, or None."""
    return work.db.execute(
        sa.select(hold).where(hold.c.resident_id == resident, hold.c.id == hold_id)
    ).one_or_none()


def reduce_hold(work: Work, resident: bytes, hold_id: bytes, amount: int, state: str) -> None:
    """Take `amount` off what is open; at nothing the hold gets its last state."""
    left = hold.c.open - amount
    work.db.execute(
        hold.update()
        .where(hold.c.resident_id == resident, hold.c.id == hold_id)
        .values(open=left, state=sa.case((left == 0, state), else_=hold.c.state))
    )


def taken(work: Work, resident: bytes, hold_id: bytes, opened_at: datetime) -> list[Taken]:
    """The transfers that made a hold, in order, each with what is still held of it."""
    rows = work.db.execute(
        sa.select(transfer)
        .where(
            transfer.c.resident_id == resident,
            transfer.c.id >= Ids.of(opened_at).least,
            transfer.c.cause == hold_id,
        )
        .order_by(transfer.c.id)
    ).all()
    left: dict[bytes, int] = {}
    for row in rows:
        if row.code == "hold":
            left[row.id] = row.amount
        elif row.reverses in left:
            left[row.reverses] -= row.amount
    return [
        Taken(row.id, Account(row.debit, row.debit_day), left[row.id])
        for row in rows
        if row.code == "hold"
    ]


def lapsed_holds(work: Work, count: int) -> list[tuple[bytes, bytes]]:
    """Some open holds (resident, id) whose time is over, the longest over first."""
    rows = work.db.execute(
        sa.select(hold.c.resident_id, hold.c.id)
        .where(hold.c.state == "open", hold.c.lapses_at <= work.now)
        .order_by(hold.c.lapses_at)
        .limit(count)
    )
    return [(row.resident_id, row.id) for row in rows]
