"""Wire shapes of the catalogue of partner platforms."""

import marshmallow as ma

from app.plumbing.api import DecimalText

LEVELS = ("view", "badge", "exchange")
_LEVEL = ma.validate.OneOf(LEVELS)


class PlatformSourceOut(ma.Schema):
    """Where a value was read."""

    title = ma.fields.String(required=True)
    clause = ma.fields.String(required=True, allow_none=True)
    url = ma.fields.String(required=True, allow_none=True)


class PlatformValueOut(ma.Schema):
    """A value of a platform from a day on; a rate is a fraction such as `27/2`, null an end."""

    since = ma.fields.String(required=True, data_key="from", attribute="from")
    value = ma.fields.String(required=True, allow_none=True)
    unit = ma.fields.String(required=True)
    confidence = ma.fields.String(required=True)
    approved_by = ma.fields.List(ma.fields.String(), required=True)
    reference = ma.fields.Nested(PlatformSourceOut, required=True)


class PlatformRatesOut(ma.Schema):
    """Units of the partner for one point; null where nothing goes this way today."""

    out = ma.fields.Nested(PlatformValueOut, required=True, allow_none=True)
    into = ma.fields.Nested(
        PlatformValueOut, required=True, allow_none=True, data_key="in", attribute="in"
    )


class PlatformQuotasOut(ma.Schema):
    """In points: what one person may exchange in a day and a month, the smallest exchange, and how
    far either side may be ahead."""

    out_daily = DecimalText(places=2, required=True, allow_none=True)
    out_monthly = DecimalText(places=2, required=True, allow_none=True)
    in_daily = DecimalText(places=2, required=True, allow_none=True)
    in_monthly = DecimalText(places=2, required=True, allow_none=True)
    least = DecimalText(places=2, required=True, allow_none=True)
    net_cap = DecimalText(places=2, required=True, allow_none=True)


class RecognisedOut(ma.Schema):
    code = ma.fields.String(required=True)
    level = ma.fields.String(required=True, validate=_LEVEL)
    priority = ma.fields.Integer(
        required=True,
        metadata={
            "description": "Of two that saw one act the smaller pays; the city's acts have 100."
        },
    )
    totals = ma.fields.Boolean(
        required=True, metadata={"description": "The partner sends sums by month and no acts."}
    )


class PartnerOut(ma.Schema):
    code = ma.fields.String(required=True)
    title_zh = ma.fields.String(required=True)
    title_en = ma.fields.String(required=True)
    unit_zh = ma.fields.String(required=True)
    unit_en = ma.fields.String(required=True)
    places = ma.fields.Integer(required=True, metadata={"description": "Decimals of its unit."})
    rates = ma.fields.Nested(PlatformRatesOut, required=True)
    quotas = ma.fields.Nested(PlatformQuotasOut, required=True)
    behaviours = ma.fields.List(ma.fields.Nested(RecognisedOut), required=True)
    consent_version = ma.fields.String(required=True)


class ConsentTextOut(ma.Schema):
    """What a resident agrees to when linking."""

    version = ma.fields.String(required=True)
    digest = ma.fields.String(required=True, metadata={"description": "SHA-256 of all it says."})
    purpose_zh = ma.fields.String(required=True)
    purpose_en = ma.fields.String(required=True)
    text_zh = ma.fields.String(required=True)
    text_en = ma.fields.String(required=True)
    data = ma.fields.List(ma.fields.String(), required=True)
    months = ma.fields.Integer(required=True)


class PartnerWholeOut(PartnerOut):
    legal_name = ma.fields.String(required=True)
    values = ma.fields.Dict(
        keys=ma.fields.String(),
        values=ma.fields.List(ma.fields.Nested(PlatformValueOut)),
        required=True,
    )
    consent = ma.fields.Nested(ConsentTextOut, required=True)
    notes = ma.fields.List(ma.fields.String(), required=True)


class PartnersOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(PartnerOut), required=True)
    next_cursor = ma.fields.String(required=True, allow_none=True)
    digest = ma.fields.String(
        required=True, metadata={"description": "Of all rules of recognition."}
    )
