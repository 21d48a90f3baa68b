"""What `flask ledger audit` proves of redemption: vouchers, holds, counters and lines agree."""

from collections.abc import Iterator

import sqlalchemy as sa

from app.plumbing.db import wide
from app.plumbing.work import Work
from app.redemption.model import HOLDING, UNDONE
from app.redemption.tables import budget_use, licence, redemption, stock_use, voucher

_FEW = 20


def differences(work: Work) -> Iterator[str]:
    """Every difference found."""
    wide(work.db)
    yield from _stock(work)
    yield from _budgets(work)
    yield from _redemptions(work)
    yield from _licences(work)


def _stock(work: Work) -> Iterator[str]:
    counted = (
        sa.select(voucher.c.benefit, sa.func.count().label("n"))
        .where(voucher.c.state.not_in(UNDONE))
        .group_by(voucher.c.benefit)
        .subquery()
    )
    rows = work.db.execute(
        sa.select(stock_use.c.benefit, stock_use.c.used, sa.func.coalesce(counted.c.n, 0))
        .join(counted, counted.c.benefit == stock_use.c.benefit, isouter=True)
        .where(stock_use.c.period == "total", stock_use.c.used != sa.func.coalesce(counted.c.n, 0))
    )
    for benefit, used, count in rows:
        yield f"{used} of {benefit} are counted as used, but there are {count} vouchers"


def _budgets(work: Work) -> Iterator[str]:
    promised = sa.select(voucher.c.funder, voucher.c.cost.label("n")).where(
        voucher.c.state.not_in(UNDONE)
    )
    returned = sa.select(redemption.c.funder, -redemption.c.returned_cost).where(
        redemption.c.state == "refunded"
    )
    counted = sa.select(budget_use.c.funder, -budget_use.c.used)
    both = sa.union_all(promised, returned, counted).subquery()
    rows = work.db.execute(
        sa.select(both.c.funder, sa.func.sum(both.c.n))
        .group_by(both.c.funder)
        .having(sa.func.sum(both.c.n) != 0)
    )
    for funder, off in rows:
        yield f"the budget of {funder} is off its vouchers by {off} fen"


def _redemptions(work: Work) -> Iterator[str]:
    """A voucher and its redemption tell the same story."""
    same = sa.and_(
        redemption.c.resident_id == voucher.c.resident_id,
        redemption.c.voucher_id == voucher.c.id,
        redemption.c.id == voucher.c.redemption_id,
    )
    agree = sa.or_(
        sa.and_(redemption.c.state == "redeemed", voucher.c.state.in_(["redeemed", "settled"])),
        sa.and_(
            redemption.c.state.in_(["voided", "refunded"]), redemption.c.state == voucher.c.state
        ),
    )
    orphans = sa.exists().where(same, agree)
    rows = work.db.execute(
        sa.select(voucher.c.state)
        .where(voucher.c.state.not_in([*HOLDING, "cancelled", "expired"]), ~orphans)
        .limit(_FEW)
    )
    for row in rows:
        yield f"a voucher is {row.state}, but its redemption says otherwise"
    many = (
        sa.select(redemption.c.voucher_id)
        .group_by(redemption.c.resident_id, redemption.c.voucher_id)
        .having(sa.func.count() > 1)
        .limit(_FEW)
    )
    for _ in work.db.execute(many):
        yield "a voucher was redeemed more than once"


def _licences(work: Work) -> Iterator[str]:
    twice = (
        sa.select(licence.c.voucher_id)
        .where(licence.c.state == "given")
        .group_by(licence.c.voucher_id)
        .having(sa.func.count() > 1)
        .limit(_FEW)
    )
    for _ in work.db.execute(twice):
        yield "a voucher has more than one licence code"
