"""Tables of this room. Every row of a resident leads its key with the resident, so that they can
be partitioned by resident; what must be unique across residents has a directory of its own."""

import sqlalchemy as sa

from app.plumbing.db import Digest, Id, UtcDateTime, metadata

_STATUSES = "'credited','capped','overlapped','reversed'"

edition = sa.Table(
    "edition",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("digest", sa.String(64), nullable=False, unique=True),
    sa.Column("pack", sa.String(40), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("first_used_at", UtcDateTime, nullable=False),
)
activity = sa.Table(
    "activity",
    metadata,
    sa.Column("resident_id", Id, primary_key=True),
    sa.Column("id", Id, primary_key=True),
    sa.Column("reference_hash", Digest, nullable=False),
    sa.Column("provider_id", Id, nullable=False),
    sa.Column("content_hash", Id, nullable=False),
    sa.Column("behaviour", sa.String(40), nullable=False),
    sa.Column("occurred_at", UtcDateTime, nullable=False),
    sa.Column("earned_on", sa.Date, nullable=False),
    sa.Column("due_on", sa.Date, nullable=False),
    sa.Column("recorded_at", UtcDateTime, nullable=False),
    sa.Column("quantity", sa.BigInteger),
    sa.Column("evidence", sa.Text),
    sa.Column("status", sa.String(10), nullable=False),
    sa.Column("reason", sa.String(40)),
    sa.Column("units", sa.BigInteger, nullable=False),
    sa.Column("reduction_mg", sa.BigInteger, nullable=False),
    sa.Column("points", sa.BigInteger, nullable=False),
    sa.Column("edition", sa.Integer, nullable=False),
    sa.CheckConstraint("reduction_mg >= 0 AND points >= 0 AND units >= 0", name="not_negative"),
    sa.CheckConstraint(f"status IN ({_STATUSES})", name="status_is_known"),
    sa.CheckConstraint(
        "status IN ('credited','capped') OR (reduction_mg = 0 AND points = 0 AND units = 0)",
        name="the_unpaid_hold_nothing",
    ),
    # Leads with the hash, so that a provider's reference is found whoever it belongs to; names
    # the resident too, so that the table can be partitioned by resident.
    sa.UniqueConstraint("reference_hash", "resident_id"),
    sa.Index("ix_activity_day", "resident_id", "earned_on", "occurred_at", "id"),
)
portion = sa.Table(
    "portion",
    metadata,
    sa.Column("resident_id", Id, primary_key=True),
    sa.Column("activity_id", Id, primary_key=True),
    sa.Column("number", sa.SmallInteger, primary_key=True),
    sa.Column("behaviour", sa.String(40), nullable=False),
    sa.Column("earned_on", sa.Date, nullable=False),
    sa.Column("due_on", sa.Date, nullable=False),
    sa.Column("reduction_mg", sa.BigInteger, nullable=False),
    sa.Column("points", sa.BigInteger, nullable=False),
    sa.CheckConstraint("reduction_mg >= 0 AND points >= 0", name="not_negative"),
    sa.Index("ix_portion_day", "resident_id", "earned_on"),
)
score_history = sa.Table(
    "score_history",
    metadata,
    sa.Column("resident_id", Id, primary_key=True),
    sa.Column("activity_id", Id, primary_key=True),
    sa.Column("id", Id, primary_key=True),
    sa.Column("until", UtcDateTime, nullable=False),
    sa.Column("status", sa.String(10), nullable=False),
    sa.Column("reason", sa.String(40)),
    sa.Column("reduction_mg", sa.BigInteger, nullable=False),
    sa.Column("points", sa.BigInteger, nullable=False),
    sa.Column("edition", sa.Integer, nullable=False),
)
reversal = sa.Table(
    "reversal",
    metadata,
    sa.Column("resident_id", Id, primary_key=True),
    sa.Column("activity_id", Id, primary_key=True),
    sa.Column("provider_id", Id, nullable=False),
    sa.Column("reason", sa.String(200), nullable=False),
    sa.Column("replaced_by", Digest),
    sa.Column("recorded_at", UtcDateTime, nullable=False),
)
act_claim = sa.Table(
    "act_claim",
    metadata,
    sa.Column("resident_id", Id, primary_key=True),
    sa.Column("key", Id, primary_key=True),
    sa.Column("activity_id", Id, primary_key=True),
    sa.Column("earned_on", sa.Date, nullable=False),
)
object_claim = sa.Table(
    "object_claim",
    metadata,
    sa.Column("key", Id, primary_key=True),
    sa.Column("resident_id", Id, nullable=False),
    sa.Column("claimed_at", UtcDateTime, nullable=False),
)
object_wait = sa.Table(
    "object_wait",
    metadata,
    sa.Column("key", Id, primary_key=True),
    sa.Column("resident_id", Id, primary_key=True),
    sa.Column("earned_on", sa.Date, nullable=False),
    sa.Column("waits_since", UtcDateTime, nullable=False),
)
tally = sa.Table(
    "tally",
    metadata,
    sa.Column("resident_id", Id, primary_key=True),
    sa.Column("behaviour", sa.String(40), primary_key=True),
    sa.Column("month", sa.String(7), primary_key=True),
    sa.Column("units", sa.BigInteger, nullable=False),
    sa.Column("count", sa.BigInteger, nullable=False),
    sa.Column("reduction_mg", sa.BigInteger, nullable=False),
    sa.Column("points", sa.BigInteger, nullable=False),
    sa.CheckConstraint(
        "units >= 0 AND count >= 0 AND reduction_mg >= 0 AND points >= 0", name="not_negative"
    ),
)
intake_batch = sa.Table(
    "intake_batch",
    metadata,
    sa.Column("provider_id", Id, primary_key=True),
    sa.Column("id", Id, primary_key=True),
    sa.Column("recorded_at", UtcDateTime, nullable=False),
    sa.Column("counts", sa.Text, nullable=False),
)
import_run = sa.Table(
    "import_run",
    metadata,
    sa.Column("id", Digest, primary_key=True),
    sa.Column("provider_id", Id, nullable=False),
    sa.Column("buckets", sa.Integer, nullable=False),
    sa.Column("began_at", UtcDateTime, nullable=False),
    # Both are written when the last bucket is done.
    sa.Column("lines", sa.BigInteger),
    sa.Column("finished_at", UtcDateTime),
)
import_bucket = sa.Table(
    "import_bucket",
    metadata,
    sa.Column("run_id", Digest, primary_key=True),
    sa.Column("bucket", sa.Integer, primary_key=True),
    sa.Column("counts", sa.Text, nullable=False),
    sa.Column("rejected", sa.Text, nullable=False),
    sa.Column("done_at", UtcDateTime, nullable=False),
)
# One pass over all residents a number of days after which some evidence goes.
evidence_run = sa.Table(
    "evidence_run",
    metadata,
    sa.Column("days", sa.Integer, primary_key=True),
    sa.Column("until_day", sa.Date, primary_key=True),
    sa.Column("after", Id, nullable=False),
    sa.Column("ended_at", UtcDateTime),
)
rescore_run = sa.Table(
    "rescore_run",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("after", Id, nullable=False),
    sa.Column("changed_at", UtcDateTime, nullable=False),
)
# What partners say they have credited: reports without value here, beside the resident's own.
partner_claim = sa.Table(
    "partner_claim",
    metadata,
    sa.Column("resident_id", Id, primary_key=True),
    sa.Column("id", Id, primary_key=True),
    sa.Column("partner", sa.String(40), nullable=False),
    sa.Column("link_id", Id, nullable=False),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("reference_hash", Digest, nullable=False),
    sa.Column("behaviour", sa.String(40), nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("cell_a", sa.BigInteger),
    sa.Column("cell_b", sa.BigInteger),
    sa.Column("marks", sa.Text, nullable=False),
    sa.Column("priority", sa.SmallInteger, nullable=False),
    sa.Column("reduction_mg", sa.BigInteger, nullable=False),
    sa.Column("content_hash", Id, nullable=False),
    sa.Column("status", sa.String(10), nullable=False),
    sa.Column("reason", sa.String(200)),
    sa.Column("recorded_at", UtcDateTime, nullable=False),
    sa.Column("changed_at", UtcDateTime, nullable=False),
    sa.CheckConstraint("status IN ('held','yielded','reversed')", name="status_is_known"),
    sa.CheckConstraint("(cell_a IS NULL) = (cell_b IS NULL)", name="cells_come_in_pairs"),
    # As with reports: by the hash first, and the resident, so that it can be partitioned.
    sa.UniqueConstraint("reference_hash", "resident_id"),
    sa.Index("ix_partner_claim_day", "resident_id", "day"),
    sa.Index("ix_partner_claim_link_id", "link_id", "behaviour", "day"),
)
# Behaviours that one partner alone pays, where it sends nothing but totals.
exclusive_payer = sa.Table(
    "exclusive_payer",
    metadata,
    sa.Column("resident_id", Id, primary_key=True),
    sa.Column("behaviour", sa.String(40), primary_key=True),
    sa.Column("from_day", sa.Date, primary_key=True),
    sa.Column("partner", sa.String(40), nullable=False),
    sa.Column("until_day", sa.Date),
)
# Acts that their resident contests: flagged, and left out of the grade until somebody has decided.
dispute = sa.Table(
    "dispute",
    metadata,
    sa.Column("resident_id", Id, primary_key=True),
    sa.Column("activity_id", Id, primary_key=True),
    # Also the id of the hold that keeps the act's points, where `held` is more than nothing.
    sa.Column("objection_id", Id, primary_key=True),
    sa.Column("opened_at", UtcDateTime, nullable=False),
    sa.Column("closed_at", UtcDateTime),
    sa.Column("held", sa.BigInteger, nullable=False),
    sa.CheckConstraint("held >= 0", name="not_negative"),
    # An act is contested once at a time.
    sa.Index(
        "uq_dispute_open",
        "resident_id",
        "activity_id",
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
        sqlite_where=sa.text("closed_at IS NULL"),
    ),
)
# What a correction may have changed of a resident's days before the present quarter: a note to
# whoever has added these days up, from the first day to the last.
restatement = sa.Table(
    "restatement",
    metadata,
    sa.Column("resident_id", Id, primary_key=True),
    sa.Column("id", Id, primary_key=True),
    sa.Column("first_day", sa.Date, nullable=False),
    sa.Column("last_day", sa.Date, nullable=False),
    sa.Column("why", sa.String(10), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.CheckConstraint("first_day <= last_day", name="days_in_order"),
    sa.CheckConstraint("why IN ('reversal','rules','dispute','decision')", name="why_is_known"),
    sa.Index("ix_restatement_at", "at", "id"),
)
