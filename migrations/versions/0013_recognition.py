"""Links, exchanges, positions."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    _exchanges()


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
