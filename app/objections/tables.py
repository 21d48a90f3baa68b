"""Tables of objections."""

import sqlalchemy as sa

from app.plumbing.db import Id, UtcDateTime, metadata

_OPEN = sa.text("status = 'open'")

objection = sa.Table(
    "objection",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("resident_id", Id, nullable=False),
    sa.Column("kind", sa.String(10), nullable=False),
    sa.Column("subject", sa.String(40), nullable=False),
    sa.Column("wish", sa.String(20)),
    sa.Column("status", sa.String(10), nullable=False),
    sa.Column("level", sa.SmallInteger, nullable=False),
    sa.Column("opened_at", UtcDateTime, nullable=False),
    sa.Column("due_on", sa.Date, nullable=False),
    sa.Column("latest_on", sa.Date, nullable=False),
    sa.Column("reason_sealed", sa.LargeBinary, nullable=False),
    sa.Column("raised_at", UtcDateTime),
    sa.Column("taken_at", UtcDateTime),
    sa.Column("taken_by", Id),
    sa.Column("role_sealed", sa.LargeBinary),
    sa.Column("extended_at", UtcDateTime),
    sa.Column("extension_sealed", sa.LargeBinary),
    sa.Column("decided_at", UtcDateTime),
    sa.Column("decided_by", Id),
    sa.Column("checked_by", Id),
    sa.Column("remedy", sa.String(20)),
    sa.Column("answer_sealed", sa.LargeBinary),
    sa.Column("comment_sealed", sa.LargeBinary),
    sa.CheckConstraint("kind IN ('activity','grade','inquiry')", name="kind_is_known"),
    sa.CheckConstraint(
        "status IN ('open','upheld','rejected','withdrawn')", name="status_is_known"
    ),
    sa.CheckConstraint("(status = 'open') = (decided_at IS NULL)", name="decided_has_instant"),
    sa.CheckConstraint(
        "(status IN ('upheld','rejected')) = (answer_sealed IS NOT NULL)",
        name="decided_has_answer",
    ),
    sa.CheckConstraint("(status = 'upheld') = (remedy IS NOT NULL)", name="upheld_has_remedy"),
    sa.CheckConstraint("due_on <= latest_on", name="due_before_the_latest"),
    sa.CheckConstraint("level BETWEEN 0 AND 2", name="level_is_known"),
    sa.Index("ix_objection_resident_id_id", "resident_id", "id"),
    sa.Index("ix_objection_status_id", "status", "id"),
    sa.Index("ix_objection_due", "due_on", postgresql_where=_OPEN, sqlite_where=_OPEN),
    sa.Index("ix_objection_decided_at", "decided_at"),
    # The same thing is contested once at a time.
    sa.Index(
        "uq_objection_open",
        "resident_id",
        "kind",
        "subject",
        unique=True,
        postgresql_where=_OPEN,
        sqlite_where=_OPEN,
    ),
)
