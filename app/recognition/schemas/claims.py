"""Wire shapes of what partners have credited: claims, their reversals, totals."""

from typing import Any

import marshmallow as ma

from app.kernel import BadQuantity, measured
from app.plumbing import Whole
from app.plumbing.api import DecimalText
from app.recognition.model import Item, Sum

MOST_ITEMS = 1000
_MOST_KEYS = 20
_PLAIN = Whole(r"^[^\x00-\x1f\x7f]+$", error="Control characters are not taken.")
_REFERENCE = [ma.validate.Length(min=1, max=80), _PLAIN]
_CODE = ma.validate.Length(min=1, max=60)
_ID = ma.validate.Length(min=1, max=60)
_MANY = ma.validate.Length(min=1, max=MOST_ITEMS)
_CLAIMED = ("held", "yielded", "reversed", "duplicate", "rejected")


class Grams(DecimalText):
    """Grams as text; loads as whole milligrams, none below nothing."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            found = measured(text)
        except BadQuantity:
            found = -1
        if found < 0:
            raise ma.ValidationError("Not a plain decimal with at most three places.")
        return found


class ClaimIn(ma.Schema):
    """One act that the partner has credited."""

    reference = ma.fields.String(
        required=True,
        validate=_REFERENCE,
        metadata={"description": "The partner's own number of it; the same again is a duplicate."},
    )
    link = ma.fields.String(required=True, validate=_ID)
    behaviour = ma.fields.String(required=True, validate=_CODE)
    day = ma.fields.Date(required=True)
    keys = ma.fields.Dict(
        keys=ma.fields.String(),
        values=ma.fields.Raw(
            metadata={
                "oneOf": [
                    {"type": "string"},
                    {"type": "array", "items": {"type": "string"}, "maxItems": 2},
                ]
            }
        ),
        required=True,
        validate=ma.validate.Length(max=_MOST_KEYS),
        metadata={"description": "Kind of number to the hex of its key; `time` has two."},
    )
    reduction_g = Grams(load_default=None, allow_none=True)

    @ma.post_load
    def to_item(self, data: dict[str, Any], **_: Any) -> Item:
        return Item(reduction_mg=data.pop("reduction_g"), **data)


class ClaimsIn(ma.Schema):
    claims = ma.fields.List(ma.fields.Nested(ClaimIn), required=True, validate=_MANY)


class ClaimOut(ma.Schema):
    reference = ma.fields.String(required=True)
    id = ma.fields.String(required=True, allow_none=True)
    status = ma.fields.String(
        required=True,
        validate=ma.validate.OneOf(_CLAIMED),
        metadata={
            "description": "held: the partner pays it; yielded: take your credit back; duplicate: "
            "known already; rejected: nothing is kept."
        },
    )
    reason = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "yielded: to whom, `city` or `PARTNER` (another claim); duplicate: how "
            "it stands; rejected: why. Null when it is asked for later."
        },
    )


class ClaimCountsOut(ma.Schema):
    held = ma.fields.Integer(required=True)
    yielded = ma.fields.Integer(required=True)
    duplicate = ma.fields.Integer(required=True)
    rejected = ma.fields.Integer(required=True)


class ClaimsOut(ma.Schema):
    results = ma.fields.List(
        ma.fields.Nested(ClaimOut), required=True, metadata={"description": "In the order sent."}
    )
    counts = ma.fields.Nested(ClaimCountsOut, required=True)


class ClaimReversalIn(ma.Schema):
    reference = ma.fields.String(required=True, validate=_REFERENCE)
    reason = ma.fields.String(required=True, validate=[ma.validate.Length(min=1, max=200), _PLAIN])


class ClaimReversalsIn(ma.Schema):
    reversals = ma.fields.List(ma.fields.Nested(ClaimReversalIn), required=True, validate=_MANY)


class ClaimReversalOut(ma.Schema):
    reference = ma.fields.String(required=True)
    status = ma.fields.String(
        required=True, validate=ma.validate.OneOf(("reversed", "unknown", "already"))
    )


class ClaimReversalsOut(ma.Schema):
    results = ma.fields.List(ma.fields.Nested(ClaimReversalOut), required=True)


class TotalIn(ma.Schema):
    """Acts of a behaviour in a month, in one sum."""

    link = ma.fields.String(required=True, validate=_ID)
    behaviour = ma.fields.String(required=True, validate=_CODE)
    month = ma.fields.String(
        required=True,
        validate=ma.validate.Length(max=20),
        metadata={"description": "Such as 2026-03."},
    )
    reduction_g = Grams(required=True)
    acts = ma.fields.Integer(required=True, strict=True, validate=ma.validate.Range(0, 1_000_000))

    @ma.post_load
    def to_sum(self, data: dict[str, Any], **_: Any) -> Sum:
        return Sum(reduction_mg=data.pop("reduction_g"), **data)


class TotalsIn(ma.Schema):
    totals = ma.fields.List(ma.fields.Nested(TotalIn), required=True, validate=_MANY)


class TotalTakenOut(ma.Schema):
    link = ma.fields.String(required=True)
    behaviour = ma.fields.String(required=True)
    month = ma.fields.String(required=True)
    status = ma.fields.String(required=True, validate=ma.validate.OneOf(("taken", "rejected")))
    reason = ma.fields.String(required=True, allow_none=True)


class TotalCountsOut(ma.Schema):
    taken = ma.fields.Integer(required=True)
    rejected = ma.fields.Integer(required=True)


class TotalsTakenOut(ma.Schema):
    results = ma.fields.List(
        ma.fields.Nested(TotalTakenOut),
        required=True,
        metadata={"description": "In the order sent."},
    )
    counts = ma.fields.Nested(TotalCountsOut, required=True)
