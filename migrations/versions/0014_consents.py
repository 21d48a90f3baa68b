"""The register of consents, and who was given what."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    _register()
    _beside_it()


def _register() -> None:
    op.create_table(
        "consent",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("resident_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("recipient", sa.String(length=40), nullable=False),
        sa.Column("recipient_name", sa.String(length=200), nullable=False),
        sa.Column("recipient_contact", sa.String(length=200), nullable=False),
        sa.Column("recipient_licence", sa.String(length=100), nullable=False),
        sa.Column("notice_version", sa.String(length=40), nullable=False),
        sa.Column("notice", sa.LargeBinary(length=32), nullable=False),
        sa.Column("separate", sa.Boolean(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("device_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("step_up", sa.String(length=20), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=False),
        sa.Column("keep_days", sa.Integer(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_why", sa.String(length=20), nullable=True),
        sa.Column("superseded_by", sa.LargeBinary(length=16), nullable=True),
        sa.Column("guardian_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("reads_allowed", sa.Integer(), nullable=False),
        sa.Column("reads_taken", sa.Integer(), nullable=False),
        sa.Column("product", sa.String(length=40), nullable=True),
        sa.Column("application_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("application", sa.LargeBinary(length=16), nullable=True),
        sa.CheckConstraint(
            "(application IS NULL) = (application_sealed IS NULL)",
            name=op.f("ck_consent_an_application_is_sealed"),
        ),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revoked_why IS NULL)",
            name=op.f("ck_consent_end_has_a_reason"),
        ),
        sa.CheckConstraint("from_day <= until_day", name=op.f("ck_consent_covers_a_day")),
        sa.CheckConstraint(
            "reads_taken >= 0 AND reads_taken <= reads_allowed",
            name=op.f("ck_consent_reads_are_counted"),
        ),
        sa.CheckConstraint(
            "superseded_by IS NULL OR revoked_at IS NOT NULL",
            name=op.f("ck_consent_a_successor_ends_it"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index("ix_consent_resident_id_id", "consent", ["resident_id", "id"], unique=False)


def _beside_it() -> None:
    op.create_table(
        "notice",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_notice")),
    )
    op.create_table(
        "consent_refusal",
        sa.Column("resident_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("recipient", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "resident_id", "purpose", "recipient", name=op.f("pk_consent_refusal")
        ),
    )
    op.create_table(
        "disclosure",
        sa.Column("resident_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("who", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.Column("consent_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("denied", sa.String(length=20), nullable=True),
        sa.Column("about", sa.String(length=60), nullable=True),
        sa.CheckConstraint(
            "kind IN ('bank','partner','merchant','provider','operator','service')",
            name=op.f("ck_disclosure_kind_is_known"),
        ),
        sa.PrimaryKeyConstraint("resident_id", "id", name=op.f("pk_disclosure")),
    )
