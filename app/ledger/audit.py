"""What `flask ledger audit` proves, one check after the other, each a set-based comparison.

A check yields sentences; none means that it holds.
"""

from collections.abc import Iterator
from itertools import groupby

import sqlalchemy as sa

from app.ledger import book
from app.ledger.model import EXCHANGE_BACK, EXCHANGE_IN, PARTNER
from app.ledger.tables import account, hold, transfer, wallet
from app.plumbing.db import wide
from app.plumbing.work import Work

_FEW = 20
_NO_DAY = sa.literal(None, sa.Date())


def differences(work: Work) -> Iterator[str]:
    """Every difference found, the ledger's own laws first."""
    wide(work.db)
    yield from _balances(work)
    yield from _debts(work)
    yield from _holds(work)
    yield from _returns(work)
    yield from _owing_and_owning(work)
    yield from _partners(work)
    yield from _closes(work)


def _moved() -> sa.Subquery:
    """What transfers say each pocket should hold."""
    into = sa.select(
        transfer.c.resident_id,
        transfer.c.credit.label("pocket"),
        transfer.c.credit_day.label("day"),
        transfer.c.amount.label("n"),
    )
    out = sa.select(
        transfer.c.resident_id, transfer.c.debit, transfer.c.debit_day, -transfer.c.amount
    )
    return sa.union_all(into, out).subquery()


def _balances(work: Work) -> Iterator[str]:
    moved = _moved()
    stored = sa.select(
        account.c.resident_id, account.c.pocket, account.c.day, (-account.c.balance).label("n")
    )
    told = sa.select(moved.c.resident_id, moved.c.pocket, moved.c.day, moved.c.n).where(
        moved.c.pocket.in_(["available", "pending", "held", "grace"])
    )
    both = sa.union_all(told, stored).subquery()
    rows = work.db.execute(
        sa.select(both.c.pocket, both.c.day, sa.func.sum(both.c.n).label("off"))
        .group_by(both.c.resident_id, both.c.pocket, both.c.day)
        .having(sa.func.sum(both.c.n) != 0)
        .limit(_FEW)
    )
    for row in rows:
        yield f"a {row.pocket} account of {row.day} is off its transfers by {-row.off}"


def _debts(work: Work) -> Iterator[str]:
    moved = _moved()
    told = sa.select(moved.c.resident_id, (-moved.c.n).label("n")).where(moved.c.pocket == "debt")
    stored = sa.select(wallet.c.resident_id, -wallet.c.debt)
    both = sa.union_all(told, stored).subquery()
    rows = work.db.execute(
        sa.select(sa.func.sum(both.c.n).label("off"))
        .group_by(both.c.resident_id)
        .having(sa.func.sum(both.c.n) != 0)
        .limit(_FEW)
    )
    for row in rows:
        yield f"a debt is off its transfers by {row.off}"


def _holds(work: Work) -> Iterator[str]:
    held = sa.select(account.c.resident_id, account.c.balance.label("n")).where(
        account.c.pocket == "held"
    )
    promised = sa.select(hold.c.resident_id, -hold.c.open).where(hold.c.state == "open")
    both = sa.union_all(held, promised).subquery()
    rows = work.db.execute(
        sa.select(sa.func.sum(both.c.n).label("off"))
        .group_by(both.c.resident_id)
        .having(sa.func.sum(both.c.n) != 0)
        .limit(_FEW)
    )
    for row in rows:
        yield f"held points differ from open holds by {row.off}"


def _returns(work: Work) -> Iterator[str]:
    """Nothing is reversed by more than it moved."""
    first, later = transfer.alias("first"), transfer.alias("later")
    rows = work.db.execute(
        sa.select(first.c.code)
        .join(
            later,
            (later.c.resident_id == first.c.resident_id) & (later.c.reverses == first.c.id),
        )
        .group_by(first.c.resident_id, first.c.id, first.c.code, first.c.amount)
        .having(sa.func.sum(later.c.amount) > first.c.amount)
        .limit(_FEW)
    )
    for row in rows:
        yield f"a transfer ({row.code}) was reversed by more than it moved"


def _owing_and_owning(work: Work) -> Iterator[str]:
    both = sa.select(sa.func.count()).select_from(
        wallet.join(account, account.c.resident_id == wallet.c.resident_id)
    )
    count = work.db.scalar(
        both.where(
            wallet.c.debt > 0,
            account.c.pocket.in_(["available", "grace"]),
            account.c.day >= work.today,
            account.c.balance > 0,
        )
    )
    if count:
        yield f"{count} lots are spendable although their owner is in debt"


def _partners(work: Work) -> Iterator[str]:
    """A partner's account moves by what holds pay it, by what residents receive from it, and by
    the undoing of either, which never goes further than what was done."""
    credit, debit = transfer.c.credit.startswith(PARTNER), transfer.c.debit.startswith(PARTNER)
    paid = sa.exists().where(
        hold.c.resident_id == transfer.c.resident_id, hold.c.id == transfer.c.cause
    )
    by_hold = sa.and_(paid, transfer.c.reverses.is_not(None))
    into = sa.or_(sa.and_(transfer.c.code == "settle", by_hold), transfer.c.code == EXCHANGE_BACK)
    out = sa.or_(sa.and_(transfer.c.code == "refund", by_hold), transfer.c.code == EXCHANGE_IN)
    strange = sa.or_(sa.and_(credit, ~into), sa.and_(debit, ~out))
    for code in work.db.scalars(sa.select(transfer.c.code).where(strange).limit(_FEW)):
        yield f"a partner's account was moved by a transfer ({code}) that is not its own"
    account_of = sa.case((debit, transfer.c.debit), else_=transfer.c.credit)
    left = sa.func.sum(sa.case((debit, transfer.c.amount), else_=-transfer.c.amount))
    rows = work.db.execute(
        sa.select(account_of)
        .where(transfer.c.code.in_([EXCHANGE_IN, EXCHANGE_BACK]))
        .group_by(transfer.c.resident_id, transfer.c.cause, account_of)
        .having(left < 0)
        .limit(_FEW)
    )
    for (name,) in rows:
        yield f"more went back to {name} than was received for it"


def _closes(work: Work) -> Iterator[str]:
    previous = None
    running: dict[str, tuple[int, int]] = {}
    for until, rows in groupby(book.closes(work), lambda row: row.until):
        running = book.added(running, book.sums(work, previous, until))
        previous = until
        told = {row.account: (row.debits, row.credits) for row in rows}
        for name in sorted({*told, *running}):
            if told.get(name, (0, 0)) != running.get(name, (0, 0)):
                yield f"the close of {name} at {until.isoformat()} is off its transfers"
