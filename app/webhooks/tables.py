"""Tables of webhooks."""

import sqlalchemy as sa

from app.plumbing.db import Id, UtcDateTime, metadata

UNNUMBERED = sa.text("sequence IS NULL")
WAITS = sa.text("state = 'waiting'")

# One row a party: whoever numbers its events or sends them takes turns on it. Causes do not touch
# it, so that it is never hot.
party = sa.Table(
    "webhook_party",
    metadata,
    sa.Column("party", sa.String(40), primary_key=True),
    sa.Column("last_sequence", sa.BigInteger, nullable=False),
    sa.Column("url", sa.Text),
    sa.Column("registered_at", UtcDateTime),
    sa.Column("disabled_at", UtcDateTime),
    sa.Column("resting_until", UtcDateTime),
    sa.Column("lease", Id),
    sa.Column("leased_until", UtcDateTime),
    sa.CheckConstraint(
        "(url IS NULL) = (registered_at IS NULL)", name="registered_with_an_address"
    ),
    sa.CheckConstraint("(lease IS NULL) = (leased_until IS NULL)", name="a_lease_has_an_end"),
)
secret = sa.Table(
    "webhook_secret",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("party", sa.String(40), nullable=False),
    sa.Column("secret_sealed", sa.LargeBinary, nullable=False),
    sa.Column("good_until", UtcDateTime),
    sa.Index("ix_webhook_secret_party_id", "party", "id"),
)
# What an event says is sealed: it may name somebody's account elsewhere.
event = sa.Table(
    "webhook_event",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("party", sa.String(40), nullable=False),
    sa.Column("type", sa.String(60), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("data_sealed", sa.LargeBinary, nullable=False),
    sa.Column("sequence", sa.BigInteger),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("due_at", UtcDateTime, nullable=False),
    sa.Column("first_tried_at", UtcDateTime),
    sa.Column("last_tried_at", UtcDateTime),
    sa.Column("last_status", sa.Integer),
    sa.UniqueConstraint("party", "sequence"),
    sa.CheckConstraint("state IN ('waiting','delivered','dead')", name="state_is_known"),
    sa.CheckConstraint("state = 'waiting' OR sequence IS NOT NULL", name="sent_with_a_number"),
    sa.CheckConstraint("attempts >= 0", name="attempts_are_counted"),
    sa.Index("ix_webhook_event_state_id", "state", "id"),
    sa.Index("ix_webhook_event_party_id", "party", "id"),
    # What is to be numbered and what is to be sent: as long as what waits, never longer.
    sa.Index(
        "ix_webhook_event_unnumbered",
        "party",
        "id",
        postgresql_where=UNNUMBERED,
        sqlite_where=UNNUMBERED,
    ),
    sa.Index(
        "ix_webhook_event_waiting",
        "party",
        "due_at",
        postgresql_where=WAITS,
        sqlite_where=WAITS,
    ),
)
