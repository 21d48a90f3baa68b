"""Questions about many residents at once."""

from collections.abc import Iterable

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
