"""Tables of the register of consents, of what was shown before, and of disclosures."""

import sqlalchemy as sa

from app.plumbing.db import Digest, Id, UtcDateTime, metadata

KeyedHash = sa.LargeBinary(16)

# What was ever agreed to, word for word, by its hash; one row a notice, never changed.
notice = sa.Table(
    "notice",
    metadata,
    sa.Column("digest", Digest, primary_key=True),
    sa.Column("purpose", sa.String(40), nullable=False),
    sa.Column("version", sa.String(40), nullable=False),
    sa.Column("said", sa.Text, nullable=False),
    sa.Column("first_at", UtcDateTime, nullable=False),
)
# One purpose a row. Method, necessity and effect stand in the notice. Never deleted before its
# retention has passed; of what is written here only the end, the reads and the successor change.
consent = sa.Table(
    "consent",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("resident_id", Id, nullable=False),
    sa.Column("purpose", sa.String(40), nullable=False),
    sa.Column("basis", sa.String(200), nullable=False),
    sa.Column("data", sa.Text, nullable=False),
    sa.Column("recipient", sa.String(40), nullable=False),
    sa.Column("recipient_name", sa.String(200), nullable=False),
    sa.Column("recipient_contact", sa.String(200), nullable=False),
    sa.Column("recipient_licence", sa.String(100), nullable=False),
    sa.Column("notice_version", sa.String(40), nullable=False),
    sa.Column("notice", Digest, nullable=False),
    sa.Column("separate", sa.Boolean, nullable=False),
    sa.Column("granted_at", UtcDateTime, nullable=False),
    sa.Column("channel", sa.String(20), nullable=False),
    sa.Column("device_sealed", sa.LargeBinary),
    sa.Column("step_up", sa.String(20), nullable=False),
    sa.Column("from_day", sa.Date, nullable=False),
    sa.Column("until_day", sa.Date, nullable=False),
    sa.Column("keep_days", sa.Integer, nullable=False),
    sa.Column("revoked_at", UtcDateTime),
    sa.Column("revoked_why", sa.String(20)),
    sa.Column("superseded_by", Id),
    sa.Column("guardian_id", Id),
    sa.Column("reads_allowed", sa.Integer, nullable=False),
    sa.Column("reads_taken", sa.Integer, nullable=False),
    sa.Column("product", sa.String(40)),
    sa.Column("application_sealed", sa.LargeBinary),
    sa.Column("application", KeyedHash),
    sa.CheckConstraint("(revoked_at IS NULL) = (revoked_why IS NULL)", name="end_has_a_reason"),
    sa.CheckConstraint(
        "superseded_by IS NULL OR revoked_at IS NOT NULL", name="a_successor_ends_it"
    ),
    sa.CheckConstraint("from_day <= until_day", name="covers_a_day"),
    sa.CheckConstraint(
        "reads_taken >= 0 AND reads_taken <= reads_allowed", name="reads_are_counted"
    ),
    sa.CheckConstraint(
        "(application IS NULL) = (application_sealed IS NULL)", name="an_application_is_sealed"
    ),
    sa.Index("ix_consent_resident_id_id", "resident_id", "id"),
    sa.Index("ix_consent_until_day", "until_day"),
)
# The last time a resident did not want to be asked for this by this one.
consent_refusal = sa.Table(
    "consent_refusal",
    metadata,
    sa.Column("resident_id", Id, primary_key=True),
    sa.Column("purpose", sa.String(40), primary_key=True),
    sa.Column("recipient", sa.String(40), primary_key=True),
    sa.Column("at", UtcDateTime, nullable=False),
)
# Who looked or was told. A resident's rows stand together, in the order of their ids.
disclosure = sa.Table(
    "disclosure",
    metadata,
    sa.Column("resident_id", Id, primary_key=True),
    sa.Column("id", Id, primary_key=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("kind", sa.String(10), nullable=False),
    sa.Column("who", sa.String(60), nullable=False),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("why", sa.String(200), nullable=False),
    sa.Column("consent_id", Id),
    sa.Column("denied", sa.String(20)),
    sa.Column("about", sa.String(60)),
    sa.CheckConstraint(
        "kind IN ('bank','partner','merchant','provider','operator','service')",
        name="kind_is_known",
    ),
    # What is older than it has to be; a block-range index costs the inserts next to nothing.
    sa.Index("ix_disclosure_at", "at", postgresql_using="brin"),
)
