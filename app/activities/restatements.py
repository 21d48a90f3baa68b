"""Notes of corrections to days of earlier quarters, for whoever has added them up.

A new act writes none: what comes late never reopens a quarter. A report that was taken back or
replaced, a factor that was corrected, a claim given up, a dispute opened or decided does.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa

from app.activities.tables import restatement
from app.kernel import add_months
from app.plumbing.db import Id, Rows, insert_rows, is_postgres
from app.plumbing.work import Work

REVERSAL, RULES, DISPUTE, DECISION = "reversal", "rules", "dispute", "decision"
_MONTHS = 3
_r = restatement.c
_DONE = Rows("done", resident_id=Id, id=Id)


class Restated(NamedTuple):
    """What a resident's acts of these days saved may be another sum now, and why."""

    resident: bytes
    id: bytes
    first_day: date
    last_day: date
    why: str


def note(work: Work, rows: Iterable[tuple[bytes, date, date]], why: str) -> None:
    """Note (resident, first day, last day); days of the present quarter need no note."""
    open_from = add_months(work.today.replace(day=1), -((work.today.month - 1) % _MONTHS))
    insert_rows(
        work.db,
        restatement,
        [
            (resident, work.new_id(), first, last, why, work.now)
            for resident, first, last in rows
            if first < open_from
        ],
    )


def any_restated(work: Work) -> bool:
    """Whether there are notes at all."""
    return bool(work.db.scalar(sa.select(sa.exists(sa.select(restatement)))))


def restated(work: Work, before: datetime, count: int) -> list[Restated]:
    """The oldest notes that were made before an instant."""
    rows = work.db.execute(
        sa.select(_r.resident_id, _r.id, _r.first_day, _r.last_day, _r.why)
        .where(_r.at < before)
        .order_by(_r.at, _r.id)
        .limit(count)
    )
    return [Restated(*row) for row in rows]


def forget_restated(work: Work, rows: Sequence[Restated]) -> None:
    """These notes have been followed."""
    done = _DONE.source(is_postgres(work.db))
    same = sa.and_(_r.resident_id == done.c.resident_id, _r.id == done.c.id)
    work.db.execute(
        restatement.delete().where(sa.select(1).select_from(done).where(same).exists()),
        _DONE.bind(work.db, [(row.resident, row.id) for row in rows]),
    )
