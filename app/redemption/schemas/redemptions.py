"""Wire shapes of the merchant's side of a redemption."""

import marshmallow as ma

from app.plumbing.api import DecimalText, Whole

_ID = ma.validate.Length(min=1, max=60)
# A signed offline code is the longest.
_CODE = ma.validate.Length(min=1, max=1000)
_NOTE = ma.validate.Length(max=200)
MOST_READS = 200
STATUSES = ("redeemed", "voided", "refunded")


class ReadyIn(ma.Schema):
    code = ma.fields.String(required=True, validate=_CODE)
    store_id = ma.fields.String(load_default=None, allow_none=True, validate=_ID)


class RedeemIn(ReadyIn):
    pass


class RedemptionOut(ma.Schema):
    id = ma.fields.String(required=True)
    voucher = ma.fields.String(required=True, metadata={"description": "The end of its number."})
    benefit = ma.fields.String(required=True)
    title_zh = ma.fields.String(required=True)
    title_en = ma.fields.String(required=True)
    points = DecimalText(places=2, required=True)
    cash_due = DecimalText(places=2, required=True, metadata={"description": "To collect, in CNY."})
    owed = DecimalText(places=2, required=True, metadata={"description": "By the funder, in CNY."})
    status = ma.fields.String(required=True, validate=ma.validate.OneOf(STATUSES))
    store_id = ma.fields.String(required=True, allow_none=True)
    day = ma.fields.Date(required=True, metadata={"description": "The day it is settled with."})
    at = ma.fields.AwareDateTime(required=True, format="iso")
    points_returned = DecimalText(places=2, required=True)
    ended_at = ma.fields.AwareDateTime(required=True, allow_none=True, format="iso")


class RedemptionsOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(RedemptionOut), required=True)
    next_cursor = ma.fields.String(required=True, allow_none=True)


class VoidIn(ma.Schema):
    reason = ma.fields.String(load_default=None, allow_none=True, validate=_NOTE)


class RefundIn(VoidIn):
    points = ma.fields.String(
        load_default=None,
        allow_none=True,
        validate=Whole(r"^(0|[1-9][0-9]{0,5})(\.[0-9]{1,2})?$"),
        metadata={"description": "How many to give back; all unless said."},
    )


class ReadyOneOut(ma.Schema):
    """A voucher that is ready, and the code with which this merchant may redeem it."""

    voucher = ma.fields.String(required=True)
    benefit = ma.fields.String(required=True)
    title_zh = ma.fields.String(required=True)
    title_en = ma.fields.String(required=True)
    cash_due = DecimalText(places=2, required=True)
    code = ma.fields.String(required=True)
    expires_at = ma.fields.AwareDateTime(required=True, format="iso")


class ReadyOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(ReadyOneOut), required=True)


class ReadIn(ma.Schema):
    code = ma.fields.String(required=True, validate=_CODE)
    read_at = ma.fields.AwareDateTime(required=True, format="iso")
    store_id = ma.fields.String(load_default=None, allow_none=True, validate=_ID)


class OfflineIn(ma.Schema):
    presentations = ma.fields.List(
        ma.fields.Nested(ReadIn), required=True, validate=ma.validate.Length(1, MOST_READS)
    )


class BroughtOneOut(ma.Schema):
    """What became of one: `redeemed`, or `refused` with a code of refusal."""

    status = ma.fields.String(required=True)
    code = ma.fields.String(required=True, allow_none=True)
    redemption = ma.fields.Nested(RedemptionOut, required=True, allow_none=True)


class BroughtInOut(ma.Schema):
    results = ma.fields.List(ma.fields.Nested(BroughtOneOut), required=True)


class OutcomeOut(BroughtOneOut):
    """The one true state: redeemed, voided, refunded, refused or cancelled."""


class BenefitTotalOut(ma.Schema):
    benefit = ma.fields.String(required=True)
    redeemed = ma.fields.Integer(required=True)
    voided = ma.fields.Integer(required=True)
    refunded = ma.fields.Integer(required=True)
    cash = DecimalText(places=2, required=True)
    owed = DecimalText(places=2, required=True)


class TotalsOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(BenefitTotalOut), required=True)
    cash = DecimalText(places=2, required=True)
    owed = DecimalText(places=2, required=True)
