"""Reports, scores and their history, tallies, claims, and how far imports came."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("pack", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("first_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
        sa.UniqueConstraint("digest", name=op.f("uq_edition_digest")),
    )
    op.create_table(
        "activity",
        sa.Column("resident_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("reference_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("provider_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("behaviour", sa.String(length=40), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("earned_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("units", sa.BigInteger(), nullable=False),
        sa.Column("reduction_mg", sa.BigInteger(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status IN ('credited','capped') OR (reduction_mg = 0 AND points = 0 AND units = 0)",
            name=op.f("ck_activity_the_unpaid_hold_nothing"),
        ),
        sa.CheckConstraint(
            "status IN ('credited','capped','overlapped','reversed')",
            name=op.f("ck_activity_status_is_known"),
        ),
        sa.CheckConstraint(
            "reduction_mg >= 0 AND points >= 0 AND units >= 0",
            name=op.f("ck_activity_not_negative"),
        ),
        sa.PrimaryKeyConstraint("resident_id", "id", name=op.f("pk_activity")),
        sa.UniqueConstraint(
            "reference_hash", "resident_id", name=op.f("uq_activity_reference_hash_resident_id")
        ),
    )
    op.create_index(
        "ix_activity_day",
        "activity",
        ["resident_id", "earned_on", "occurred_at", "id"],
        unique=False,
    )
    op.create_table(
        "portion",
        sa.Column("resident_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("activity_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("behaviour", sa.String(length=40), nullable=False),
        sa.Column("earned_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("reduction_mg", sa.BigInteger(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "reduction_mg >= 0 AND points >= 0", name=op.f("ck_portion_not_negative")
        ),
        sa.PrimaryKeyConstraint("resident_id", "activity_id", "number", name=op.f("pk_portion")),
    )
    op.create_index("ix_portion_day", "portion", ["resident_id", "earned_on"], unique=False)
    op.create_table(
        "score_history",
        sa.Column("resident_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("activity_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("reduction_mg", sa.BigInteger(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("resident_id", "activity_id", "id", name=op.f("pk_score_history")),
    )
    op.create_table(
        "reversal",
        sa.Column("resident_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("activity_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("provider_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("replaced_by", sa.LargeBinary(length=32), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("resident_id", "activity_id", name=op.f("pk_reversal")),
    )
    op.create_table(
        "act_claim",
        sa.Column("resident_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("activity_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("earned_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("resident_id", "key", "activity_id", name=op.f("pk_act_claim")),
    )
    op.create_table(
        "object_claim",
        sa.Column("key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("resident_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_object_claim")),
    )
    op.create_table(
        "object_wait",
        sa.Column("key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("resident_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("earned_on", sa.Date(), nullable=False),
        sa.Column("waits_since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", "resident_id", name=op.f("pk_object_wait")),
    )
    op.create_table(
        "tally",
        sa.Column("resident_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("behaviour", sa.String(length=40), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("units", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("reduction_mg", sa.BigInteger(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "units >= 0 AND count >= 0 AND reduction_mg >= 0 AND points >= 0",
            name=op.f("ck_tally_not_negative"),
        ),
        sa.PrimaryKeyConstraint("resident_id", "behaviour", "month", name=op.f("pk_tally")),
    )
    op.create_table(
        "intake_batch",
        sa.Column("provider_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("provider_id", "id", name=op.f("pk_intake_batch")),
    )
    op.create_table(
        "import_run",
        sa.Column("id", sa.LargeBinary(length=32), nullable=False),
        sa.Column("provider_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("buckets", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lines", sa.BigInteger(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
    )
    op.create_table(
        "import_bucket",
        sa.Column("run_id", sa.LargeBinary(length=32), nullable=False),
        sa.Column("bucket", sa.Integer(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("rejected", sa.Text(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "bucket", name=op.f("pk_import_bucket")),
    )
    op.create_table(
        "rescore_run",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("after", sa.LargeBinary(length=16), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_rescore_run")),
    )
