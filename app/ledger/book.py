"""Queries of the book: what system accounts add up to, and the closes that spare the adding."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.ledger.model import DEBT, POCKETS, SYSTEM
from app.ledger.tables import BOOK_LOCK, book_close, transfer
from app.plumbing.db import insert_rows, is_postgres
from app.plumbing.work import Work


def own_book_hour(work: Work, hour: int) -> None:
    """Wait until nobody writes into an hour any more."""
    if is_postgres(work.db):
        statement = sa.text("SELECT pg_advisory_xact_lock(:space, :hour)")
        work.db.execute(statement, {"space": BOOK_LOCK, "hour": hour})


def sums(
    work: Work, since: datetime | None, until: datetime | None = None
) -> dict[str, tuple[int, int]]:
    """(debits, credits) of each system account in [since, until), partners' when they have any."""
    span: sa.ColumnElement[bool] = sa.true()
    if since is not None:
        span = sa.and_(span, transfer.c.recorded_at >= since)
    if until is not None:
        span = sa.and_(span, transfer.c.recorded_at < until)
    found: dict[str, tuple[int, int]] = dict.fromkeys(SYSTEM, (0, 0))
    for index, side in enumerate((transfer.c.debit, transfer.c.credit)):
        # Whatever is no resident's is the city's or a partner's: nobody knows the partners here.
        statement = sa.select(side, sa.func.sum(transfer.c.amount)).where(
            span, side.not_in([*POCKETS, DEBT])
        )
        for name, total in work.db.execute(statement.group_by(side)):
            pair = list(found.get(name, (0, 0)))
            pair[index] = int(total)
            found[name] = (pair[0], pair[1])
    return found


def by_cause(work: Work, prefix: str) -> Iterator[tuple[bytes, bytes, str, int]]:
    """What each cause has moved to system accounts of this prefix, and not back: (cause, resident,
    account, hundredths), by cause. Below nothing, more came than went."""
    whose = (transfer.c.cause, transfer.c.resident_id)
    into = sa.select(*whose, transfer.c.credit.label("name"), transfer.c.amount.label("n"))
    out = sa.select(*whose, transfer.c.debit, -transfer.c.amount)
    named = (
        side.where(column.startswith(prefix), transfer.c.cause.is_not(None))
        for side, column in ((into, transfer.c.credit), (out, transfer.c.debit))
    )
    moved = sa.union_all(*named).subquery()
    columns, total = (moved.c.cause, moved.c.resident_id, moved.c.name), sa.func.sum(moved.c.n)
    rows = work.db.execute(
        sa.select(*columns, total).group_by(*columns).having(total != 0).order_by(*columns)
    )
    return ((*row[:-1], int(row[-1])) for row in rows)


def last_close(work: Work) -> tuple[datetime | None, dict[str, tuple[int, int]]]:
    """The newest close: its instant and each account's cumulative (debits, credits)."""
    until = work.db.scalar(sa.select(sa.func.max(book_close.c.until)))
    if until is None:
        return None, {}
    rows = work.db.execute(sa.select(book_close).where(book_close.c.until == until))
    return until, {row.account: (row.debits, row.credits) for row in rows}


def added(
    one: dict[str, tuple[int, int]], other: dict[str, tuple[int, int]]
) -> dict[str, tuple[int, int]]:
    """(debits, credits) of every account that either knows, added up."""
    return {
        name: (
            one.get(name, (0, 0))[0] + other.get(name, (0, 0))[0],
            one.get(name, (0, 0))[1] + other.get(name, (0, 0))[1],
        )
        for name in sorted({*one, *other})
    }


def add_close(work: Work, until: datetime, totals: dict[str, tuple[int, int]]) -> None:
    """Write a close: each account\'s cumulative (debits, credits) up to an instant."""
    insert_rows(work.db, book_close, [(until, name, *pair) for name, pair in totals.items()])


def first_transfer_at(work: Work) -> datetime | None:
    """When the first transfer was recorded, or None."""
    found: datetime | None = work.db.scalar(sa.select(sa.func.min(transfer.c.recorded_at)))
    return found


def closes(work: Work) -> Sequence[Any]:
    """Every close, oldest first."""
    return work.db.execute(
        sa.select(book_close).order_by(book_close.c.until, book_close.c.account)
    ).all()
