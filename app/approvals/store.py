"""Table and queries of approvals. Rows in, values out; the only SQL of this room.

What was asked, what it would change, why, and what came of it are sealed: a payload may hold a
licence number or a bank account.
"""

from dataclasses import fields
from typing import Any

import sqlalchemy as sa

from app.approvals.model import Approval
from app.plumbing.db import Id, UtcDateTime, metadata
from app.plumbing.work import Work

approval = sa.Table(
    "approval",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("status", sa.String(10), nullable=False),
    sa.Column("payload_sealed", sa.LargeBinary, nullable=False),
    sa.Column("difference_sealed", sa.LargeBinary, nullable=False),
    sa.Column("reason_sealed", sa.LargeBinary, nullable=False),
    sa.Column("proposed_by", Id, nullable=False),
    sa.Column("proposed_at", UtcDateTime, nullable=False),
    sa.Column("decided_by", Id),
    sa.Column("decided_at", UtcDateTime),
    sa.Column("decision_reason_sealed", sa.LargeBinary),
    sa.Column("result_sealed", sa.LargeBinary),
    sa.Index("ix_approval_status_id", "status", "id"),
    sa.CheckConstraint(
        "status IN ('waiting','applied','rejected','withdrawn')", name="status_is_known"
    ),
    sa.CheckConstraint(
        "(status = 'waiting') = (decided_by IS NULL)"
        " AND (decided_by IS NULL) = (decided_at IS NULL)",
        name="decision_has_an_author",
    ),
    sa.CheckConstraint(
        "status = 'waiting' OR (status = 'withdrawn') = (decided_by = proposed_by)",
        name="checker_is_not_the_maker",
    ),
    sa.CheckConstraint(
        "(status = 'applied') = (result_sealed IS NOT NULL)", name="applied_has_a_result"
    ),
)

_APPROVAL = [approval.c[field.name] for field in fields(Approval)]


def add(work: Work, new: Approval) -> None:
    """Keep a proposal."""
    work.db.execute(approval.insert().values({c.name: getattr(new, c.name) for c in _APPROVAL}))


def find(work: Work, approval_id: bytes, *, lock: bool = False) -> Approval | None:
    """One approval; `lock` holds the row until the work ends."""
    statement = sa.select(*_APPROVAL).where(approval.c.id == approval_id)
    row = work.db.execute(statement.with_for_update() if lock else statement).first()
    return None if row is None else Approval(*row)


def decide(work: Work, approval_id: bytes, **columns: Any) -> None:
    """Write the decision on a locked approval."""
    decided = approval.update().where(approval.c.id == approval_id)
    work.db.execute(decided.values(decided_by=work.actor.id, decided_at=work.now, **columns))


def count(work: Work, status: str) -> int:
    """How many approvals are in a state."""
    return work.db.scalar(sa.select(sa.func.count()).where(approval.c.status == status)) or 0


def listed(work: Work, status: str | None, limit: int, before: bytes | None) -> list[Approval]:
    """Approvals, newest first, from the one before an id on."""
    statement = sa.select(*_APPROVAL).order_by(approval.c.id.desc()).limit(limit)
    if status is not None:
        statement = statement.where(approval.c.status == status)
    if before is not None:
        statement = statement.where(approval.c.id < before)
    return [Approval(*row) for row in work.db.execute(statement)]
