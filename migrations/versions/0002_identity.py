"""Residents, their sign-ins and codes, and the clients of companies."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "resident",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("person_key", sa.LargeBinary(length=16), nullable=True),
        sa.Column("phone_key", sa.LargeBinary(length=16), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("birth_year", sa.SmallInteger(), nullable=True),
        sa.Column("district", sa.String(length=40), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("earning_frozen", sa.Boolean(), nullable=False),
        sa.Column("spending_frozen", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "level IN ('phone','real_name')", name=op.f("ck_resident_level_is_known")
        ),
        sa.CheckConstraint(
            "status = 'open' OR COALESCE(person_key, phone_key) IS NULL",
            name=op.f("ck_resident_closed_is_erased"),
        ),
        sa.CheckConstraint("status IN ('open','closed')", name=op.f("ck_resident_status_is_known")),
        sa.CheckConstraint(
            "(phone_key IS NULL) = (phone_sealed IS NULL)", name=op.f("ck_resident_phone_is_sealed")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resident")),
        sa.UniqueConstraint("person_key", name=op.f("uq_resident_person_key")),
        sa.UniqueConstraint("phone_key", name=op.f("uq_resident_phone_key")),
    )
    op.create_table(
        "acceptance",
        sa.Column("resident_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("document", sa.String(length=10), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "document IN ('agreement','notice')", name=op.f("ck_acceptance_document_is_known")
        ),
        sa.PrimaryKeyConstraint("resident_id", "document", "version", name=op.f("pk_acceptance")),
    )
    op.create_table(
        "otp_code",
        sa.Column("phone_key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("phone_key", name=op.f("pk_otp_code")),
    )
    op.create_index(op.f("ix_otp_code_expires_at"), "otp_code", ["expires_at"], unique=False)
    op.create_table(
        "otp_window",
        sa.Column("key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_otp_window")),
    )
    op.create_index(op.f("ix_otp_window_began_at"), "otp_window", ["began_at"], unique=False)
    op.create_table(
        "sign_in",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("resident_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
    )
    op.create_index(op.f("ix_sign_in_resident_id"), "sign_in", ["resident_id"], unique=False)
    op.create_table(
        "refresh_token",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sign_in_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_refresh_token")),
    )
    op.create_index(
        op.f("ix_refresh_token_expires_at"), "refresh_token", ["expires_at"], unique=False
    )
    op.create_index(
        op.f("ix_refresh_token_sign_in_id"), "refresh_token", ["sign_in_id"], unique=False
    )
    op.create_table(
        "client",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("scope", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("behaviours", sa.Text(), nullable=True),
        sa.Column("secret_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('government','utility','bank','clearing','other')",
            name=op.f("ck_client_kind_is_known"),
        ),
        sa.CheckConstraint(
            "scope IN ('provider','merchant','partner','bank','operator')",
            name=op.f("ck_client_scope_is_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client")),
    )
