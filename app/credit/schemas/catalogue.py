"""Wire shapes of what everybody may read: the scorecard, products, and what a table would give."""

from typing import Any

import marshmallow as ma

from app.credit.model import CHANNELS, GUARANTEES, Offer
from app.kernel import BadQuantity, fen
from app.plumbing import Whole
from app.plumbing.api import DecimalText

CODE = Whole(r"[a-z0-9_]{1,40}", error="A code of small letters, digits and _.")
_LEAST_FEN = 1
_FACTOR = ma.validate.Range(0, 1000)


class Money(DecimalText):
    """Yuan as text, above nothing and at most 1,000,000.00; loads as fen."""

    def __init__(self, **kwargs: Any) -> None:
        metadata = {"pattern": r"^[0-9]{1,7}(\.[0-9]{1,2})?$", "examples": ["250000.00"]}
        super().__init__(metadata=metadata, **kwargs)

    def _deserialize(self, *args: Any, **kwargs: Any) -> Any:
        try:
            amount = fen(super()._deserialize(*args, **kwargs))
        except BadQuantity:
            amount = 0
        if amount < _LEAST_FEN:
            raise ma.ValidationError("An amount of yuan, at most 1000000.00, two places.")
        return amount


class OfferIn(ma.Schema):
    """What the bank would lend without carbon data."""

    amount = Money(required=True)
    rate_bp = ma.fields.Integer(
        required=True,
        strict=True,
        validate=ma.validate.Range(0, 10_000),
        metadata={"description": "Basis points a year."},
    )
    term_months = ma.fields.Integer(required=True, strict=True, validate=ma.validate.Range(1, 600))
    channel = ma.fields.String(required=True, validate=ma.validate.OneOf(CHANNELS))
    guarantee = ma.fields.String(required=True, validate=ma.validate.OneOf(GUARANTEES))

    @ma.post_load
    def to_offer(self, data: dict[str, Any], **_: Any) -> Offer:
        return Offer(**data)


class TermsOut(ma.Schema):
    limit = DecimalText(places=2, required=True)
    limit_uplift_pct = ma.fields.Integer(required=True)
    rate_discount_bp = ma.fields.Integer(required=True)
    rate_bp = ma.fields.Integer(required=True)
    yearly_saving = DecimalText(
        places=2,
        required=True,
        metadata={"description": "Interest that the discount saves in a year on the whole limit."},
    )
    guarantee = ma.fields.String(required=True, validate=ma.validate.OneOf(GUARANTEES))
    bound_by = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "What cut something first: online_ceiling, programme_ceiling, "
            "max_uplift, max_discount, rate_floor."
        },
    )


class CreditSourceOut(ma.Schema):
    """Since when a value is in force, how sure it is, who approved it, where it was read."""

    since = ma.fields.String(required=True, data_key="from", attribute="from")
    confidence = ma.fields.String(required=True)
    approved_by = ma.fields.List(ma.fields.String(), required=True)
    reference = ma.fields.Dict(
        keys=ma.fields.String(), values=ma.fields.String(allow_none=True), required=True
    )


class TableRowOut(ma.Schema):
    grade = ma.fields.String(required=True)
    factor = ma.fields.Integer(required=True, metadata={"description": "The least factor."})
    uplift_pct = ma.fields.Integer(required=True)
    discount_bp = ma.fields.Integer(required=True)
    guarantee = ma.fields.String(required=True, metadata={"enum": ["as_offered", "none_needed"]})


class BankTableOut(CreditSourceOut):
    bank = ma.fields.String(
        required=True, metadata={"description": "A code, or standard: the city's proposal."}
    )
    rows = ma.fields.List(ma.fields.Nested(TableRowOut), required=True)


class CreditValueOut(ma.Schema):
    name = ma.fields.String(required=True)
    title = ma.fields.String(required=True, allow_none=True)
    unit = ma.fields.String(required=True)
    value = ma.fields.String(required=True, allow_none=True)
    source = ma.fields.Nested(CreditSourceOut, required=True, allow_none=True)


class ProductOut(ma.Schema):
    code = ma.fields.String(required=True)
    title_zh = ma.fields.String(required=True)
    title_en = ma.fields.String(required=True)
    words_zh = ma.fields.String(required=True)
    words_en = ma.fields.String(required=True)
    use_zh = ma.fields.String(required=True)
    use_en = ma.fields.String(required=True)
    purposes = ma.fields.List(ma.fields.String(), required=True)
    notes = ma.fields.List(ma.fields.String(), required=True)
    table = ma.fields.Nested(BankTableOut, required=True, allow_none=True)


class ProductsOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(ProductOut), required=True)
    next_cursor = ma.fields.String(required=True, allow_none=True)
    bank = ma.fields.String(required=True)
    ceilings = ma.fields.List(ma.fields.Nested(CreditValueOut), required=True)
    digest = ma.fields.String(required=True, metadata={"description": "Of all rules of credit."})


