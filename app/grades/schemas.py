"""Wire shapes of grades."""

import marshmallow as ma

from app.plumbing.api import DecimalText

_MG = {"description": "Grams, to the milligram."}
_FACTOR = {"description": "0 to 1000, the sum of the parts' points; null without a grade."}
_CLOSES = {"description": "The day on which it is closed, on what was recorded before."}
_QUARTER = {"description": "Such as 2026Q3."}


class TitledGradeOut(ma.Schema):
    code = ma.fields.String(required=True)
    title_zh = ma.fields.String(required=True)
    title_en = ma.fields.String(required=True)


class NextGradeOut(TitledGradeOut):
    missing_g = DecimalText(places=3, required=True, metadata={"description": "What it took more."})


class GradeThresholdOut(TitledGradeOut):
    above_g = DecimalText(
        places=3, required=True, metadata={"description": "A quarter has to save more than this."}
    )


class WindowDaysOut(ma.Schema):
    """Days, both included."""

    from_ = ma.fields.Date(data_key="from", required=True)
    to = ma.fields.Date(required=True)


class FactorPartOut(ma.Schema):
    """What was measured and what it gave; `next_at` is what the next step asks for."""

    name = ma.fields.String(required=True)
    title_zh = ma.fields.String(required=True)
    title_en = ma.fields.String(required=True)
    measured = ma.fields.Integer(required=True)
    unit = ma.fields.String(required=True)
    points = ma.fields.Integer(required=True)
    most = ma.fields.Integer(required=True)
    next_at = ma.fields.Integer(required=True, allow_none=True)
    next_adds = ma.fields.Integer(required=True, allow_none=True)


class LostPointsOut(ma.Schema):
    """Why points of a part were lost, and what would gain them."""

    code = ma.fields.String(required=True)
    part = ma.fields.String(required=True)
    text_zh = ma.fields.String(required=True)
    text_en = ma.fields.String(required=True)
    hint_zh = ma.fields.String(required=True)
    hint_en = ma.fields.String(required=True)
    points_lost = ma.fields.Integer(required=True)


class GradeRaiseOut(ma.Schema):
    """What would raise a grade, and the factor."""

    grade = ma.fields.Nested(NextGradeOut, required=True, allow_none=True)
    parts = ma.fields.List(ma.fields.Nested(FactorPartOut), required=True)


class GradeReasonOut(ma.Schema):
    """Why a version is there: closing, reversal, rules, dispute or objection, and in words."""

    code = ma.fields.String(required=True)
    text_zh = ma.fields.String(required=True)
    text_en = ma.fields.String(required=True)


class UsedCardOut(ma.Schema):
    version = ma.fields.String(required=True, allow_none=True)
    digest = ma.fields.String(required=True)


class NotUsedOut(ma.Schema):
    """What is not used, and why."""

    code = ma.fields.String(required=True)
    reason_zh = ma.fields.String(required=True)
    reason_en = ma.fields.String(required=True)


class QuarterSoFarOut(WindowDaysOut):
    """A quarter that is not closed: what it would be by now."""

    quarter = ma.fields.String(required=True, metadata=_QUARTER)
    reduction_g = DecimalText(places=3, required=True, metadata=_MG)
    grade = ma.fields.Nested(TitledGradeOut, required=True, allow_none=True)
    closes_on = ma.fields.Date(required=True, allow_none=True, metadata=_CLOSES)


class GradeOut(ma.Schema):
    """The grade of the last closed quarter, and what it stands on. Points, what is spent, what
    partners say and acts in dispute do not count."""

    status = ma.fields.String(
        required=True,
        validate=ma.validate.OneOf(("closed", "none")),
        metadata={"description": "none: no quarter has been closed yet."},
    )
    quarter = ma.fields.String(required=True, allow_none=True, metadata=_QUARTER)
    window = ma.fields.Nested(WindowDaysOut, required=True, allow_none=True)
    grade = ma.fields.Nested(TitledGradeOut, required=True, allow_none=True)
    reduction_g = DecimalText(places=3, required=True, allow_none=True, metadata=_MG)
    factor = ma.fields.Integer(required=True, allow_none=True, metadata=_FACTOR)
    parts = ma.fields.List(ma.fields.Nested(FactorPartOut), required=True)
    reasons = ma.fields.List(
        ma.fields.Nested(LostPointsOut),
        required=True,
        metadata={"description": "At most four, the greatest loss first."},
    )
    raise_ = ma.fields.Nested(GradeRaiseOut, data_key="raise", required=True, allow_none=True)
    quality = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "How sure the sources are: high, medium, low, none."},
    )
    version = ma.fields.Integer(required=True, allow_none=True)
    reason = ma.fields.Nested(GradeReasonOut, required=True, allow_none=True)
    rulebook = ma.fields.String(required=True, allow_none=True)
    scorecard = ma.fields.Nested(UsedCardOut, required=True, allow_none=True)
    made_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    disputed = ma.fields.Boolean(
        required=True, metadata={"description": "Contested, and not decided yet."}
    )
    contested_acts = ma.fields.List(
        ma.fields.String(),
        required=True,
        metadata={"description": "Acts left out until somebody has decided."},
    )
    objections = ma.fields.String(
        required=True, metadata={"description": "Where to contest an act or a grade."}
    )
    not_used = ma.fields.List(ma.fields.Nested(NotUsedOut), required=True)
    thresholds = ma.fields.List(ma.fields.Nested(GradeThresholdOut), required=True)
    current = ma.fields.Nested(QuarterSoFarOut, required=True)
    closing = ma.fields.Nested(
        QuarterSoFarOut,
        required=True,
        allow_none=True,
        metadata={"description": "The quarter that is over and not closed yet."},
    )


class GradeVersionOut(ma.Schema):
    """A version of a quarter's grade; `before` is the grade that stood before it."""

    id = ma.fields.String(required=True)
    quarter = ma.fields.String(required=True, metadata=_QUARTER)
    version = ma.fields.Integer(required=True)
    before = ma.fields.Nested(TitledGradeOut, required=True, allow_none=True)
    grade = ma.fields.Nested(TitledGradeOut, required=True, allow_none=True)
    reduction_g = DecimalText(places=3, required=True, metadata=_MG)
    factor = ma.fields.Integer(required=True, allow_none=True, metadata=_FACTOR)
    quality = ma.fields.String(required=True)
    reason = ma.fields.Nested(GradeReasonOut, required=True)
    rulebook = ma.fields.String(required=True)
    scorecard = ma.fields.Nested(UsedCardOut, required=True)
    made_at = ma.fields.AwareDateTime(required=True)


class GradeHistoryOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(GradeVersionOut), required=True)
    next_cursor = ma.fields.String(required=True, allow_none=True)
