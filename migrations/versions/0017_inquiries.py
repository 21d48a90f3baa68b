"""Inquiries."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "bank_seat",
        sa.Column("client_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("bank", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("client_id", name=op.f("pk_bank_seat")),
    )
    op.create_table(
        "credit_question",
        sa.Column("bank", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=16), nullable=False),
        sa.Column("inquiry_id", sa.LargeBinary(length=16), nullable=False),
        sa.PrimaryKeyConstraint("bank", "digest", name=op.f("pk_credit_question")),
    )
    op.create_index(op.f("ix_credit_question_inquiry_id"), "credit_question", ["inquiry_id"])
    _inquiries()
    op.create_table(
        "credit_outcome",
        sa.Column("inquiry_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("said_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("inquiry_id", "number", name=op.f("pk_credit_outcome")),
    )
    op.create_table(
        "grade_change",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("resident_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("quarter", sa.String(length=6), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grade_change")),
    )
    op.create_index(op.f("ix_grade_change_resident_id"), "grade_change", ["resident_id"])


def _inquiries() -> None:
    op.create_table(
        "inquiry",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("bank", sa.String(length=40), nullable=False),
        sa.Column("client_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("resident_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("consent_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("product", sa.String(length=40), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("told_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("quarter", sa.String(length=6), nullable=True),
        sa.Column("version", sa.SmallInteger(), nullable=True),
        sa.Column("told_version", sa.SmallInteger(), nullable=True),
        sa.Column("denied", sa.String(length=20), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("contest", sa.String(length=10), nullable=True),
        sa.Column("changed_sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "contest IN ('open','upheld','rejected','withdrawn')",
            name=op.f("ck_inquiry_contest_is_known"),
        ),
        sa.CheckConstraint(
            "(quarter IS NULL) = (version IS NULL)", name=op.f("ck_inquiry_tells_a_grade_or_none")
        ),
        sa.CheckConstraint(
            "(version IS NULL) = (told_version IS NULL)", name=op.f("ck_inquiry_told_of_a_grade")
        ),
        sa.CheckConstraint(
            "version IS NULL OR denied IS NULL", name=op.f("ck_inquiry_denied_is_neutral")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiry")),
    )
    op.create_index("ix_inquiry_bank_id", "inquiry", ["bank", "id"])
    op.create_index("ix_inquiry_resident_id_id", "inquiry", ["resident_id", "id"])
