"""Wire shapes of what providers are told: results, reversals, the quality of their data."""

import marshmallow as ma

from app.activities.model import REVERSED, STATUSES
from app.activities.schemas.batch import MOST_ITEMS, NAME, PLAIN, Instant
from app.plumbing.api import DecimalText

STATES = [status for status in (*STATUSES, REVERSED) if status not in {"duplicate", "rejected"}]


class ResultOut(ma.Schema):
    """What became of one item."""

    reference = ma.fields.String(required=True)
    id = ma.fields.String(required=True, allow_none=True)
    status = ma.fields.String(required=True, metadata={"enum": list(STATUSES)})
    reason = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "Names the cap, the group, or why it is rejected or worth nothing."
        },
    )
    reduction_g = DecimalText(places=3, required=True)
    points = DecimalText(places=2, required=True)
    rulebook = ma.fields.String(
        required=True, metadata={"description": "Digest of the edition that scored it."}
    )
    state = ma.fields.String(
        metadata={"enum": STATES, "description": "Of a duplicate: the first one's present status."}
    )


class CountsOut(ma.Schema):
    """How many items came to each status."""

    credited = ma.fields.Integer(required=True)
    pending = ma.fields.Integer(required=True)
    capped = ma.fields.Integer(required=True)
    duplicate = ma.fields.Integer(required=True)
    overlapped = ma.fields.Integer(required=True)
    rejected = ma.fields.Integer(required=True)


class ResultsOut(ma.Schema):
    """The answers, and how many of each."""

    results = ma.fields.List(
        ma.fields.Nested(ResultOut), required=True, metadata={"description": "In the order sent."}
    )
    counts = ma.fields.Nested(CountsOut, required=True)


class ReversalIn(ma.Schema):
    """A report to undo, and why."""

    reference = ma.fields.String(required=True, validate=NAME)
    reason = ma.fields.String(required=True, validate=[NAME, PLAIN])


class ReversalsIn(ma.Schema):
    """Reports to undo."""

    reversals = ma.fields.List(
        ma.fields.Nested(ReversalIn),
        required=True,
        validate=ma.validate.Length(min=1, max=MOST_ITEMS),
    )


class UndoneOut(ma.Schema):
    """What became of one reversal."""

    reference = ma.fields.String(required=True)
    status = ma.fields.String(required=True, metadata={"enum": [REVERSED, "unknown", "already"]})
    debt = DecimalText(
        places=2,
        required=True,
        metadata={"description": "Points already spent; the next earnings pay them."},
    )


class UndoneListOut(ma.Schema):
    """The answers, in the order sent."""

    results = ma.fields.List(ma.fields.Nested(UndoneOut), required=True)


class ReasonOut(ma.Schema):
    """How often one reason for a rejection was given."""

    reason = ma.fields.String(required=True)
    count = ma.fields.Integer(required=True)
    share = DecimalText(places=3, required=True)


class SharesOut(ma.Schema):
    """Parts of all items, rounded down to three places."""

    credited = DecimalText(places=3, required=True)
    pending = DecimalText(places=3, required=True)
    capped = DecimalText(places=3, required=True)
    duplicate = DecimalText(places=3, required=True)
    overlapped = DecimalText(places=3, required=True)
    rejected = DecimalText(places=3, required=True)


class QualityQuery(ma.Schema):
    """How many days to look back."""

    days = ma.fields.Integer(load_default=30, validate=ma.validate.Range(1, 90))


class QualityOut(ma.Schema):
    """What a provider sent in some days, and what became of it."""

    since = ma.fields.Date(data_key="from", required=True)
    until = ma.fields.Date(data_key="to", required=True)
    batches = ma.fields.Integer(required=True)
    items = ma.fields.Integer(required=True)
    counts = ma.fields.Nested(CountsOut, required=True)
    shares = ma.fields.Nested(SharesOut, required=True)
    rejections = ma.fields.List(ma.fields.Nested(ReasonOut), required=True)
    first_at = Instant(required=True, allow_none=True)
    last_at = Instant(required=True, allow_none=True)


class ScoreOut(ma.Schema):
    """What an act is worth now."""

    status = ma.fields.String(required=True, metadata={"enum": STATES})
    reason = ma.fields.String(required=True, allow_none=True)
    reduction_g = DecimalText(places=3, required=True)
    points = DecimalText(places=2, required=True)


class ReportedOut(ScoreOut):
    """A report as its provider sees it."""

    reference = ma.fields.String(required=True)
    id = ma.fields.String(required=True)
    behaviour = ma.fields.String(required=True)
    occurred_at = Instant(required=True)
    earned_on = ma.fields.Date(required=True)
    recorded_at = Instant(required=True)
    rulebook = ma.fields.String(required=True)
