"""Wallets, accounts, transfers, holds and the closed book."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "wallet",
        sa.Column("resident_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("debt", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("debt >= 0", name=op.f("ck_wallet_debt_not_negative")),
        sa.PrimaryKeyConstraint("resident_id", name=op.f("pk_wallet")),
    )
    op.create_table(
        "account",
        sa.Column("resident_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("pocket", sa.String(length=10), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "pocket IN ('available','pending','held','grace')",
            name=op.f("ck_account_pocket_is_known"),
        ),
        sa.CheckConstraint("balance >= 0", name=op.f("ck_account_balance_not_negative")),
        sa.PrimaryKeyConstraint("resident_id", "pocket", "day", name=op.f("pk_account")),
    )
    op.create_index("ix_account_pocket_day", "account", ["pocket", "day"], unique=False)
    op.create_table(
        "transfer",
        sa.Column("resident_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("debit", sa.String(length=12), nullable=False),
        sa.Column("debit_day", sa.Date(), nullable=True),
        sa.Column("credit", sa.String(length=12), nullable=False),
        sa.Column("credit_day", sa.Date(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("cause", sa.LargeBinary(length=16), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("reverses", sa.LargeBinary(length=16), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_transfer_amount_above_nothing")),
        sa.CheckConstraint(
            "debit <> credit OR debit_day <> credit_day", name=op.f("ck_transfer_moves_somewhere")
        ),
        sa.PrimaryKeyConstraint("resident_id", "id", name=op.f("pk_transfer")),
    )
    op.create_index(
        "ix_transfer_recorded_at",
        "transfer",
        ["recorded_at"],
        unique=False,
        postgresql_using="brin",
    )
    op.create_table(
        "hold",
        sa.Column("resident_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("open", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("cause", sa.LargeBinary(length=16), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lapses_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'open') = (open > 0)", name=op.f("ck_hold_open_has_something")
        ),
        sa.CheckConstraint(
            "state IN ('open','settled','released')", name=op.f("ck_hold_state_is_known")
        ),
        sa.CheckConstraint("open >= 0 AND open <= amount", name=op.f("ck_hold_open_within_amount")),
        sa.PrimaryKeyConstraint("resident_id", "id", name=op.f("pk_hold")),
    )
    op.create_index(
        "ix_hold_lapses_at",
        "hold",
        ["lapses_at"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
        sqlite_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "book_close",
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account", sa.String(length=12), nullable=False),
        sa.Column("debits", sa.BigInteger(), nullable=False),
        sa.Column("credits", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("until", "account", name=op.f("pk_book_close")),
    )
