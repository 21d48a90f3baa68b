"""Queries of objections."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.objections.model import LATE, OPEN, VERY_LATE, Objection, Waiting
from app.objections.tables import objection
from app.plumbing.db import upsert
from app.plumbing.work import Work

_o = objection.c


def add(work: Work, new: Objection) -> bool:
    """Write a new objection; False when its resident contests the same thing already."""
    insert = upsert(work.db, objection).values(**asdict(new))
    return work.db.execute(insert.on_conflict_do_nothing().returning(_o.id)).first() is not None


def find(work: Work, objection_id: bytes) -> Objection | None:
    """One objection."""
    row = work.db.execute(sa.select(objection).where(_o.id == objection_id)).one_or_none()
    return Objection(*row) if row else None


def of_resident(
    work: Work, resident: bytes, limit: int | None = None, before: bytes | None = None
) -> list[Objection]:
    """A resident's objections, the newest first."""
    statement = sa.select(objection).where(_o.resident_id == resident)
    if before is not None:
        statement = statement.where(_o.id < before)
    rows = work.db.execute(statement.order_by(_o.id.desc()).limit(limit))
    return [Objection(*row) for row in rows]


def listed(
    work: Work, status: str | None, overdue: bool, limit: int, before: bytes | None
) -> list[Objection]:
    """Everybody's objections, the newest first; `overdue` only those whose day is over."""
    statement = sa.select(objection)
    if status is not None:
        statement = statement.where(_o.status == status)
    if overdue:
        statement = statement.where(_o.status == OPEN, _o.due_on < work.today)
    if before is not None:
        statement = statement.where(_o.id < before)
    return [
        Objection(*row) for row in work.db.execute(statement.order_by(_o.id.desc()).limit(limit))
    ]


def waiting(work: Work) -> Waiting:
    """How many objections nobody has answered yet."""
    late = sa.func.sum(sa.case((_o.due_on < work.today, 1), else_=0))
    found = sa.select(sa.func.count(), late).where(_o.status == OPEN)
    every, overdue = work.db.execute(found).one()
    return Waiting(every, int(overdue or 0))


def change(work: Work, objection_id: bytes, *conditions: Any, **columns: Any) -> bool:
    """Change an objection that is open, under further conditions; False where it is not so."""
    done = work.db.execute(
        objection.update()
        .where(_o.id == objection_id, _o.status == OPEN, *conditions)
        .values(**columns)
    )
    return done.rowcount == 1


def extend(work: Work, objection_id: bytes, **columns: Any) -> bool:
    """Extend one that was not extended before and is not overdue."""
    return change(work, objection_id, _o.extended_at.is_(None), _o.due_on >= work.today, **columns)


def comment(work: Work, objection_id: bytes, sealed: bytes) -> None:
    """Keep what its resident says to it, whatever was decided."""
    work.db.execute(objection.update().where(_o.id == objection_id).values(comment_sealed=sealed))


def escalate(work: Work) -> int:
    """Raise the level of what is overdue; how many rose."""
    late = sa.case((_o.latest_on < work.today, VERY_LATE), else_=LATE)
    done = work.db.execute(
        objection.update()
        .where(_o.status == OPEN, _o.due_on < work.today, _o.level < late)
        .values(level=late, raised_at=work.now)
    )
    return done.rowcount


def forget(work: Work, decided_before: datetime, limit: int) -> int:
    """Delete objections that were decided before an instant, some at a time."""
    old = (
        sa.select(_o.id)
        .where(_o.decided_at < decided_before)
        .order_by(_o.decided_at)
        .limit(limit)
        .scalar_subquery()
    )
    return work.db.execute(objection.delete().where(_o.id.in_(old))).rowcount


def open_activities(work: Work) -> set[tuple[bytes, bytes, str]]:
    """(resident, objection, subject) of every open objection to an act: for the audit."""
    rows = work.db.execute(
        sa.select(_o.resident_id, _o.id, _o.subject).where(_o.status == OPEN, _o.kind == "activity")
    )
    return {(row.resident_id, row.id, row.subject) for row in rows}
