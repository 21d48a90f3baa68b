"""Page sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.create_table(
        "page_session",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("scope", sa.String(length=10), nullable=False),
        sa.Column("subject", sa.LargeBinary(length=16), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "scope IN ('resident','merchant','bank','operator')",
            name=op.f("ck_page_session_scope_is_known"),
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_page_session")),
    )
    op.create_index(op.f("ix_page_session_ends_at"), "page_session", ["ends_at"])
    op.create_index(op.f("ix_page_session_subject"), "page_session", ["subject"])
