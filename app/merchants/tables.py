"""Tables of the merchants' register."""

import sqlalchemy as sa

from app.plumbing.db import Id, UtcDateTime, metadata

merchant = sa.Table(
    "merchant",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("code", sa.String(40), nullable=False),
    sa.Column("name", sa.String(100), nullable=False),
    sa.Column("name_en", sa.String(100)),
    sa.Column("state", sa.String(10), nullable=False),
    # Licence number, settlement account, responsible person, as sealed JSON; empty only for a
    # merchant of the demo city or of a developer, which nobody has checked.
    sa.Column("particulars_sealed", sa.LargeBinary),
    sa.Column("live_since", sa.Date, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("code"),
    sa.CheckConstraint("state IN ('live','suspended','closed')", name="state_is_known"),
)
store = sa.Table(
    "store",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("merchant_id", Id, nullable=False),
    sa.Column("code", sa.String(40), nullable=False),
    sa.Column("name", sa.String(100), nullable=False),
    sa.Column("district", sa.String(40), nullable=False),
    sa.Column("address", sa.String(200), nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("merchant_id", "code"),
    sa.CheckConstraint("state IN ('open','closed')", name="state_is_known"),
)
# Who may act for a merchant: a client of identity, and where it stands.
terminal = sa.Table(
    "terminal",
    metadata,
    sa.Column("client_id", Id, primary_key=True),
    sa.Column("merchant_id", Id, nullable=False),
    sa.Column("store_id", Id),
    sa.Column("role", sa.String(10), nullable=False),
    sa.Column("label", sa.String(100), nullable=False),
    sa.Column("active", sa.Boolean(create_constraint=False), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Index("ix_terminal_merchant_id_client_id", "merchant_id", "client_id"),
    sa.CheckConstraint("role IN ('office','staff','terminal')", name="role_is_known"),
    sa.CheckConstraint(
        "(role = 'office') = (store_id IS NULL)", name="only_the_office_has_no_store"
    ),
)
