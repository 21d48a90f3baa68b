"""Tables of the ledger. A resident's rows lead their keys with the resident."""

import sqlalchemy as sa

from app.plumbing.db import Id, UtcDateTime, metadata

# The space of advisory locks in which a book hour is shared by those who write into it.
BOOK_LOCK = 0x57425F48

wallet = sa.Table(
    "wallet",
    metadata,
    sa.Column("resident_id", Id, primary_key=True),
    sa.Column("debt", sa.BigInteger, nullable=False),
    # Since when its resident's account has been closed.
    sa.Column("closed_at", UtcDateTime),
    sa.CheckConstraint("debt >= 0", name="debt_not_negative"),
)
account = sa.Table(
    "account",
    metadata,
    sa.Column("resident_id", Id, primary_key=True),
    sa.Column("pocket", sa.String(10), primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("balance", sa.BigInteger, nullable=False),
    sa.CheckConstraint("balance >= 0", name="balance_not_negative"),
    sa.CheckConstraint("pocket IN ('available','pending','held','grace')", name="pocket_is_known"),
    sa.Index("ix_account_pocket_day", "pocket", "day"),
)
transfer = sa.Table(
    "transfer",
    metadata,
    sa.Column("resident_id", Id, primary_key=True),
    sa.Column("id", Id, primary_key=True),
    sa.Column("debit", sa.String(48), nullable=False),
    sa.Column("debit_day", sa.Date),
    sa.Column("credit", sa.String(48), nullable=False),
    sa.Column("credit_day", sa.Date),
    sa.Column("amount", sa.BigInteger, nullable=False),
    sa.Column("code", sa.String(16), nullable=False),
    sa.Column("cause", Id),
    sa.Column("due_on", sa.Date),
    sa.Column("reverses", Id),
    sa.Column("recorded_at", UtcDateTime, nullable=False),
    sa.CheckConstraint("amount > 0", name="amount_above_nothing"),
    sa.CheckConstraint("debit <> credit OR debit_day <> credit_day", name="moves_somewhere"),
    # The open hour is read by instant; a block-range index costs the inserts next to nothing.
    sa.Index("ix_transfer_recorded_at", "recorded_at", postgresql_using="brin"),
)
hold = sa.Table(
    "hold",
    metadata,
    sa.Column("resident_id", Id, primary_key=True),
    sa.Column("id", Id, primary_key=True),
    sa.Column("amount", sa.BigInteger, nullable=False),
    sa.Column("open", sa.BigInteger, nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    # The prefix of the wire id of what it is for; the id is the hold's own.
    sa.Column("kind", sa.String(4)),
    sa.Column("opened_at", UtcDateTime, nullable=False),
    sa.Column("lapses_at", UtcDateTime),
    sa.CheckConstraint("open >= 0 AND open <= amount", name="open_within_amount"),
    sa.CheckConstraint("state IN ('open','settled','released')", name="state_is_known"),
    sa.CheckConstraint("(state = 'open') = (open > 0)", name="open_has_something"),
    sa.Index(
        "ix_hold_lapses_at",
        "lapses_at",
        postgresql_where=sa.text("state = 'open'"),
        sqlite_where=sa.text("state = 'open'"),
    ),
)
book_close = sa.Table(
    "book_close",
    metadata,
    sa.Column("until", UtcDateTime, primary_key=True),
    sa.Column("account", sa.String(48), primary_key=True),
    sa.Column("debits", sa.BigInteger, nullable=False),
    sa.Column("credits", sa.BigInteger, nullable=False),
)
