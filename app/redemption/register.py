"""The register of redemptions: what each merchant gave, when, and what became of it."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.plumbing.db import Id, Rows, insert_rows, is_postgres
from app.plumbing.work import Work
from app.redemption.model import Redemption
from app.redemption.tables import redemption

_COLUMNS = [redemption.c[each.name] for each in fields(Redemption)]
_NAMED = Rows("named", id=Id)


def add(work: Work, new: Redemption) -> None:
    """Write a new redemption."""
    insert_rows(work.db, redemption, [tuple(getattr(new, each.name) for each in redemption.c)])


def find(work: Work, merchant: str, redemption_id: bytes) -> Redemption | None:
    """One redemption of a merchant. To change it, lock its resident's wallet and read it again."""
    statement = sa.select(*_COLUMNS).where(
        redemption.c.merchant == merchant, redemption.c.id == redemption_id
    )
    row = work.db.execute(statement).first()
    return None if row is None else Redemption(*row)


def end(work: Work, found: Redemption, state: str, returned: int, returned_cost: int) -> None:
    """Void or refund a redemption that is neither yet."""
    done = work.db.execute(
        redemption.update()
        .where(
            redemption.c.merchant == found.merchant,
            redemption.c.id == found.id,
            redemption.c.state == "redeemed",
        )
        .values(state=state, returned=returned, returned_cost=returned_cost, ended_at=work.now)
    )
    assert done.rowcount == 1, "a redemption changed although its resident's wallet was locked"


def _of(
    merchant: str, store_id: bytes | None, since: date | None, until: date | None
) -> sa.ColumnElement[bool]:
    rule = redemption.c.merchant == merchant
    if store_id is not None:
        rule = sa.and_(rule, redemption.c.store_id == store_id)
    if since is not None:
        rule = sa.and_(rule, redemption.c.day >= since)
    if until is not None:
        rule = sa.and_(rule, redemption.c.day <= until)
    return rule


def listed(
    work: Work,
    merchant: str,
    store_id: bytes | None,
    limit: int,
    before: bytes | None,
    since: date | None,
    until: date | None,
) -> list[Redemption]:
    """A merchant's redemptions (of one store only, if named), newest first."""
    statement = sa.select(*_COLUMNS).where(_of(merchant, store_id, since, until))
    if before is not None:
        statement = statement.where(redemption.c.id < before)
    rows = work.db.execute(statement.order_by(redemption.c.id.desc()).limit(limit))
    return [Redemption(*row) for row in rows]


class Total(NamedTuple):
    """One benefit in a span of days: how many, cash taken and what funders owe, in fen, net of
    what was voided and refunded."""

    benefit: str
    redeemed: int
    voided: int
    refunded: int
    cash: int
    owed: int


def totals(
    work: Work, merchant: str, store_id: bytes | None, since: date | None, until: date | None
) -> list[Total]:
    """A merchant's own totals by benefit."""
    state = redemption.c.state
    kept = sa.case((state == "voided", 0), else_=1)

    def count(which: str) -> sa.ColumnElement[int]:
        return sa.func.sum(sa.case((state == which, 1), else_=0))

    rows = work.db.execute(
        sa.select(
            redemption.c.benefit,
            count("redeemed"),
            count("voided"),
            count("refunded"),
            sa.func.sum(redemption.c.cash * kept),
            sa.func.sum(redemption.c.cost - redemption.c.returned_cost),
        )
        .where(_of(merchant, store_id, since, until))
        .group_by(redemption.c.benefit)
        .order_by(redemption.c.benefit)
    )
    return [Total(row[0], *(int(each) for each in row[1:])) for row in rows]


def vouchers_of(
    work: Work, merchant: str, redemption_ids: Sequence[bytes]
) -> list[tuple[bytes, bytes]]:
    """(resident, voucher) behind these redemptions of a merchant."""
    named: Any = _NAMED.source(is_postgres(work.db))
    asked = _NAMED.bind(work.db, [(each,) for each in redemption_ids])
    rows = work.db.execute(
        sa.select(redemption.c.resident_id, redemption.c.voucher_id).join(
            named, sa.and_(redemption.c.merchant == merchant, redemption.c.id == named.c.id)
        ),
        asked,
    )
    return [(row.resident_id, row.voucher_id) for row in rows]
