"""The pool of licence codes: sealed, given to one voucher each."""

from collections.abc import Sequence

import sqlalchemy as sa

from app.plumbing.db import is_postgres, upsert
from app.plumbing.work import Work
from app.redemption.tables import FREE_ROWS, licence


def add(work: Work, benefit: str, codes: Sequence[str]) -> int:
    """Put codes into the pool of a benefit; those it has already are left alone. How many came."""
    rows = [
        {
            "benefit": benefit,
            "digest": work.keys.fingerprint(f"licence:{benefit}", code),
            "sealed": work.keys.encrypt(code),
            "state": "free",
            "added_at": work.now,
        }
        for code in dict.fromkeys(codes)
    ]
    insert = upsert(work.db, licence).values(rows).on_conflict_do_nothing()
    return len(work.db.execute(insert.returning(licence.c.digest)).all()) if rows else 0


def give(work: Work, benefit: str, voucher_id: bytes) -> bool:
    """Give a free code to a voucher; False when there is none. Nobody waits for anybody's code."""
    free = (
        sa.select(licence.c.digest)
        .where(licence.c.benefit == benefit, FREE_ROWS)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if is_postgres(work.db):
        free = free.order_by(licence.c.digest)
    # "=" and not "IN", which may run the query once for each row, and give a code away each time.
    given = (
        licence.update()
        .where(licence.c.benefit == benefit, licence.c.digest == free.scalar_subquery())
        .values(state="given", voucher_id=voucher_id)
    )
    return work.db.execute(given).rowcount == 1


def free(work: Work, benefits: Sequence[str]) -> dict[str, int]:
    """How many codes are free of each of these benefits; none: absent."""
    rows = work.db.execute(
        sa.select(licence.c.benefit, sa.func.count())
        .where(licence.c.benefit.in_(benefits), FREE_ROWS)
        .group_by(licence.c.benefit)
    )
    return {benefit: count for benefit, count in rows}  # noqa: C416 - rows are no pairs to mypy


def of_voucher(work: Work, voucher_id: bytes) -> str | None:
    """The code that a voucher's owner may see."""
    sealed = work.db.scalar(
        sa.select(licence.c.sealed).where(
            licence.c.voucher_id == voucher_id, licence.c.state == "given"
        )
    )
    return None if sealed is None else work.keys.decrypt(sealed)


def invalid(work: Work, voucher_id: bytes) -> int:
    """How many codes of this voucher were reported invalid."""
    rule = (licence.c.voucher_id == voucher_id, licence.c.state == "invalid")
    return work.db.scalar(sa.select(sa.func.count()).where(*rule)) or 0


def spoil(work: Work, voucher_id: bytes) -> bool:
    """The voucher's present code is invalid. False when it has none."""
    spoilt = (
        licence.update()
        .where(licence.c.voucher_id == voucher_id, licence.c.state == "given")
        .values(state="invalid")
    )
    return work.db.execute(spoilt).rowcount == 1
