"""Grades."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

_REASONS = "'closing','reversal','rules','dispute','objection'"


def upgrade() -> None:
    _grades()
    _closings()
    _beside_grades()


def _grades() -> None:
    op.create_table(
        "grade",
        sa.Column("resident_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("quarter", sa.String(length=6), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=True),
        sa.Column("reduction_mg", sa.BigInteger(), nullable=False),
        sa.Column("factor", sa.SmallInteger(), nullable=False),
        sa.Column("parts", sa.Text(), nullable=False),
        sa.Column("quality", sa.String(length=10), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("earlier", sa.SmallInteger(), nullable=False),
        sa.Column("rulebook", sa.String(length=64), nullable=False),
        sa.Column("card", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=10), nullable=False),
        sa.Column("before", sa.String(length=20), nullable=True),
        sa.CheckConstraint("factor BETWEEN 0 AND 1000", name=op.f("ck_grade_factor_in_range")),
        sa.CheckConstraint(
            "reduction_mg >= 0 AND version >= 1", name=op.f("ck_grade_not_negative")
        ),
        sa.CheckConstraint("earlier BETWEEN 0 AND 4", name=op.f("ck_grade_earlier_in_range")),
        sa.CheckConstraint(f"reason IN ({_REASONS})", name=op.f("ck_grade_reason_is_known")),
        sa.PrimaryKeyConstraint("resident_id", "quarter", "version", name=op.f("pk_grade")),
    )


def _closings() -> None:
    op.create_table(
        "card_edition",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("first_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_card_edition")),
    )
    op.create_table(
        "quarter_closing",
        sa.Column("quarter", sa.String(length=6), nullable=False),
        sa.Column("cutoff", sa.DateTime(timezone=True), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("after", sa.LargeBinary(length=16), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("quarter", name=op.f("pk_quarter_closing")),
    )


def _beside_grades() -> None:
    op.create_table(
        "grade_admission",
        sa.Column("resident_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("quarter", sa.String(length=6), nullable=False),
        sa.Column("activity_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "resident_id", "quarter", "activity_id", name=op.f("pk_grade_admission")
        ),
    )
    op.create_table(
        "grade_flag",
        sa.Column("resident_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("quarter", sa.String(length=6), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("resident_id", "quarter", name=op.f("pk_grade_flag")),
    )
