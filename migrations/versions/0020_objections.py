"""Objections."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

_OPEN = sa.text("status = 'open'")


def upgrade() -> None:
    op.create_table(
        "objection",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("resident_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("wish", sa.String(length=20), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("latest_on", sa.Date(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_by", sa.LargeBinary(length=16), nullable=True),
        sa.Column("role_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("extended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("extension_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.LargeBinary(length=16), nullable=True),
        sa.Column("checked_by", sa.LargeBinary(length=16), nullable=True),
        sa.Column("remedy", sa.String(length=20), nullable=True),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("comment_sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('activity','grade','inquiry')", name=op.f("ck_objection_kind_is_known")
        ),
        sa.CheckConstraint(
            "status IN ('open','upheld','rejected','withdrawn')",
            name=op.f("ck_objection_status_is_known"),
        ),
        sa.CheckConstraint(
            "(status = 'open') = (decided_at IS NULL)",
            name=op.f("ck_objection_decided_has_instant"),
        ),
        sa.CheckConstraint(
            "(status IN ('upheld','rejected')) = (answer_sealed IS NOT NULL)",
            name=op.f("ck_objection_decided_has_answer"),
        ),
        sa.CheckConstraint(
            "(status = 'upheld') = (remedy IS NOT NULL)",
            name=op.f("ck_objection_upheld_has_remedy"),
        ),
        sa.CheckConstraint("due_on <= latest_on", name=op.f("ck_objection_due_before_the_latest")),
        sa.CheckConstraint("level BETWEEN 0 AND 2", name=op.f("ck_objection_level_is_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
    )
    for name, columns in (
        ("ix_objection_resident_id_id", ["resident_id", "id"]),
        ("ix_objection_status_id", ["status", "id"]),
        ("ix_objection_decided_at", ["decided_at"]),
    ):
        op.create_index(name, "objection", columns, unique=False)
    for name, columns, unique in (
        ("ix_objection_due", ["due_on"], False),
        ("uq_objection_open", ["resident_id", "kind", "subject"], True),
    ):
        op.create_index(
            name, "objection", columns, unique=unique, postgresql_where=_OPEN, sqlite_where=_OPEN
        )
