"""What is limited for all together: stock and budgets. One row each, changed by one conditional
statement, taken last in a transaction: nobody holds a hot row while doing anything else."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.plumbing.db import prepared, upsert
from app.plumbing.work import Work
from app.redemption.tables import budget_use, offer_change, stock_use

TOTAL = "total"


class Change(NamedTuple):
    """What operators changed of an offer."""

    paused: bool = False
    extra_stock: int = 0


def change_of(work: Work, benefit: str) -> Change:
    """What operators changed of a benefit."""
    row = work.db.execute(_CHANGE, {"which": benefit}).first()
    return Change() if row is None else Change(row.paused, row.extra_stock)


_CHANGE = sa.select(offer_change).where(offer_change.c.benefit == sa.bindparam("which"))


def changes(work: Work, benefits: Iterable[str]) -> dict[str, Change]:
    """The same for many benefits; those nobody changed are absent."""
    rows = work.db.execute(
        sa.select(offer_change).where(offer_change.c.benefit.in_(list(benefits)))
    )
    return {row.benefit: Change(row.paused, row.extra_stock) for row in rows}


def change(work: Work, benefit: str, *, paused: bool | None = None, more_stock: int = 0) -> None:
    """Pause or resume a benefit, or add to its stock."""
    insert = upsert(work.db, offer_change).values(
        benefit=benefit, paused=bool(paused), extra_stock=more_stock, changed_at=work.now
    )
    set_: dict[str, Any] = {
        "extra_stock": offer_change.c.extra_stock + more_stock,
        "changed_at": work.now,
    }
    if paused is not None:
        set_["paused"] = paused
    work.db.execute(insert.on_conflict_do_update(index_elements=["benefit"], set_=set_))


def take_stock(work: Work, benefit: str, period: str, most: int | None) -> bool:
    """One more of a benefit in a period. False when `most` are used up already."""
    if most is not None and most < 1:
        return False
    asked = {"benefit": benefit, "period": period, "most": most}
    return work.db.execute(_take_stock(work.db), asked).first() is not None


@prepared
def _take_stock(postgres: bool) -> Any:
    most = sa.bindparam("most", type_=sa.BigInteger)
    names = ("benefit", "period")
    insert = upsert(postgres, stock_use).values(
        {name: sa.bindparam(name) for name in names} | {"used": 1}
    )
    return insert.on_conflict_do_update(
        index_elements=names,
        set_={"used": stock_use.c.used + 1},
        where=sa.or_(most.is_(None), stock_use.c.used < most),
    ).returning(stock_use.c.used)


def return_stock(work: Work, returned: Mapping[tuple[str, str], int]) -> None:
    """So many less by (benefit, period): what was issued came to nothing. In order of keys.

    Never below nothing: a stock of the day may have been set after some of that day were issued.
    """
    for (benefit, period), count in sorted(returned.items()):
        left = sa.case((stock_use.c.used > count, stock_use.c.used - count), else_=0)
        work.db.execute(
            stock_use.update()
            .where(stock_use.c.benefit == benefit, stock_use.c.period == period)
            .values(used=left)
        )


def stock_used(work: Work, benefits: Iterable[str]) -> dict[tuple[str, str], int]:
    """How many are used by (benefit, period), in all and today."""
    rows = work.db.execute(
        sa.select(stock_use).where(
            stock_use.c.benefit.in_(list(benefits)),
            stock_use.c.period.in_([TOTAL, work.today.isoformat()]),
        )
    )
    return {(row.benefit, row.period): row.used for row in rows}


class Allowance(NamedTuple):
    """What a funder allows, in fen: `most` in all (less than granted by a reserve); once less than
    `slow_below` was left at the start of a day, that day spends at most `share_percent` of it."""

    granted: int
    most: int
    slow_below: int
    share_percent: int


class Budget(NamedTuple):
    """How much of a funder's budget is used, in all and on `day`."""

    used: int
    day: date
    used_today: int


def take_budget(work: Work, funder: str, cost: int, allowed: Allowance) -> bool:
    """Promise `cost` out of a budget. False when that is too much, in all or for today."""
    # A first promise meets no row, so the condition of the statement is not asked.
    if cost > allowed.most:
        return False
    asked = {"funder": funder, "cost": cost, "today": work.today} | allowed._asdict()
    return work.db.execute(_take_budget(work.db), asked).first() is not None


@prepared
def _take_budget(postgres: bool) -> Any:
    def said(name: str) -> sa.BindParameter[int]:
        return sa.bindparam(name, type_=sa.BigInteger)

    cost, day = said("cost"), sa.bindparam("today", type_=sa.Date)
    insert = upsert(postgres, budget_use).values(
        funder=sa.bindparam("funder"), used=cost, day=day, used_today=cost
    )
    # A work that began before midnight may come after one that began later: it counts to its day.
    same_day = budget_use.c.day >= day
    today = sa.case((same_day, budget_use.c.used_today), else_=0)
    left_at_dawn = said("granted") - (budget_use.c.used - today)
    return insert.on_conflict_do_update(
        index_elements=["funder"],
        set_={
            "used": budget_use.c.used + cost,
            "day": sa.case((same_day, budget_use.c.day), else_=day),
            "used_today": today + cost,
        },
        where=sa.and_(
            budget_use.c.used + cost <= said("most"),
            sa.or_(
                left_at_dawn >= said("slow_below"),
                (today + cost) * 100 <= left_at_dawn * said("share_percent"),
            ),
        ),
    ).returning(budget_use.c.used)


def return_budgets(work: Work, returned: Mapping[tuple[str, date], int]) -> None:
    """So many fen by (funder, day of the promise) are not owed after all; what was promised on the
    newest day may be promised again on it. In order of funders."""
    for (funder, day), cost in sorted(returned.items()):
        if cost:
            of_the_day = sa.case((budget_use.c.day == day, cost), else_=0)
            work.db.execute(
                budget_use.update()
                .where(budget_use.c.funder == funder)
                .values(
                    used=budget_use.c.used - cost, used_today=budget_use.c.used_today - of_the_day
                )
            )


def budgets(work: Work) -> dict[str, Budget]:
    """What is used of every budget."""
    return {
        row.funder: Budget(row.used, row.day, row.used_today)
        for row in work.db.execute(sa.select(budget_use))
    }


def used_in_all(work: Work) -> dict[str, int]:
    """How many of each benefit are used up in all."""
    rows = work.db.execute(
        sa.select(stock_use.c.benefit, stock_use.c.used).where(stock_use.c.period == TOTAL)
    )
    return {row.benefit: row.used for row in rows}
