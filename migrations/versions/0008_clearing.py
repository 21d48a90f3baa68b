"""Lines, files, payouts and differences of clearing."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "clearing_file",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("book", sa.String(length=20), nullable=False),
        sa.Column("party", sa.String(length=60), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shape", sa.Text(), nullable=False),
        sa.Column("lines", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("totals", sa.Text(), nullable=False),
        sa.Column("csv_sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("json_sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("csv", sa.LargeBinary(), nullable=False),
        sa.Column("json", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clearing_file")),
        sa.UniqueConstraint("book", "party", "day", name=op.f("uq_clearing_file_book_party_day")),
    )
    op.create_table(
        "clearing_line",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("book", sa.String(length=20), nullable=False),
        sa.Column("party", sa.String(length=60), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("reference", sa.LargeBinary(length=16), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("file_id", sa.LargeBinary(length=16), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clearing_line")),
    )
    op.create_index(
        "ix_clearing_line_file_id",
        "clearing_line",
        ["file_id"],
        unique=False,
        postgresql_where=sa.text("file_id IS NOT NULL"),
        sqlite_where=sa.text("file_id IS NOT NULL"),
    )
    op.create_index(
        "ix_clearing_line_open",
        "clearing_line",
        ["book", "party", "day"],
        unique=False,
        postgresql_where=sa.text("file_id IS NULL"),
        sqlite_where=sa.text("file_id IS NULL"),
    )
    op.create_table(
        "clearing_party",
        sa.Column("book", sa.String(length=20), nullable=False),
        sa.Column("party", sa.String(length=60), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("closed_until", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("book", "party", name=op.f("pk_clearing_party")),
    )
    op.create_table(
        "difference",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("book", sa.String(length=20), nullable=False),
        sa.Column("party", sa.String(length=60), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("type", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("ours", sa.BigInteger(), nullable=True),
        sa.Column("theirs", sa.BigInteger(), nullable=True),
        sa.Column("told", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolution", sa.String(length=12), nullable=True),
        sa.Column("proposed_by", sa.String(length=60), nullable=True),
        sa.Column("approved_by", sa.String(length=60), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'closed') = (resolution IS NOT NULL AND closed_at IS NOT NULL"
            " AND proposed_by IS NOT NULL AND approved_by IS NOT NULL)",
            name=op.f("ck_difference_closed_with_reason"),
        ),
        sa.CheckConstraint(
            "resolution IN ('ours','theirs','written_off')",
            name=op.f("ck_difference_resolution_is_known"),
        ),
        sa.CheckConstraint("state IN ('open','closed')", name=op.f("ck_difference_state_is_known")),
        sa.CheckConstraint(
            "type IN ('long','short','amount','state','duplicate')",
            name=op.f("ck_difference_type_is_known"),
        ),
        sa.CheckConstraint("proposed_by <> approved_by", name=op.f("ck_difference_closed_by_two")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_difference")),
        sa.UniqueConstraint(
            "book",
            "party",
            "day",
            "reference",
            "type",
            name=op.f("uq_difference_book_party_day_reference_type"),
        ),
    )
    op.create_index(
        "ix_difference_book_party_id", "difference", ["book", "party", "id"], unique=False
    )
    op.create_index(
        "ix_difference_book_state_id", "difference", ["book", "state", "id"], unique=False
    )
    op.create_table(
        "payout",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("file_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("book", sa.String(length=20), nullable=False),
        sa.Column("party", sa.String(length=60), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("payer", sa.String(length=60), nullable=False),
        sa.Column("brought", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("payable_on", sa.Date(), nullable=False),
        sa.Column("netted_into", sa.LargeBinary(length=16), nullable=True),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("transfer", sa.String(length=80), nullable=True),
        sa.CheckConstraint(
            "(state = 'netted') = (netted_into IS NOT NULL)",
            name=op.f("ck_payout_netted_somewhere"),
        ),
        sa.CheckConstraint(
            "(state = 'paid') = (paid_at IS NOT NULL AND transfer IS NOT NULL)",
            name=op.f("ck_payout_paid_by_transfer"),
        ),
        sa.CheckConstraint(
            "(state IN ('carried','netted')) = (amount <= 0)",
            name=op.f("ck_payout_debts_are_carried"),
        ),
        sa.CheckConstraint(
            "state IN ('due','held','paid','carried','netted')",
            name=op.f("ck_payout_state_is_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout")),
        sa.UniqueConstraint("file_id", "payer", name=op.f("uq_payout_file_id_payer")),
    )
    op.create_index("ix_payout_book_state_id", "payout", ["book", "state", "id"], unique=False)
    op.create_index(
        "ix_payout_open",
        "payout",
        ["book", "party", "payer"],
        unique=False,
        postgresql_where=sa.text("state IN ('due','held','carried')"),
        sqlite_where=sa.text("state IN ('due','held','carried')"),
    )
