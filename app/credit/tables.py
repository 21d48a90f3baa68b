"""Tables of credit."""

import sqlalchemy as sa

from app.plumbing.db import Id, UtcDateTime, metadata

bank_seat = sa.Table(
    "bank_seat",
    metadata,
    sa.Column("client_id", Id, primary_key=True),
    sa.Column("bank", sa.String(40), nullable=False),
)
# A question in all its words, as a keyed hash, and the inquiry that answers it: whoever asks the
# same again waits here for the first, and is answered alike.
credit_question = sa.Table(
    "credit_question",
    metadata,
    sa.Column("bank", sa.String(40), primary_key=True),
    sa.Column("digest", Id, primary_key=True),
    sa.Column("inquiry_id", Id, nullable=False, index=True),
)
# `told_sealed` holds the application's reference, the offer and the answer.
inquiry = sa.Table(
    "inquiry",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("bank", sa.String(40), nullable=False),
    sa.Column("client_id", Id, nullable=False),
    sa.Column("resident_id", Id),
    sa.Column("consent_id", Id),
    sa.Column("product", sa.String(40), nullable=False),
    sa.Column("purpose", sa.String(40), nullable=False),
    sa.Column("told_sealed", sa.LargeBinary, nullable=False),
    sa.Column("quarter", sa.String(6)),
    sa.Column("version", sa.SmallInteger),
    sa.Column("told_version", sa.SmallInteger),
    sa.Column("denied", sa.String(20)),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("contest", sa.String(10)),
    sa.Column("changed_sealed", sa.LargeBinary),
    sa.CheckConstraint(
        "contest IN ('open','upheld','rejected','withdrawn')", name="contest_is_known"
    ),
    sa.CheckConstraint("(quarter IS NULL) = (version IS NULL)", name="tells_a_grade_or_none"),
    sa.CheckConstraint("(version IS NULL) = (told_version IS NULL)", name="told_of_a_grade"),
    sa.CheckConstraint("version IS NULL OR denied IS NULL", name="denied_is_neutral"),
    sa.Index("ix_inquiry_bank_id", "bank", "id"),
    sa.Index("ix_inquiry_resident_id_id", "resident_id", "id"),
)
# Numbered from 1; what a bank reports later takes the place of what it said before.
credit_outcome = sa.Table(
    "credit_outcome",
    metadata,
    sa.Column("inquiry_id", Id, primary_key=True),
    sa.Column("number", sa.SmallInteger, primary_key=True),
    sa.Column("said_sealed", sa.LargeBinary, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
)
