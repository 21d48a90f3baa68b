"""Wire shapes of the operators' figures. Null: fewer than ten people, and `suppressed` says so."""

from typing import Any

import marshmallow as ma

from app.plumbing.api import DecimalText, Whole
from app.reports.schemas.figures import CoverOut, MovedOut

_SUPPRESSED = ma.fields.List(
    ma.fields.String(),
    required=True,
    metadata={
        "description": "What is not told because it is about fewer than ten people, or would tell"
        " of such few by subtraction: by_category.travel, residents.active_30d, loans.deep …"
    },
)
_AS_OF: dict[str, ma.fields.Field] = {
    "as_of": ma.fields.String(
        required=True,
        allow_none=True,
        metadata={
            "format": "date-time",
            "description": "When the nightly count began; null before the first one.",
        },
    ),
    "until": ma.fields.String(
        required=True,
        allow_none=True,
        metadata={"format": "date", "description": "The last day that it counts."},
    ),
}


def _decimal(places: int) -> DecimalText:
    return DecimalText(places=places, required=True, allow_none=True)


def _count() -> ma.fields.Integer:
    return ma.fields.Integer(required=True, allow_none=True)


def _word(**more: Any) -> ma.fields.String:
    return ma.fields.String(required=True, **more)


_ACTS: dict[str, ma.fields.Field] = {
    "tonnes": _decimal(6),
    "acts": _count(),
    "points": _decimal(2),
    "active": ma.fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "Residents for whom anything counted."},
    ),
}
# Of a partner: points but for the last, which is what the net is worth in CNY.
_POSITION = ("sent", "received", "net", "held_out", "held_in", "cap", "value")
_TITLES: dict[str, ma.fields.Field] = {"title_zh": _word(), "title_en": _word()}


def _rows(name: str, **fields: ma.fields.Field) -> ma.fields.List:
    return ma.fields.List(
        ma.fields.Nested(ma.Schema.from_dict(dict(fields), name=name)), required=True
    )


class CityQuery(ma.Schema):
    month = ma.fields.String(
        load_default=None,
        validate=Whole(r"20[0-9]{2}-(0[1-9]|1[0-2])"),
        metadata={"description": "`YYYY-MM`; the present month by default."},
    )


CityOut = ma.Schema.from_dict(
    {
        "month": _word(),
        **_AS_OF,
        **_ACTS,
        "registered": ma.fields.Integer(
            required=True,
            allow_none=True,
            metadata={"description": "Accounts that were open at some time in the month."},
        ),
        "coverage_pct": _decimal(1),
        "by_category": _rows("CityCategoryOut", category=_word(), **_ACTS),
        "by_behaviour": _rows(
            "CityBehaviourOut", behaviour=_word(), category=_word(), **_TITLES, **_ACTS
        ),
        "by_day": _rows("CityDayOut", day=_word(metadata={"format": "date"}), **_ACTS),
        "benefits": _rows(
            "CityBenefitOut",
            benefit=_word(),
            **_TITLES,
            redeemed=_count(),
            points=_decimal(2),
            cash=_decimal(2),
            funder_owes=_decimal(2),
        ),
        "suppressed": _SUPPRESSED,
    },
    name="CityOut",
)


class PointsOut(ma.Schema):
    issued = DecimalText(places=2, required=True)
    spent = DecimalText(places=2, required=True)
    expired = DecimalText(places=2, required=True)
    recognised = ma.fields.Nested(MovedOut, required=True)
    outstanding = DecimalText(places=2, required=True)


class ActiveOut(ma.Schema):
    registered = _count()
    active_30d = _count()
    coverage_pct = _decimal(1)


class SourceOut(ma.Schema):
    """A source over the last thirty days. The score is the mean, with the weights 2, 2 and 1, of
    the shares of items that were whole and readable, of these that were let in, and of acts known
    by the end of the next day; good from 90, fair from 75."""

    provider = _word()
    name = _word()
    kind = _word()
    since = _word(metadata={"format": "date"})
    items = _count()
    counts = ma.fields.Dict(
        keys=ma.fields.String(), values=ma.fields.Integer(), required=True, allow_none=True
    )
    credited_pct = _decimal(1)
    rejected_pct = _decimal(1)
    completeness_pct = _decimal(1)
    acceptance_pct = _decimal(1)
    timeliness_pct = _decimal(1)
    top_reasons = _rows("SourceReasonOut", reason=_word(), count=ma.fields.Integer(required=True))
    last_at = _word(allow_none=True, metadata={"format": "date-time"})
    score = _count()
    grade = ma.fields.String(
        required=True, allow_none=True, validate=ma.validate.OneOf(["good", "fair", "poor"])
    )


class AlertCountsOut(ma.Schema):
    open = ma.fields.Integer(required=True)
    by_kind = _rows("AlertCountOut", kind=_word(), open=ma.fields.Integer(required=True))


class WaitingOut(ma.Schema):
    waiting = ma.fields.Integer(required=True)


class CasesWaitingOut(ma.Schema):
    open = ma.fields.Integer(required=True)
    overdue = ma.fields.Integer(required=True)


CockpitOut = ma.Schema.from_dict(
    {
        "generated_at": _word(metadata={"format": "date-time"}),
        **_AS_OF,
        "tonnes": DecimalText(places=6, required=True),
        "points": ma.fields.Nested(PointsOut, required=True),
        "cover": ma.fields.Nested(CoverOut, required=True),
        "residents": ma.fields.Nested(ActiveOut, required=True),
        "sources": ma.fields.List(ma.fields.Nested(SourceOut), required=True),
        "partners": _rows(
            "PartnerNetOut",
            partner=_word(),
            **_TITLES,
            **{name: DecimalText(places=2, required=True) for name in _POSITION},
        ),
        "loans": _rows(
            "LoansOut",
            grade=_word(),
            **_TITLES,
            inquiries=_count(),
            granted=_count(),
            amount=_decimal(2),
        ),
        "alerts": ma.fields.Nested(AlertCountsOut, required=True),
        "objections": ma.fields.Nested(CasesWaitingOut, required=True),
        "approvals": ma.fields.Nested(WaitingOut, required=True),
        "benefits": _rows(
            "BenefitLeftOut",
            benefit=_word(),
            **_TITLES,
            stock_left=_count(),
            redeemed_30d=_count(),
        ),
        "suppressed": _SUPPRESSED,
    },
    name="CockpitOut",
)
