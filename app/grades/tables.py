"""Tables of grades. A grade's row is never edited: a correction is a row of the next version."""

import sqlalchemy as sa

from app.plumbing.db import Id, UtcDateTime, metadata

# A quarter as on the wire, "2026Q3": texts sort as quarters do.
Name = sa.String(6)
_REASONS = "'closing','reversal','rules','dispute','objection'"

grade = sa.Table(
    "grade",
    metadata,
    sa.Column("resident_id", Id, primary_key=True),
    sa.Column("quarter", Name, primary_key=True),
    sa.Column("version", sa.SmallInteger, primary_key=True),
    sa.Column("id", Id, nullable=False),
    sa.Column("code", sa.String(20)),
    sa.Column("reduction_mg", sa.BigInteger, nullable=False),
    sa.Column("factor", sa.SmallInteger, nullable=False),
    # Rows of values in the order of `Part` and `Line`, as JSON.
    sa.Column("parts", sa.Text, nullable=False),
    sa.Column("quality", sa.String(10), nullable=False),
    sa.Column("lines", sa.Text, nullable=False),
    sa.Column("earlier", sa.SmallInteger, nullable=False),
    # Digests: of the rules that scored the acts, and of the credit rules with their scorecard.
    sa.Column("rulebook", sa.String(64), nullable=False),
    sa.Column("card", sa.String(64), nullable=False),
    sa.Column("made_at", UtcDateTime, nullable=False),
    sa.Column("reason", sa.String(10), nullable=False),
    sa.Column("before", sa.String(20)),
    sa.CheckConstraint("factor BETWEEN 0 AND 1000", name="factor_in_range"),
    sa.CheckConstraint("reduction_mg >= 0 AND version >= 1", name="not_negative"),
    sa.CheckConstraint("earlier BETWEEN 0 AND 4", name="earlier_in_range"),
    sa.CheckConstraint(f"reason IN ({_REASONS})", name="reason_is_known"),
    sa.Index("ix_grade_quarter", "quarter"),
)
card_edition = sa.Table(
    "card_edition",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("first_used_at", UtcDateTime, nullable=False),
)
quarter_closing = sa.Table(
    "quarter_closing",
    metadata,
    sa.Column("quarter", Name, primary_key=True),
    # What was recorded before this instant counts.
    sa.Column("cutoff", UtcDateTime, nullable=False),
    sa.Column("began_at", UtcDateTime, nullable=False),
    sa.Column("ended_at", UtcDateTime),
    # The last resident done, and how many got which grade, as JSON.
    sa.Column("after", Id, nullable=False),
    sa.Column("counts", sa.Text, nullable=False),
)
# Late acts that an objection let into a closed quarter: they count in every later recomputation.
grade_admission = sa.Table(
    "grade_admission",
    metadata,
    sa.Column("resident_id", Id, primary_key=True),
    sa.Column("quarter", Name, primary_key=True),
    sa.Column("activity_id", Id, primary_key=True),
    sa.Column("at", UtcDateTime, nullable=False),
)
# Grades that their resident contests, until somebody has decided.
grade_flag = sa.Table(
    "grade_flag",
    metadata,
    sa.Column("resident_id", Id, primary_key=True),
    sa.Column("quarter", Name, primary_key=True),
    sa.Column("since", UtcDateTime, nullable=False),
)
