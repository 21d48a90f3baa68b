"""Questions about many residents at once."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from app.identity.store import resident
from app.plumbing.db import Id, Rows, is_postgres, wide
from app.plumbing.work import Work

_ASKED = Rows("asked", id=Id)


def closed_among(work: Work, residents: Iterable[bytes]) -> set[bytes]:
    """Which of these accounts are closed."""
    asked = _ASKED.source(is_postgres(work.db))
    statement = (
        sa.select(resident.c.id)
        .join(asked, asked.c.id == resident.c.id)
        .where(resident.c.status == "closed")
    )
    found = _ASKED.bind(work.db, [(each,) for each in residents])
    return set(work.db.scalars(statement, found))


def groups(work: Work) -> dict[bytes, tuple[int | None, str | None]]:
    """Birth year and district of every open account, as far as they were said: for reports that
    show counts alone."""
    c = resident.c
    wide(work.db)
    rows = work.db.execute(sa.select(c.id, c.birth_year, c.district).where(c.status == "open"))
    return {row.id: (row.birth_year, row.district) for row in rows}


def next_residents(work: Work, last: bytes, count: int) -> list[bytes]:
    """The next accounts, open and closed, in the order of their ids."""
    c = resident.c
    statement = sa.select(c.id).where(c.id > last).order_by(c.id).limit(count)
    return list(work.db.scalars(statement))


def registered(work: Work, since: datetime, until: datetime) -> int:
    """How many accounts were open at some time from an instant to another. Reads every account."""
    c = resident.c
    wide(work.db)
    there = sa.and_(c.opened_at < until, sa.or_(c.closed_at.is_(None), c.closed_at >= since))
    return work.db.scalar(sa.select(sa.func.count()).where(there)) or 0
