"""What takes two operators."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "approval",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("payload_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("difference_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("proposed_by", sa.LargeBinary(length=16), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.LargeBinary(length=16), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("result_sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(status = 'applied') = (result_sealed IS NOT NULL)",
            name=op.f("ck_approval_applied_has_a_result"),
        ),
        sa.CheckConstraint(
            "(status = 'waiting') = (decided_by IS NULL)"
            " AND (decided_by IS NULL) = (decided_at IS NULL)",
            name=op.f("ck_approval_decision_has_an_author"),
        ),
        sa.CheckConstraint(
            "status = 'waiting' OR (status = 'withdrawn') = (decided_by = proposed_by)",
            name=op.f("ck_approval_checker_is_not_the_maker"),
        ),
        sa.CheckConstraint(
            "status IN ('waiting','applied','rejected','withdrawn')",
            name=op.f("ck_approval_status_is_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
    )
    op.create_index("ix_approval_status_id", "approval", ["status", "id"], unique=False)
