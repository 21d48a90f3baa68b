"""Tables of redemption. A resident's rows lead their keys with the resident, a merchant's with the
merchant's code; what is unique across them has a directory of its own."""

import sqlalchemy as sa

from app.plumbing.db import Digest, Id, UtcDateTime, metadata

# Conditions of partial indexes. A query names the same words: a plan for any value would not know
# that its own are among these.
HOLDING_ROWS = sa.text("state IN ('issued','shown','frozen')")
FREE_ROWS = sa.text("state = 'free'")
OPEN_ROWS = sa.text("state = 'open'")
OFFLINE_ROWS = sa.text("kind = 'offline' AND used_at IS NULL AND dead_at IS NULL")
KeyedHash = sa.LargeBinary(16)

voucher = sa.Table(
    "voucher",
    metadata,
    sa.Column("resident_id", Id, primary_key=True),
    sa.Column("id", Id, primary_key=True),
    sa.Column("benefit", sa.String(60), nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("prior", sa.String(10)),
    sa.Column("price", sa.BigInteger, nullable=False),
    sa.Column("cash", sa.BigInteger, nullable=False),
    sa.Column("cost", sa.BigInteger, nullable=False),
    sa.Column("funder", sa.String(60), nullable=False),
    sa.Column("issued_at", UtcDateTime, nullable=False),
    sa.Column("issued_on", sa.Date, nullable=False),
    sa.Column("expires_on", sa.Date, nullable=False),
    sa.Column("redemption_id", Id),
    sa.Column("changed_at", UtcDateTime, nullable=False),
    sa.CheckConstraint(
        "state IN ('issued','shown','redeemed','settled','cancelled','expired','voided',"
        "'refunded','frozen')",
        name="state_is_known",
    ),
    sa.CheckConstraint("(state = 'frozen') = (prior IS NOT NULL)", name="frozen_has_prior"),
    sa.CheckConstraint(
        "(state IN ('redeemed','settled','voided','refunded')) = (redemption_id IS NOT NULL)",
        name="redeemed_has_redemption",
    ),
    sa.CheckConstraint("price > 0 AND cash >= 0 AND cost >= 0", name="amounts_not_negative"),
    # The limits of one person.
    sa.Index("ix_voucher_resident_id_benefit", "resident_id", "benefit", "issued_on"),
    # What has expired.
    sa.Index(
        "ix_voucher_expires_on",
        "expires_on",
        postgresql_where=HOLDING_ROWS,
        sqlite_where=HOLDING_ROWS,
    ),
)
voucher_event = sa.Table(
    "voucher_event",
    metadata,
    sa.Column("resident_id", Id, primary_key=True),
    sa.Column("voucher_id", Id, primary_key=True),
    sa.Column("id", Id, primary_key=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("was", sa.String(10), nullable=False),
    sa.Column("became", sa.String(10), nullable=False),
    sa.Column("refused", sa.String(30)),
    sa.Column("by_kind", sa.String(10), nullable=False),
    sa.Column("by_id", Id),
    sa.Column("note", sa.String(200)),
)
voucher_code = sa.Table(
    "voucher_code",
    metadata,
    sa.Column("digest", Digest, primary_key=True),
    sa.Column("kind", sa.String(10), nullable=False),
    sa.Column("resident_id", Id, nullable=False),
    sa.Column("voucher_id", Id),
    # A pick is good at one merchant only.
    sa.Column("merchant", sa.String(40)),
    sa.Column("made_at", UtcDateTime, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False, index=True),
    sa.Column("dead_at", UtcDateTime),
    sa.Column("used_at", UtcDateTime),
    sa.Column("device", KeyedHash),
    sa.CheckConstraint("kind IN ('voucher','account','pick','offline')", name="kind_is_known"),
    sa.CheckConstraint("(kind = 'account') = (voucher_id IS NULL)", name="account_is_of_all"),
    sa.Index("ix_voucher_code_resident_id_voucher_id", "resident_id", "voucher_id"),
    # What may still come in from readers without a connection.
    sa.Index(
        "ix_voucher_code_offline",
        "resident_id",
        "voucher_id",
        "expires_at",
        postgresql_where=OFFLINE_ROWS,
        sqlite_where=OFFLINE_ROWS,
    ),
)
presentation = sa.Table(
    "presentation",
    metadata,
    sa.Column("client_id", Id, primary_key=True),
    sa.Column("key_digest", Digest, primary_key=True),
    sa.Column("at", UtcDateTime, nullable=False, index=True),
    sa.Column("outcome", sa.String(30), nullable=False),
    sa.Column("redemption_id", Id),
)
redemption = sa.Table(
    "redemption",
    metadata,
    sa.Column("merchant", sa.String(40), primary_key=True),
    sa.Column("id", Id, primary_key=True),
    sa.Column("store_id", Id),
    sa.Column("client_id", Id),
    sa.Column("resident_id", Id, nullable=False),
    sa.Column("voucher_id", Id, nullable=False),
    sa.Column("benefit", sa.String(60), nullable=False),
    sa.Column("price", sa.BigInteger, nullable=False),
    sa.Column("cash", sa.BigInteger, nullable=False),
    sa.Column("cost", sa.BigInteger, nullable=False),
    sa.Column("funder", sa.String(60), nullable=False),
    sa.Column("way", sa.String(10), nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False, index=True),
    sa.Column("returned", sa.BigInteger, nullable=False),
    sa.Column("returned_cost", sa.BigInteger, nullable=False),
    sa.Column("ended_at", UtcDateTime),
    sa.CheckConstraint("state IN ('redeemed','voided','refunded')", name="state_is_known"),
    sa.CheckConstraint("(state = 'redeemed') = (ended_at IS NULL)", name="end_has_instant"),
    sa.CheckConstraint("returned <= price AND returned_cost <= cost", name="never_above_original"),
    sa.Index("ix_redemption_merchant_day", "merchant", "day"),
    sa.Index("ix_redemption_resident_id", "resident_id"),
)
# One row a benefit and period ("total", or a day): how many vouchers of it are used up.
stock_use = sa.Table(
    "stock_use",
    metadata,
    sa.Column("benefit", sa.String(60), primary_key=True),
    sa.Column("period", sa.String(10), primary_key=True),
    sa.Column("used", sa.BigInteger, nullable=False),
    sa.CheckConstraint("used >= 0", name="used_not_negative"),
)
# What operators have changed of an offer: more stock, or none for now.
offer_change = sa.Table(
    "offer_change",
    metadata,
    sa.Column("benefit", sa.String(60), primary_key=True),
    sa.Column("paused", sa.Boolean(create_constraint=False), nullable=False),
    sa.Column("extra_stock", sa.BigInteger, nullable=False),
    sa.Column("changed_at", UtcDateTime, nullable=False),
)
# One row a funder: fen promised to merchants or paid, in all and on the newest day.
budget_use = sa.Table(
    "budget_use",
    metadata,
    sa.Column("funder", sa.String(60), primary_key=True),
    sa.Column("used", sa.BigInteger, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("used_today", sa.BigInteger, nullable=False),
    sa.CheckConstraint("used >= 0", name="used_not_negative"),
)
licence = sa.Table(
    "licence",
    metadata,
    sa.Column("benefit", sa.String(60), primary_key=True),
    sa.Column("digest", KeyedHash, primary_key=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("voucher_id", Id),
    sa.Column("added_at", UtcDateTime, nullable=False),
    sa.CheckConstraint("state IN ('free','given','invalid')", name="state_is_known"),
    sa.CheckConstraint("(state = 'free') = (voucher_id IS NULL)", name="free_is_nobodys"),
    sa.Index(
        "ix_licence_benefit_free",
        "benefit",
        "digest",
        postgresql_where=FREE_ROWS,
        sqlite_where=FREE_ROWS,
    ),
    sa.Index("ix_licence_voucher_id", "voucher_id"),
)
alert = sa.Table(
    "alert",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("merchant", sa.String(40), nullable=False),
    # What it is about, so that one thing raises one alert a day.
    sa.Column("subject", KeyedHash, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("times", sa.Integer, nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("opened_at", UtcDateTime, nullable=False),
    sa.Column("closed_at", UtcDateTime),
    sa.Column("note", sa.String(400)),
    sa.UniqueConstraint("kind", "merchant", "subject", "day"),
    sa.CheckConstraint("state IN ('open','closed')", name="state_is_known"),
    sa.Index(
        "ix_alert_merchant_open",
        "merchant",
        postgresql_where=OPEN_ROWS,
        sqlite_where=OPEN_ROWS,
    ),
)
