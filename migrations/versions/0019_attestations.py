"""Attestations."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    _status()
    _attestations()


def _status() -> None:
    op.create_table(
        "status_list",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "size > 0 AND size % 8 = 0", name=op.f("ck_status_list_size_is_whole_bytes")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_list")),
    )
    op.create_table(
        "status_entry",
        sa.Column("list_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revoked", sa.Boolean(), nullable=False),
        sa.CheckConstraint("position >= 0", name=op.f("ck_status_entry_position_not_negative")),
        sa.PrimaryKeyConstraint("list_id", "position", name=op.f("pk_status_entry")),
    )
    op.create_index(
        "ix_status_entry_revoked",
        "status_entry",
        ["list_id", "position"],
        unique=False,
        postgresql_where=sa.text("revoked"),
        sqlite_where=sa.text("revoked"),
    )


def _attestations() -> None:
    op.create_table(
        "attestation",
        sa.Column("resident_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("list_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("claims", sa.String(length=80), nullable=False),
        sa.Column("quarter", sa.String(length=6), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("basis", sa.LargeBinary(length=16), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why", sa.String(length=10), nullable=True),
        sa.CheckConstraint(
            "(why IS NULL) = (ended_at IS NULL)", name=op.f("ck_attestation_end_has_instant")
        ),
        sa.CheckConstraint(
            "why IN ('resident','correction','closing')", name=op.f("ck_attestation_why_is_known")
        ),
        sa.PrimaryKeyConstraint("resident_id", "id", name=op.f("pk_attestation")),
    )
    op.create_index("ix_attestation_ends_at", "attestation", ["ends_at"], unique=False)
    op.create_index("uq_attestation_place", "attestation", ["list_id", "position"], unique=True)
    op.create_table(
        "presentation_seen",
        sa.Column("digest", sa.LargeBinary(length=16), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_presentation_seen")),
    )
    op.create_index("ix_presentation_seen_ends_at", "presentation_seen", ["ends_at"], unique=False)
