"""Queries of payouts: who pays how much for a file, and whether that was done."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.clearing.model import File, Payout
from app.clearing.tables import OPEN_PAYOUT, payout
from app.plumbing.db import insert_rows
from app.plumbing.work import Work

_PAYOUT = [column for column in payout.columns if column.name != "netted_into"]


def add(work: Work, made: File, payable_on: date, held: bool) -> None:
    """Write the payouts of a new file, taking in what was carried over; the party is locked."""
    brought = {} if made.shape.both_ways else _net(work, made, made.owed)
    rows = []
    for payer, owed in made.owed.items():
        earlier = brought.get(payer, 0)
        amount = owed + earlier
        state = "carried" if amount <= 0 else "held" if held else "due"
        whose = (work.new_id(), made.id, made.book, made.party, made.day, payer)
        rows.append((*whose, earlier, amount, state, payable_on, None, None, None))
    insert_rows(work.db, payout, rows)


def _net(work: Work, into: File, payers: Iterable[str]) -> dict[str, int]:
    """Take what is carried over by these payers into a file; its sums by payer."""
    carried = (
        OPEN_PAYOUT,
        payout.c.book == into.book,
        payout.c.party == into.party,
        payout.c.state == "carried",
        payout.c.payer.in_([*payers]),
    )
    netted = payout.update().where(*carried).values(state="netted", netted_into=into.id)
    found: dict[str, int] = {}
    for payer, amount in work.db.execute(netted.returning(payout.c.payer, payout.c.amount)):
        found[payer] = found.get(payer, 0) + amount
    return found


def move(work: Work, book: str, party: str, old: str, new: str) -> int:
    """Move every payout of a locked party from one state to another; how many."""
    mine = (OPEN_PAYOUT, payout.c.book == book, payout.c.party == party, payout.c.state == old)
    return work.db.execute(payout.update().where(*mine).values(state=new)).rowcount


def pay(work: Work, payout_id: bytes, transfer: str) -> Payout | None:
    """Mark a payout that is due as paid; None when it is not, or not yet."""
    due = (payout.c.id == payout_id, payout.c.state == "due", payout.c.payable_on <= work.today)
    done: dict[str, Any] = {"state": "paid", "paid_at": work.now, "transfer": transfer}
    row = work.db.execute(payout.update().where(*due).values(**done).returning(*_PAYOUT)).first()
    return None if row is None else Payout(*row)


def find(work: Work, payout_id: bytes) -> Payout | None:
    """A payout, or None."""
    row = work.db.execute(sa.select(*_PAYOUT).where(payout.c.id == payout_id)).first()
    return None if row is None else Payout(*row)


def of_files(work: Work, file_ids: Iterable[bytes]) -> dict[bytes, list[Payout]]:
    """The payouts of each of these files, by payer."""
    wanted = [*file_ids]
    found: dict[bytes, list[Payout]] = {file_id: [] for file_id in wanted}
    rows = sa.select(*_PAYOUT).where(payout.c.file_id.in_(wanted)).order_by(payout.c.payer)
    for row in work.db.execute(rows):
        found[row.file_id].append(Payout(*row))
    return found


def listed(work: Work, book: str, state: str, before: bytes | None, limit: int) -> list[Payout]:
    """Payouts of a book in one state, newest first, before an id."""
    statement = sa.select(*_PAYOUT).where(payout.c.book == book, payout.c.state == state)
    if before is not None:
        statement = statement.where(payout.c.id < before)
    rows = work.db.execute(statement.order_by(payout.c.id.desc()).limit(limit))
    return [Payout(*row) for row in rows]
