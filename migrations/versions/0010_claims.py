"""Claims of partners, who alone pays a behaviour, and the secret that blinds acts for partners."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "claim_secret",
        sa.Column("resident_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("resident_id", name=op.f("pk_claim_secret")),
    )
    op.create_table(
        "partner_claim",
        sa.Column("resident_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("partner", sa.String(length=40), nullable=False),
        sa.Column("link_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("reference_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("behaviour", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("cell_a", sa.BigInteger(), nullable=True),
        sa.Column("cell_b", sa.BigInteger(), nullable=True),
        sa.Column("marks", sa.Text(), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("reduction_mg", sa.BigInteger(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('held','yielded','reversed')", name=op.f("ck_partner_claim_status_is_known")
        ),
        sa.CheckConstraint(
            "(cell_a IS NULL) = (cell_b IS NULL)", name=op.f("ck_partner_claim_cells_come_in_pairs")
        ),
        sa.PrimaryKeyConstraint("resident_id", "id", name=op.f("pk_partner_claim")),
        sa.UniqueConstraint(
            "reference_hash",
            "resident_id",
            name=op.f("uq_partner_claim_reference_hash_resident_id"),
        ),
    )
    op.create_index("ix_partner_claim_day", "partner_claim", ["resident_id", "day"], unique=False)
    op.create_index(
        "ix_partner_claim_link_id", "partner_claim", ["link_id", "behaviour", "day"], unique=False
    )
    op.create_table(
        "exclusive_payer",
        sa.Column("resident_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("behaviour", sa.String(length=40), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("partner", sa.String(length=40), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint(
            "resident_id", "behaviour", "from_day", name=op.f("pk_exclusive_payer")
        ),
    )
