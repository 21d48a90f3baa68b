"""Tables of clearing. A party's rows lead their keys with its book."""

import sqlalchemy as sa

from app.plumbing.db import Digest, Id, UtcDateTime, metadata

OPEN_PAYOUT = sa.text("state IN ('due','held','carried')")

# One row a party: what closing, holding and releasing lock, so that they take turns.
party = sa.Table(
    "clearing_party",
    metadata,
    sa.Column("book", sa.String(20), primary_key=True),
    sa.Column("party", sa.String(60), primary_key=True),
    sa.Column("held", sa.Boolean, nullable=False),
    sa.Column("closed_until", sa.Date),
)
line = sa.Table(
    "clearing_line",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("book", sa.String(20), nullable=False),
    sa.Column("party", sa.String(60), nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("reference", Id, nullable=False),
    sa.Column("amount", sa.BigInteger, nullable=False),
    sa.Column("told", sa.Text, nullable=False),
    sa.Column("file_id", Id),
    # What the next file takes: this index is as long as the days not yet closed, never longer.
    sa.Index(
        "ix_clearing_line_open",
        "book",
        "party",
        "day",
        postgresql_where=sa.text("file_id IS NULL"),
        sqlite_where=sa.text("file_id IS NULL"),
    ),
    sa.Index(
        "ix_clearing_line_file_id",
        "file_id",
        postgresql_where=sa.text("file_id IS NOT NULL"),
        sqlite_where=sa.text("file_id IS NOT NULL"),
    ),
)
file = sa.Table(
    "clearing_file",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("book", sa.String(20), nullable=False),
    sa.Column("party", sa.String(60), nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("made_at", UtcDateTime, nullable=False),
    sa.Column("shape", sa.Text, nullable=False),
    sa.Column("lines", sa.BigInteger, nullable=False),
    sa.Column("amount", sa.BigInteger, nullable=False),
    sa.Column("totals", sa.Text, nullable=False),
    sa.Column("csv_sha256", Digest, nullable=False),
    sa.Column("json_sha256", Digest, nullable=False),
    sa.Column("csv", sa.LargeBinary, nullable=False),
    sa.Column("json", sa.LargeBinary, nullable=False),
    sa.UniqueConstraint("book", "party", "day"),
)
payout = sa.Table(
    "payout",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("file_id", Id, nullable=False),
    sa.Column("book", sa.String(20), nullable=False),
    sa.Column("party", sa.String(60), nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("payer", sa.String(60), nullable=False),
    sa.Column("brought", sa.BigInteger, nullable=False),
    sa.Column("amount", sa.BigInteger, nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("payable_on", sa.Date, nullable=False),
    sa.Column("netted_into", Id),
    sa.Column("paid_at", UtcDateTime),
    sa.Column("transfer", sa.String(80)),
    sa.UniqueConstraint("file_id", "payer"),
    sa.CheckConstraint("state IN ('due','held','paid','carried','netted')", name="state_is_known"),
    sa.CheckConstraint("(state IN ('carried','netted')) = (amount <= 0)", name="debts_are_carried"),
    sa.CheckConstraint("(state = 'netted') = (netted_into IS NOT NULL)", name="netted_somewhere"),
    sa.CheckConstraint(
        "(state = 'paid') = (paid_at IS NOT NULL AND transfer IS NOT NULL)", name="paid_by_transfer"
    ),
    sa.Index(
        "ix_payout_open",
        "book",
        "party",
        "payer",
        postgresql_where=OPEN_PAYOUT,
        sqlite_where=OPEN_PAYOUT,
    ),
    sa.Index("ix_payout_book_state_id", "book", "state", "id"),
)
difference = sa.Table(
    "difference",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("book", sa.String(20), nullable=False),
    sa.Column("party", sa.String(60), nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("reference", sa.String(80), nullable=False),
    sa.Column("type", sa.String(10), nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("ours", sa.BigInteger),
    sa.Column("theirs", sa.BigInteger),
    sa.Column("told", sa.Text),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("found_at", UtcDateTime, nullable=False),
    sa.Column("resolution", sa.String(12)),
    sa.Column("proposed_by", sa.String(60)),
    sa.Column("approved_by", sa.String(60)),
    sa.Column("closed_at", UtcDateTime),
    sa.UniqueConstraint("book", "party", "day", "reference", "type"),
    sa.CheckConstraint(
        "type IN ('long','short','amount','state','duplicate')", name="type_is_known"
    ),
    sa.CheckConstraint("state IN ('open','closed')", name="state_is_known"),
    sa.CheckConstraint(
        "(state = 'closed') = (resolution IS NOT NULL AND closed_at IS NOT NULL"
        " AND proposed_by IS NOT NULL AND approved_by IS NOT NULL)",
        name="closed_with_reason",
    ),
    sa.CheckConstraint("resolution IN ('ours','theirs','written_off')", name="resolution_is_known"),
    sa.CheckConstraint("proposed_by <> approved_by", name="closed_by_two"),
    sa.Index("ix_difference_book_party_id", "book", "party", "id"),
    sa.Index("ix_difference_book_state_id", "book", "state", "id"),
)
