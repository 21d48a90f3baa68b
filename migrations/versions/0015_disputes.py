"""Disputes, and notes of what corrections changed."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    _disputes()
    _restatements()


def _disputes() -> None:
    op.create_table(
        "dispute",
        sa.Column("resident_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("activity_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("objection_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("held >= 0", name=op.f("ck_dispute_not_negative")),
        sa.PrimaryKeyConstraint(
            "resident_id", "activity_id", "objection_id", name=op.f("pk_dispute")
        ),
    )
    op.create_index(
        "uq_dispute_open",
        "dispute",
        ["resident_id", "activity_id"],
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
        sqlite_where=sa.text("closed_at IS NULL"),
    )


def _restatements() -> None:
    op.create_table(
        "restatement",
        sa.Column("resident_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("why", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_restatement_days_in_order")),
        sa.CheckConstraint(
            "why IN ('reversal','rules','dispute','decision')",
            name=op.f("ck_restatement_why_is_known"),
        ),
        sa.PrimaryKeyConstraint("resident_id", "id", name=op.f("pk_restatement")),
    )
    op.create_index("ix_restatement_at", "restatement", ["at", "id"], unique=False)