class CalculationIn(ma.Schema):
    bank = ma.fields.String(
        load_default=None,
        allow_none=True,
        validate=CODE,
        metadata={"description": "A bank's code; null: the city's standard table."},
    )
    product = ma.fields.String(required=True, validate=CODE)
    grade = ma.fields.String(required=True, allow_none=True, validate=CODE)
    factor = ma.fields.Integer(required=True, strict=True, allow_none=True, validate=_FACTOR)
    offer = ma.fields.Nested(OfferIn, required=True)


class CalculationOut(ma.Schema):
    """The same offer without and with carbon data."""

    without = ma.fields.Nested(TermsOut, required=True)
    with_carbon = ma.fields.Nested(TermsOut, required=True, data_key="with", attribute="with")
    table = ma.fields.Nested(BankTableOut, required=True, allow_none=True)
    notice = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String(), required=True)


class GradeLevelOut(ma.Schema):
    code = ma.fields.String(required=True)
    title_zh = ma.fields.String(required=True)
    title_en = ma.fields.String(required=True)
    above = ma.fields.Nested(
        CreditValueOut,
        required=True,
        metadata={"description": "The quarter's reduction is more than this."},
    )


class CardStepOut(ma.Schema):
    at = ma.fields.Integer(required=True)
    points = ma.fields.Integer(required=True)


class CardPartOut(ma.Schema):
    name = ma.fields.String(required=True)
    title_zh = ma.fields.String(required=True)
    title_en = ma.fields.String(required=True)
    words_zh = ma.fields.String(required=True)
    words_en = ma.fields.String(required=True)
    input = ma.fields.String(required=True)
    unit = ma.fields.String(required=True)
    most = ma.fields.Integer(required=True)
    steps = ma.fields.List(ma.fields.Nested(CardStepOut), required=True)
    source = ma.fields.Nested(CreditSourceOut, required=True, allow_none=True)


class LeftOut(ma.Schema):
    code = ma.fields.String(required=True)
    reason_zh = ma.fields.String(required=True)
    reason_en = ma.fields.String(required=True)


class PaperOut(ma.Schema):
    file = ma.fields.String(required=True)
    sha256 = ma.fields.String(required=True)


class CardReleaseOut(ma.Schema):
    day = ma.fields.String(required=True)
    validation = ma.fields.Nested(PaperOut, required=True)
    assessment = ma.fields.Nested(PaperOut, required=True)
    approved_by = ma.fields.List(ma.fields.String(), required=True)


class CardOut(ma.Schema):
    version = ma.fields.String(required=True)
    title_zh = ma.fields.String(required=True)
    title_en = ma.fields.String(required=True)
    principle_zh = ma.fields.String(required=True)
    principle_en = ma.fields.String(required=True)
    purpose_zh = ma.fields.String(required=True)
    purpose_en = ma.fields.String(required=True)
    most = ma.fields.Integer(required=True)
    parts = ma.fields.List(ma.fields.Nested(CardPartOut), required=True)
    caps = ma.fields.List(ma.fields.Nested(CreditValueOut), required=True)
    left_out = ma.fields.List(ma.fields.Nested(LeftOut), required=True)
    never_used = ma.fields.List(ma.fields.Nested(LeftOut), required=True)
    release = ma.fields.Nested(CardReleaseOut, required=True)
    notes = ma.fields.List(ma.fields.String(), required=True)


class ReasonTextOut(ma.Schema):
    """Why points of a part were lost: for the resident, for the bank's staff, and what helps."""

    code = ma.fields.String(required=True)
    resident_zh = ma.fields.String(required=True)
    resident_en = ma.fields.String(required=True)
    staff_zh = ma.fields.String(required=True)
    staff_en = ma.fields.String(required=True)
    hint_zh = ma.fields.String(required=True)
    hint_en = ma.fields.String(required=True)


class CardReasonOut(ReasonTextOut):
    part = ma.fields.String(required=True)


class RouteOut(ma.Schema):
    """By which route grades may reach banks that ask, and who approved it."""

    state = ma.fields.String(required=True, metadata={"enum": ["closed", "direct"]})
    approved_by = ma.fields.String(required=True, allow_none=True)


class ScorecardOut(ma.Schema):
    digest = ma.fields.String(required=True)
    grades = ma.fields.List(ma.fields.Nested(GradeLevelOut), required=True)
    rules = ma.fields.List(ma.fields.Nested(CreditValueOut), required=True)
    card = ma.fields.Nested(CardOut, required=True, allow_none=True)
    reasons = ma.fields.List(ma.fields.Nested(CardReasonOut), required=True)
    route = ma.fields.Nested(RouteOut, required=True)
    notice = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String(), required=True)
