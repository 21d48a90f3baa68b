"""Tables of attestations. Status lists know places, not whose they are."""

import sqlalchemy as sa

from app.plumbing.db import Id, UtcDateTime, metadata

# Conditions of partial indexes; a query names the same words.
REVOKED_ROWS = sa.text("revoked")

status_list = sa.Table(
    "status_list",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("opened_at", UtcDateTime, nullable=False),
    sa.CheckConstraint("size > 0 AND size % 8 = 0", name="size_is_whole_bytes"),
)
# A place is taken once: by a credential, or by a decoy, which is revoked from the start.
status_entry = sa.Table(
    "status_entry",
    metadata,
    sa.Column("list_id", Id, primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("revoked", sa.Boolean(create_constraint=False), nullable=False),
    sa.CheckConstraint("position >= 0", name="position_not_negative"),
    sa.Index(
        "ix_status_entry_revoked",
        "list_id",
        "position",
        postgresql_where=REVOKED_ROWS,
        sqlite_where=REVOKED_ROWS,
    ),
)
attestation = sa.Table(
    "attestation",
    metadata,
    sa.Column("resident_id", Id, primary_key=True),
    sa.Column("id", Id, primary_key=True),
    sa.Column("list_id", Id, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("claims", sa.String(80), nullable=False),
    sa.Column("quarter", sa.String(6), nullable=False),
    sa.Column("version", sa.SmallInteger, nullable=False),
    sa.Column("basis", sa.LargeBinary(16), nullable=False),
    sa.Column("issued_at", UtcDateTime, nullable=False),
    sa.Column("ends_at", UtcDateTime, nullable=False, index=True),
    sa.Column("ended_at", UtcDateTime),
    sa.Column("why", sa.String(10)),
    sa.CheckConstraint("why IN ('resident','correction','closing')", name="why_is_known"),
    sa.CheckConstraint("(why IS NULL) = (ended_at IS NULL)", name="end_has_instant"),
    sa.Index("uq_attestation_place", "list_id", "position", unique=True),
)
# Keyed hashes of what was presented to whom through us, until it has ended anyway.
presentation_seen = sa.Table(
    "presentation_seen",
    metadata,
    sa.Column("digest", sa.LargeBinary(16), primary_key=True),
    sa.Column("ends_at", UtcDateTime, nullable=False, index=True),
)
