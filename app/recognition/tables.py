"""Tables of recognition."""

import sqlalchemy as sa

from app.plumbing.db import Digest, Id, UtcDateTime, metadata

_OPEN = sa.text("state = 'active'")
_HELD = sa.text("state = 'held'")

partner_seat = sa.Table(
    "partner_seat",
    metadata,
    sa.Column("client_id", Id, primary_key=True),
    sa.Column("partner", sa.String(40), nullable=False),
)
link = sa.Table(
    "link",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("resident_id", Id, nullable=False),
    sa.Column("partner", sa.String(40), nullable=False),
    sa.Column("account_sealed", sa.LargeBinary, nullable=False),
    sa.Column("account_hash", Id, nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("from_day", sa.Date, nullable=False),
    sa.Column("until_day", sa.Date, nullable=False),
    sa.Column("consent_version", sa.String(40), nullable=False),
    sa.Column("consent_digest", Digest, nullable=False),
    sa.Column("matched_by", sa.String(20), nullable=False),
    sa.Column("opened_at", UtcDateTime, nullable=False),
    sa.Column("ended_at", UtcDateTime),
    sa.Column("ended_by", sa.String(10)),
    sa.CheckConstraint("state IN ('active','ended')", name="state_is_known"),
    sa.CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name="end_has_instant"),
    sa.Index("ix_link_resident_id_id", "resident_id", "id"),
    sa.Index("ix_link_partner_id", "partner", "id"),
    sa.Index("ix_link_term", "until_day", postgresql_where=_OPEN, sqlite_where=_OPEN),
    # One open link a resident and partner, one a partner's account.
    sa.Index(
        "uq_link_open_resident",
        "resident_id",
        "partner",
        unique=True,
        postgresql_where=_OPEN,
        sqlite_where=_OPEN,
    ),
    sa.Index(
        "uq_link_open_account",
        "partner",
        "account_hash",
        unique=True,
        postgresql_where=_OPEN,
        sqlite_where=_OPEN,
    ),
)
# Statements of identity that were used: each is good once.
statement_seen = sa.Table(
    "statement_seen",
    metadata,
    sa.Column("partner", sa.String(40), primary_key=True),
    sa.Column("digest", Id, primary_key=True),
    sa.Column("expires_at", UtcDateTime, nullable=False, index=True),
)
# Attempts to link that were refused, for operators: what was wrong, never who it was.
link_refusal = sa.Table(
    "link_refusal",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("partner", sa.String(40), nullable=False),
    sa.Column("fault", sa.String(20), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
)
partner_total = sa.Table(
    "partner_total",
    metadata,
    sa.Column("link_id", Id, primary_key=True),
    sa.Column("behaviour", sa.String(40), primary_key=True),
    sa.Column("month", sa.String(7), primary_key=True),
    sa.Column("reduction_mg", sa.BigInteger, nullable=False),
    sa.Column("acts", sa.BigInteger, nullable=False),
    sa.Column("reported_at", UtcDateTime, nullable=False),
    sa.CheckConstraint("reduction_mg >= 0 AND acts >= 0", name="not_negative"),
)
exchange = sa.Table(
    "exchange",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("resident_id", Id, nullable=False),
    sa.Column("link_id", Id, nullable=False),
    sa.Column("partner", sa.String(40), nullable=False),
    sa.Column("direction", sa.String(3), nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("points", sa.BigInteger, nullable=False),
    sa.Column("units", sa.BigInteger, nullable=False),
    sa.Column("places", sa.SmallInteger, nullable=False),
    sa.Column("rate_numerator", sa.BigInteger, nullable=False),
    sa.Column("rate_denominator", sa.BigInteger, nullable=False),
    sa.Column("rate_since", sa.Date, nullable=False),
    sa.Column("rulebook", sa.String(64), nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("asked_at", UtcDateTime, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False),
    sa.Column("decided_at", UtcDateTime),
    sa.Column("theirs", sa.String(80)),
    sa.Column("lot_day", sa.Date),
    sa.Column("corrected_at", UtcDateTime),
    sa.Column("reason", sa.String(200)),
    sa.CheckConstraint("direction IN ('in','out')", name="direction_is_known"),
    sa.CheckConstraint(
        "state IN ('held','confirmed','rejected','expired','corrected')", name="state_is_known"
    ),
    sa.CheckConstraint("points > 0 AND units > 0", name="moves_something"),
    sa.CheckConstraint("(state = 'held') = (decided_at IS NULL)", name="decided_has_instant"),
    sa.CheckConstraint(
        "(state = 'corrected') = (corrected_at IS NOT NULL)", name="corrected_has_instant"
    ),
    sa.CheckConstraint(
        "theirs IS NOT NULL OR state NOT IN ('confirmed','corrected')", name="confirmed_has_theirs"
    ),
    sa.CheckConstraint("rate_numerator > 0 AND rate_denominator > 0", name="rate_is_a_fraction"),
    sa.Index("ix_exchange_resident_id_id", "resident_id", "id"),
    sa.Index("ix_exchange_partner_id", "partner", "id"),
    # A person's quotas are counted over the days they speak of.
    sa.Index("ix_exchange_quota", "resident_id", "partner", "direction", "day"),
    sa.Index("ix_exchange_link_id", "link_id", postgresql_where=_HELD, sqlite_where=_HELD),
    sa.Index("ix_exchange_held", "expires_at", postgresql_where=_HELD, sqlite_where=_HELD),
)
# What has moved between the city and a partner, and what is on its way, in hundredths of a point.
partner_position = sa.Table(
    "partner_position",
    metadata,
    sa.Column("partner", sa.String(40), primary_key=True),
    sa.Column("sent", sa.BigInteger, nullable=False),
    sa.Column("received", sa.BigInteger, nullable=False),
    sa.Column("held_out", sa.BigInteger, nullable=False),
    sa.Column("held_in", sa.BigInteger, nullable=False),
    sa.CheckConstraint(
        "sent >= 0 AND received >= 0 AND held_out >= 0 AND held_in >= 0", name="not_negative"
    ),
)
