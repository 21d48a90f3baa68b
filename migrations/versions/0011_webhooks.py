"""Webhooks: events, their parties' endpoints and secrets."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

_UNNUMBERED = sa.text("sequence IS NULL")
_WAITS = sa.text("state = 'waiting'")


def upgrade() -> None:
    op.create_table(
        "webhook_party",
        sa.Column("party", sa.String(length=40), nullable=False),
        sa.Column("last_sequence", sa.BigInteger(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resting_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease", sa.LargeBinary(length=16), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(lease IS NULL) = (leased_until IS NULL)",
            name=op.f("ck_webhook_party_a_lease_has_an_end"),
        ),
        sa.CheckConstraint(
            "(url IS NULL) = (registered_at IS NULL)",
            name=op.f("ck_webhook_party_registered_with_an_address"),
        ),
        sa.PrimaryKeyConstraint("party", name=op.f("pk_webhook_party")),
    )
    op.create_table(
        "webhook_secret",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("party", sa.String(length=40), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("good_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_secret")),
    )
    op.create_index("ix_webhook_secret_party_id", "webhook_secret", ["party", "id"], unique=False)
    _create_event()


def _create_event() -> None:
    op.create_table(
        "webhook_event",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("party", sa.String(length=40), nullable=False),
        sa.Column("type", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_status", sa.Integer(), nullable=True),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_webhook_event_attempts_are_counted")),
        sa.CheckConstraint(
            "state = 'waiting' OR sequence IS NOT NULL",
            name=op.f("ck_webhook_event_sent_with_a_number"),
        ),
        sa.CheckConstraint(
            "state IN ('waiting','delivered','dead')",
            name=op.f("ck_webhook_event_state_is_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_event")),
        sa.UniqueConstraint("party", "sequence", name=op.f("uq_webhook_event_party_sequence")),
    )
    op.create_index("ix_webhook_event_party_id", "webhook_event", ["party", "id"], unique=False)
    op.create_index("ix_webhook_event_state_id", "webhook_event", ["state", "id"], unique=False)
    op.create_index(
        "ix_webhook_event_unnumbered",
        "webhook_event",
        ["party", "id"],
        unique=False,
        postgresql_where=_UNNUMBERED,
        sqlite_where=_UNNUMBERED,
    )
    op.create_index(
        "ix_webhook_event_waiting",
        "webhook_event",
        ["party", "due_at"],
        unique=False,
        postgresql_where=_WAITS,
        sqlite_where=_WAITS,
    )
