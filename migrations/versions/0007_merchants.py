"""Merchants, their stores, and who acts for them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "merchant",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("name_en", sa.String(length=100), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("particulars_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("live_since", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('live','suspended','closed')", name=op.f("ck_merchant_state_is_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merchant")),
        sa.UniqueConstraint("code", name=op.f("uq_merchant_code")),
    )
    op.create_table(
        "store",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("merchant_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("district", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('open','closed')", name=op.f("ck_store_state_is_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_store")),
        sa.UniqueConstraint("merchant_id", "code", name=op.f("uq_store_merchant_id_code")),
    )
    op.create_table(
        "terminal",
        sa.Column("client_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("merchant_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("store_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(role = 'office') = (store_id IS NULL)",
            name=op.f("ck_terminal_only_the_office_has_no_store"),
        ),
        sa.CheckConstraint(
            "role IN ('office','staff','terminal')", name=op.f("ck_terminal_role_is_known")
        ),
        sa.PrimaryKeyConstraint("client_id", name=op.f("pk_terminal")),
    )
    op.create_index(
        "ix_terminal_merchant_id_client_id", "terminal", ["merchant_id", "client_id"], unique=False
    )
