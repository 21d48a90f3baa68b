"""Links, exchanges, positions."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    _links()
    _exchanges()


def _links() -> None:
    op.create_table(
        "link",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("resident_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("partner", sa.String(length=40), nullable=False),
        sa.Column("account_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("account_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=False),
        sa.Column("consent_version", sa.String(length=40), nullable=False),
        sa.Column("consent_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("matched_by", sa.String(length=20), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=10), nullable=True),
        sa.CheckConstraint(
            "(state = 'ended') = (ended_at IS NOT NULL)", name=op.f("ck_link_end_has_instant")
        ),
        sa.CheckConstraint("state IN ('active','ended')", name=op.f("ck_link_state_is_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
    )
    op.create_index("ix_link_partner_id", "link", ["partner", "id"], unique=False)
    op.create_index("ix_link_resident_id_id", "link", ["resident_id", "id"], unique=False)
    for name, columns, unique in (
        ("ix_link_term", ["until_day"], False),
        ("uq_link_open_account", ["partner", "account_hash"], True),
        ("uq_link_open_resident", ["resident_id", "partner"], True),
    ):
        op.create_index(
            name,
            "link",
            columns,
            unique=unique,
            postgresql_where=sa.text("state = 'active'"),
            sqlite_where=sa.text("state = 'active'"),
        )
    op.create_table(
        "link_refusal",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("partner", sa.String(length=40), nullable=False),
        sa.Column("fault", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_refusal")),
    )
    op.create_table(
        "partner_seat",
        sa.Column("client_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("partner", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("client_id", name=op.f("pk_partner_seat")),
    )
    op.create_table(
        "partner_total",
        sa.Column("link_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("behaviour", sa.String(length=40), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("reduction_mg", sa.BigInteger(), nullable=False),
        sa.Column("acts", sa.BigInteger(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "reduction_mg >= 0 AND acts >= 0", name=op.f("ck_partner_total_not_negative")
        ),
        sa.PrimaryKeyConstraint("link_id", "behaviour", "month", name=op.f("pk_partner_total")),
    )
    op.create_table(
        "statement_seen",
        sa.Column("partner", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=16), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("partner", "digest", name=op.f("pk_statement_seen")),
    )
    op.create_index("ix_statement_seen_expires_at", "statement_seen", ["expires_at"], unique=False)


def _exchanges() -> None:
    op.create_table(
        "exchange",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("resident_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("link_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("partner", sa.String(length=40), nullable=False),
        sa.Column("direction", sa.String(length=3), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("units", sa.BigInteger(), nullable=False),
        sa.Column("places", sa.SmallInteger(), nullable=False),
        sa.Column("rate_numerator", sa.BigInteger(), nullable=False),
        sa.Column("rate_denominator", sa.BigInteger(), nullable=False),
        sa.Column("rate_since", sa.Date(), nullable=False),
        sa.Column("rulebook", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("theirs", sa.String(length=80), nullable=True),
        sa.Column("lot_day", sa.Date(), nullable=True),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "(state = 'corrected') = (corrected_at IS NOT NULL)",
            name=op.f("ck_exchange_corrected_has_instant"),
        ),
        sa.CheckConstraint(
            "(state = 'held') = (decided_at IS NULL)", name=op.f("ck_exchange_decided_has_instant")
        ),
        sa.CheckConstraint(
            "direction IN ('in','out')", name=op.f("ck_exchange_direction_is_known")
        ),
        sa.CheckConstraint(
            "state IN ('held','confirmed','rejected','expired','corrected')",
            name=op.f("ck_exchange_state_is_known"),
        ),
        sa.CheckConstraint(
            "theirs IS NOT NULL OR state NOT IN ('confirmed','corrected')",
            name=op.f("ck_exchange_confirmed_has_theirs"),
        ),
        sa.CheckConstraint("points > 0 AND units > 0", name=op.f("ck_exchange_moves_something")),
        sa.CheckConstraint(
            "rate_numerator > 0 AND rate_denominator > 0",
            name=op.f("ck_exchange_rate_is_a_fraction"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange")),
    )
    op.create_index(
        "ix_exchange_held",
        "exchange",
        ["expires_at"],
        unique=False,
        postgresql_where=sa.text("state = 'held'"),
        sqlite_where=sa.text("state = 'held'"),
    )
    op.create_index(
        "ix_exchange_link_id",
        "exchange",
        ["link_id"],
        unique=False,
        postgresql_where=sa.text("state = 'held'"),
        sqlite_where=sa.text("state = 'held'"),
    )
    op.create_index("ix_exchange_partner_id", "exchange", ["partner", "id"], unique=False)
    op.create_index(
        "ix_exchange_quota",
        "exchange",
        ["resident_id", "partner", "direction", "day"],
        unique=False,
    )
    op.create_index("ix_exchange_resident_id_id", "exchange", ["resident_id", "id"], unique=False)
    op.create_table(
        "partner_position",
        sa.Column("partner", sa.String(length=40), nullable=False),
        sa.Column("sent", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("held_out", sa.BigInteger(), nullable=False),
        sa.Column("held_in", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "sent >= 0 AND received >= 0 AND held_out >= 0 AND held_in >= 0",
            name=op.f("ck_partner_position_not_negative"),
        ),
        sa.PrimaryKeyConstraint("partner", name=op.f("pk_partner_position")),
    )
