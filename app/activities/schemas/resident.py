"""Wire shapes of residents: their activities, the working of one, their reductions."""

from typing import Any

import marshmallow as ma

from app.activities.schemas.answers import ScoreOut
from app.activities.schemas.batch import Instant
from app.activities.schemas.catalogue import ReferenceOut
from app.plumbing import PageQuery, Whole
from app.plumbing.api import DecimalText

BY = ("behaviour", "category", "dimension", "day", "month")
_CODE = Whole(r"^[a-z_]{1,40}$", error="A behaviour's code.")


class ActivityOut(ScoreOut):
    """One act in a list."""

    id = ma.fields.String(required=True)
    behaviour = ma.fields.String(required=True)
    occurred_at = Instant(required=True)
    earned_on = ma.fields.Date(required=True, metadata={"description": "The day it counts for."})
    recorded_at = Instant(required=True)
    disputed = ma.fields.Boolean(
        required=True, metadata={"description": "Contested by its resident, and not decided yet."}
    )


class ActivitiesOut(ma.Schema):
    """A page of acts."""

    items = ma.fields.List(ma.fields.Nested(ActivityOut), required=True)
    next_cursor = ma.fields.String(required=True, allow_none=True)


class ActivitiesQuery(PageQuery):
    """A page, of one behaviour where it is named; `from` and `to` are days that acts count for."""

    behaviour = ma.fields.String(load_default=None, validate=_CODE)

    @ma.post_load
    def to_page(self, data: dict[str, Any], **_: Any) -> Any:
        return super().to_page(data), data["behaviour"]


class UsedOut(ma.Schema):
    """A parameter that an act used, as it was in force on the act's day."""

    name = ma.fields.String(required=True)
    title = ma.fields.String(required=True, allow_none=True)
    unit = ma.fields.String(required=True)
    value = ma.fields.String(required=True)
    since = ma.fields.Date(data_key="from", required=True)
    confidence = ma.fields.String(required=True)
    reference = ma.fields.Nested(ReferenceOut, required=True)
    approved_by = ma.fields.List(ma.fields.String(), required=True)


class AppliedCapOut(ma.Schema):
    """A cap that concerns an act; `applied` where it is the one that cut it."""

    name = ma.fields.String(required=True)
    period = ma.fields.String(required=True)
    unit = ma.fields.String(required=True)
    limit = ma.fields.String(required=True)
    applied = ma.fields.Boolean(required=True)


class FormulaOut(ma.Schema):
    """The rule in words, and with this act's numbers in it."""

    words_en = ma.fields.String(required=True)
    words_zh = ma.fields.String(required=True)
    numbers = ma.fields.String(
        required=True, metadata={"examples": ["1 trip × 80 gCO2/trip = 80.000 g"]}
    )


class TitlesOut(ma.Schema):
    """A behaviour by its names."""

    code = ma.fields.String(required=True)
    title_zh = ma.fields.String(required=True)
    title_en = ma.fields.String(required=True)


class KeptOut(ma.Schema):
    """A field of evidence that is kept. What is kept as a hash is not shown."""

    name = ma.fields.String(required=True)
    keep = ma.fields.String(required=True, metadata={"enum": ["value", "hash"]})
    days = ma.fields.Integer(required=True, allow_none=True)
    value = ma.fields.String(required=True, allow_none=True)


class PastScoreOut(ScoreOut):
    """A score that an act had until an instant."""

    until = Instant(required=True)
    rulebook = ma.fields.String(required=True)


class PortionOut(ma.Schema):
    """A part of a reduction that is released on a day of its own."""

    earned_on = ma.fields.Date(required=True)
    due_on = ma.fields.Date(required=True)
    reduction_g = DecimalText(places=3, required=True)
    points = DecimalText(places=2, required=True)


class ReversedOut(ma.Schema):
    """Why a report was undone, and when."""

    reason = ma.fields.String(required=True)
    at = Instant(required=True)


class WorkingOut(ActivityOut):
    """Everything that led from a report to its points."""

    titles = ma.fields.Nested(TitlesOut, required=True)
    due_on = ma.fields.Date(required=True, metadata={"description": "Spendable from this day."})
    formula = ma.fields.Nested(FormulaOut, required=True)
    parameters = ma.fields.List(ma.fields.Nested(UsedOut), required=True)
    caps = ma.fields.List(ma.fields.Nested(AppliedCapOut), required=True)
    unit = ma.fields.String(required=True, metadata={"description": "Of measure and allowed."})
    measure = ma.fields.String(required=True, metadata={"description": "What the act measured."})
    allowed = ma.fields.String(required=True, metadata={"description": "What of it is paid."})
    points_a_kilogram = DecimalText(places=2, required=True)
    rulebook = ma.fields.String(required=True)
    evidence = ma.fields.List(ma.fields.Nested(KeptOut), required=True)
    history = ma.fields.List(ma.fields.Nested(PastScoreOut), required=True)
    portions = ma.fields.List(ma.fields.Nested(PortionOut), required=True)
    paid_by = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The partner platform that pays this act instead of the city."},
    )
    transfers = ma.fields.List(ma.fields.String(), required=True)
    reversal = ma.fields.Nested(ReversedOut, required=True, allow_none=True)


class ReductionsQuery(ma.Schema):
    """How to sum, and over which days (both included)."""

    by = ma.fields.String(load_default="behaviour", validate=ma.validate.OneOf(BY))
    since = ma.fields.Date(data_key="from", load_default=None)
    until = ma.fields.Date(data_key="to", load_default=None)


class TotalOut(ma.Schema):
    """Sums over acts that earned something."""

    reduction_g = DecimalText(places=3, required=True)
    points = DecimalText(places=2, required=True)
    count = ma.fields.Integer(
        required=True,
        metadata={"description": "Acts; by dimension, an act counts in each of its dimensions."},
    )


class ReductionOut(TotalOut):
    """The sums of one key."""

    key = ma.fields.String(required=True)


class EquivalentOut(ma.Schema):
    """The same grams as something one can imagine, with its source."""

    what = ma.fields.String(required=True)
    value = ma.fields.String(required=True)
    per = ma.fields.String(required=True)
    reference = ma.fields.Nested(ReferenceOut, required=True)


class ReductionsOut(ma.Schema):
    """Sums by key, and in all."""

    items = ma.fields.List(ma.fields.Nested(ReductionOut), required=True)
    total = ma.fields.Nested(TotalOut, required=True)
    equivalents = ma.fields.List(ma.fields.Nested(EquivalentOut), required=True)
