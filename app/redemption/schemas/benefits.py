"""Wire shapes of the catalogue of benefits."""

import marshmallow as ma

from app.plumbing.api import DecimalText


class MerchantNameOut(ma.Schema):
    code = ma.fields.String(required=True)
    name_zh = ma.fields.String(required=True)
    name_en = ma.fields.String(required=True)


class LimitsOut(ma.Schema):
    """How many one person may have; null: any number."""

    person_total = ma.fields.Integer(required=True, allow_none=True)
    person_monthly = ma.fields.Integer(required=True, allow_none=True)
    person_daily = ma.fields.Integer(required=True, allow_none=True)


class HoursOut(ma.Schema):
    """When a code is taken, in local time; the minute of `until` no longer belongs to it."""

    days = ma.fields.List(
        ma.fields.Integer(), required=True, metadata={"description": "1 Monday to 7 Sunday."}
    )
    begin = ma.fields.String(required=True, data_key="from", attribute="from")
    until = ma.fields.String(required=True)


class RefundOut(ma.Schema):
    """Days after redemption within which a merchant may give points back (0: never), and whether
    in part."""

    days = ma.fields.Integer(required=True)
    in_part = ma.fields.Boolean(required=True, data_key="partial", attribute="partial")


class BenefitOut(ma.Schema):
    id = ma.fields.String(required=True)
    title_zh = ma.fields.String(required=True)
    title_en = ma.fields.String(required=True)
    words_zh = ma.fields.String(required=True)
    words_en = ma.fields.String(required=True)
    category = ma.fields.String(required=True)
    kind = ma.fields.String(
        required=True,
        validate=ma.validate.OneOf(("code", "licence", "immediate")),
        metadata={"description": "Shown at a store, a code out of a pool, or done at once."},
    )
    points = DecimalText(places=2, required=True, metadata={"description": "The price."})
    cash = DecimalText(
        places=2, required=True, metadata={"description": "What the resident pays, in CNY."}
    )
    merchant = ma.fields.Nested(
        MerchantNameOut, required=True, allow_none=True, metadata={"description": "Null: any."}
    )
    stores = ma.fields.List(
        ma.fields.String(), required=True, metadata={"description": "Empty: every store."}
    )
    funder = ma.fields.String(required=True)
    funder_zh = ma.fields.String(required=True)
    funder_en = ma.fields.String(required=True)
    available = ma.fields.Boolean(required=True)
    stock_left = ma.fields.Integer(
        required=True, allow_none=True, metadata={"description": "Null: without limit."}
    )
    stock_left_today = ma.fields.Integer(required=True, allow_none=True)
    limits = ma.fields.Nested(LimitsOut, required=True)
    valid_days = ma.fields.Integer(
        required=True, metadata={"description": "Days a voucher lives, that of issue included."}
    )
    hours = ma.fields.List(
        ma.fields.Nested(HoursOut), required=True, metadata={"description": "Empty: at any time."}
    )
    refund = ma.fields.Nested(RefundOut, required=True)
    offline = ma.fields.Boolean(required=True)


class BenefitsOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(BenefitOut), required=True)
    next_cursor = ma.fields.String(required=True, allow_none=True)


class OfferReferenceOut(ma.Schema):
    title = ma.fields.String(required=True)
    clause = ma.fields.String(required=True, allow_none=True)
    url = ma.fields.String(required=True, allow_none=True)


class OfferValueOut(ma.Schema):
    """One dated value: it holds from its day until the next one's. Null: it ended."""

    since = ma.fields.Date(required=True, data_key="from", attribute="from")
    value = ma.fields.String(required=True, allow_none=True)
    unit = ma.fields.String(required=True)
    confidence = ma.fields.String(required=True)
    approved_by = ma.fields.List(ma.fields.String(), required=True)
    reference = ma.fields.Nested(OfferReferenceOut, required=True)


class BenefitWholeOut(BenefitOut):
    values = ma.fields.Dict(
        keys=ma.fields.String(),
        values=ma.fields.List(ma.fields.Nested(OfferValueOut)),
        required=True,
        metadata={"description": "Price, cash and unit cost with their days and sources."},
    )
    notes = ma.fields.List(ma.fields.String(), required=True)


class BenefitsQuery(ma.Schema):
    class Meta:
        unknown = ma.EXCLUDE

    category = ma.fields.String(load_default=None, validate=ma.validate.Length(max=40))
