"""Vouchers, codes, redemptions, stock, budgets, licences, alerts; holds name what they are for."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "alert",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("merchant", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.LargeBinary(length=16), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(length=400), nullable=True),
        sa.CheckConstraint("state IN ('open','closed')", name=op.f("ck_alert_state_is_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        sa.UniqueConstraint(
            "kind", "merchant", "subject", "day", name=op.f("uq_alert_kind_merchant_subject_day")
        ),
    )
    op.create_index(
        "ix_alert_merchant_open",
        "alert",
        ["merchant"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
        sqlite_where=sa.text("state = 'open'"),
    )

    op.create_table(
        "budget_use",
        sa.Column("funder", sa.String(length=60), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("used_today", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("used >= 0", name=op.f("ck_budget_use_used_not_negative")),
        sa.PrimaryKeyConstraint("funder", name=op.f("pk_budget_use")),
    )
    op.create_table(
        "licence",
        sa.Column("benefit", sa.String(length=60), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=16), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("voucher_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'free') = (voucher_id IS NULL)", name=op.f("ck_licence_free_is_nobodys")
        ),
        sa.CheckConstraint(
            "state IN ('free','given','invalid')", name=op.f("ck_licence_state_is_known")
        ),
        sa.PrimaryKeyConstraint("benefit", "digest", name=op.f("pk_licence")),
    )
    op.create_index(
        "ix_licence_benefit_free",
        "licence",
        ["benefit", "digest"],
        unique=False,
        postgresql_where=sa.text("state = 'free'"),
        sqlite_where=sa.text("state = 'free'"),
    )
    op.create_index("ix_licence_voucher_id", "licence", ["voucher_id"], unique=False)

    op.create_table(
        "offer_change",
        sa.Column("benefit", sa.String(length=60), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("extra_stock", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("benefit", name=op.f("pk_offer_change")),
    )
    op.create_table(
        "presentation",
        sa.Column("client_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("key_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=30), nullable=False),
        sa.Column("redemption_id", sa.LargeBinary(length=16), nullable=True),
        sa.PrimaryKeyConstraint("client_id", "key_digest", name=op.f("pk_presentation")),
    )
    op.create_index(op.f("ix_presentation_at"), "presentation", ["at"], unique=False)
    op.create_table(
        "redemption",
        sa.Column("merchant", sa.String(length=40), nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("store_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("client_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("resident_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("voucher_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("benefit", sa.String(length=60), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("cash", sa.BigInteger(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.Column("funder", sa.String(length=60), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("returned", sa.BigInteger(), nullable=False),
        sa.Column("returned_cost", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'redeemed') = (ended_at IS NULL)", name=op.f("ck_redemption_end_has_instant")
        ),
        sa.CheckConstraint(
            "state IN ('redeemed','voided','refunded')", name=op.f("ck_redemption_state_is_known")
        ),
        sa.CheckConstraint(
            "returned <= price AND returned_cost <= cost",
            name=op.f("ck_redemption_never_above_original"),
        ),
        sa.PrimaryKeyConstraint("merchant", "id", name=op.f("pk_redemption")),
    )
    op.create_index(op.f("ix_redemption_at"), "redemption", ["at"], unique=False)
    op.create_index("ix_redemption_merchant_day", "redemption", ["merchant", "day"], unique=False)

    op.create_table(
        "stock_use",
        sa.Column("benefit", sa.String(length=60), nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("used >= 0", name=op.f("ck_stock_use_used_not_negative")),
        sa.PrimaryKeyConstraint("benefit", "period", name=op.f("pk_stock_use")),
    )
    op.create_table(
        "voucher",
        sa.Column("resident_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("benefit", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("prior", sa.String(length=10), nullable=True),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("cash", sa.BigInteger(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.Column("funder", sa.String(length=60), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("redemption_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'frozen') = (prior IS NOT NULL)", name=op.f("ck_voucher_frozen_has_prior")
        ),
        sa.CheckConstraint(
            "(state IN ('redeemed','settled','voided','refunded')) = (redemption_id IS NOT NULL)",
            name=op.f("ck_voucher_redeemed_has_redemption"),
        ),
        sa.CheckConstraint(
            "state IN ('issued','shown','redeemed','settled','cancelled','expired','voided',"
            "'refunded','frozen')",
            name=op.f("ck_voucher_state_is_known"),
        ),
        sa.CheckConstraint(
            "price > 0 AND cash >= 0 AND cost >= 0", name=op.f("ck_voucher_amounts_not_negative")
        ),
        sa.PrimaryKeyConstraint("resident_id", "id", name=op.f("pk_voucher")),
    )
    op.create_index(
        "ix_voucher_expires_on",
        "voucher",
        ["expires_on"],
        unique=False,
        postgresql_where=sa.text("state IN ('issued','shown','frozen')"),
        sqlite_where=sa.text("state IN ('issued','shown','frozen')"),
    )
    op.create_index(
        "ix_voucher_resident_id_benefit",
        "voucher",
        ["resident_id", "benefit", "issued_on"],
        unique=False,
    )

    op.create_table(
        "voucher_code",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("resident_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("voucher_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("merchant", sa.String(length=40), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dead_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("device", sa.LargeBinary(length=16), nullable=True),
        sa.CheckConstraint(
            "(kind = 'account') = (voucher_id IS NULL)",
            name=op.f("ck_voucher_code_account_is_of_all"),
        ),
        sa.CheckConstraint(
            "kind IN ('voucher','account','pick','offline')",
            name=op.f("ck_voucher_code_kind_is_known"),
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_voucher_code")),
    )
    op.create_index(
        op.f("ix_voucher_code_expires_at"), "voucher_code", ["expires_at"], unique=False
    )
    op.create_index(
        "ix_voucher_code_offline",
        "voucher_code",
        ["resident_id", "voucher_id", "expires_at"],
        unique=False,
        postgresql_where=sa.text("kind = 'offline' AND used_at IS NULL AND dead_at IS NULL"),
        sqlite_where=sa.text("kind = 'offline' AND used_at IS NULL AND dead_at IS NULL"),
    )
    op.create_index(
        "ix_voucher_code_resident_id_voucher_id",
        "voucher_code",
        ["resident_id", "voucher_id"],
        unique=False,
    )

    op.create_table(
        "voucher_event",
        sa.Column("resident_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("voucher_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("was", sa.String(length=10), nullable=False),
        sa.Column("became", sa.String(length=10), nullable=False),
        sa.Column("refused", sa.String(length=30), nullable=True),
        sa.Column("by_kind", sa.String(length=10), nullable=False),
        sa.Column("by_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("resident_id", "voucher_id", "id", name=op.f("pk_voucher_event")),
    )
    with op.batch_alter_table("hold", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(length=4), nullable=True))
        batch_op.drop_column("cause")
