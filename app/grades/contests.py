"""Grades that their resident contests, and late acts that an objection has let into a quarter."""

from collections.abc import Iterable

import sqlalchemy as sa

from app.plumbing.db import Id, UtcDateTime, insert_rows, metadata, upsert
from app.plumbing.work import Work

grade_dispute = sa.Table(
    "grade_dispute",
    metadata,
    sa.Column("resident_id", Id, primary_key=True),
    sa.Column("quarter", sa.String(6), primary_key=True),
    sa.Column("objection_id", Id, primary_key=True),
    sa.Column("opened_at", UtcDateTime, nullable=False),
    sa.Column("closed_at", UtcDateTime),
)
admission = sa.Table(
    "admission",
    metadata,
    sa.Column("resident_id", Id, primary_key=True),
    sa.Column("quarter", sa.String(6), primary_key=True),
    sa.Column("activity_id", Id, primary_key=True),
    sa.Column("admitted_at", UtcDateTime, nullable=False),
)
_d, _a = grade_dispute.c, admission.c


def contest(work: Work, resident: bytes, quarter: str, objection_id: bytes) -> None:
    """From now on every answer on this grade says that it is contested."""
    insert_rows(work.db, grade_dispute, [(resident, quarter, objection_id, work.now, None)])


def end_contest(work: Work, resident: bytes, quarter: str, objection_id: bytes) -> None:
    """The objection has been decided, or taken back."""
    work.db.execute(
        grade_dispute.update()
        .where(_d.resident_id == resident, _d.quarter == quarter, _d.objection_id == objection_id)
        .values(closed_at=work.now)
    )


def contested(work: Work, resident: bytes) -> set[str]:
    """The quarters ("2026Q3") whose grade a resident contests."""
    return set(
        work.db.scalars(
            sa.select(_d.quarter).where(_d.resident_id == resident, _d.closed_at.is_(None))
        )
    )


def admit(work: Work, resident: bytes, quarter: str, acts: Iterable[bytes]) -> None:
    """Let acts that were recorded too late count for a quarter, now and whenever it is added up
    again."""
    insert = upsert(work.db, admission).on_conflict_do_nothing()
    for act in sorted(set(acts)):
        row = {"resident_id": resident, "quarter": quarter, "activity_id": act}
        work.db.execute(insert, row | {"admitted_at": work.now})


def admitted(work: Work, resident: bytes, quarter: str) -> frozenset[bytes]:
    """Late acts that count for a quarter all the same."""
    return frozenset(
        work.db.scalars(
            sa.select(_a.activity_id).where(_a.resident_id == resident, _a.quarter == quarter)
        )
    )
