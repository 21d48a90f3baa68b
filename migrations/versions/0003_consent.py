"""Which subject earns for whom."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "binding",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("provider_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("subject_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("resident_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(until_day IS NULL) = (revoked_at IS NULL)", name=op.f("ck_binding_end_has_instant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_binding")),
    )
    op.create_index(
        "ix_binding_provider_id_subject_hash",
        "binding",
        ["provider_id", "subject_hash"],
        unique=False,
    )
    op.create_index("ix_binding_resident_id_id", "binding", ["resident_id", "id"], unique=False)
    op.create_index(
        "uq_binding_open",
        "binding",
        ["provider_id", "subject_hash"],
        unique=True,
        postgresql_where=sa.text("until_day IS NULL"),
        sqlite_where=sa.text("until_day IS NULL"),
    )
    op.create_table(
        "binding_subject",
        sa.Column("provider_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("subject_hash", sa.LargeBinary(length=16), nullable=False),
        sa.PrimaryKeyConstraint("provider_id", "subject_hash", name=op.f("pk_binding_subject")),
    )
