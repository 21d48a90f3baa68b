"""Wire shapes of a resident's vouchers and codes."""

import marshmallow as ma

from app.plumbing import StatusQuery
from app.plumbing.api import DecimalText
from app.redemption.model import STATES
from app.redemption.schemas.benefits import HoursOut, MerchantNameOut, RefundOut

_ID = ma.validate.Length(min=1, max=60)


class TakeIn(ma.Schema):
    benefit_id = ma.fields.String(required=True, validate=_ID)


class VoucherOut(ma.Schema):
    id = ma.fields.String(required=True)
    benefit = ma.fields.String(required=True)
    title_zh = ma.fields.String(required=True)
    title_en = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    status = ma.fields.String(required=True, validate=ma.validate.OneOf(STATES))
    points = DecimalText(places=2, required=True)
    cash_due = DecimalText(places=2, required=True)
    merchant = ma.fields.Nested(MerchantNameOut, required=True, allow_none=True)
    issued_at = ma.fields.AwareDateTime(required=True, format="iso")
    expires_on = ma.fields.Date(required=True, metadata={"description": "Its last day."})
    changed_at = ma.fields.AwareDateTime(required=True, format="iso")


class StepOut(ma.Schema):
    """One step, or one that was refused."""

    at = ma.fields.AwareDateTime(required=True, format="iso")
    was = ma.fields.String(required=True, data_key="from", attribute="from")
    became = ma.fields.String(required=True, data_key="to", attribute="to")
    refused = ma.fields.String(required=True, allow_none=True)
    by = ma.fields.String(required=True, metadata={"description": "Who: resident, merchant, …"})
    note = ma.fields.String(required=True, allow_none=True)


class VoucherWholeOut(VoucherOut):
    words_zh = ma.fields.String(required=True)
    words_en = ma.fields.String(required=True)
    stores = ma.fields.List(ma.fields.String(), required=True)
    hours = ma.fields.List(ma.fields.Nested(HoursOut), required=True)
    refund = ma.fields.Nested(RefundOut, required=True)
    licence = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "For its owner only."}
    )
    next = ma.fields.List(
        ma.fields.String(), required=True, metadata={"description": "Where it may go from here."}
    )
    history = ma.fields.List(ma.fields.Nested(StepOut), required=True)


class VouchersOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(VoucherOut), required=True)
    next_cursor = ma.fields.String(required=True, allow_none=True)


class VouchersQuery(StatusQuery):
    status = ma.fields.String(load_default=None, validate=ma.validate.OneOf(STATES))


class CodeOut(ma.Schema):
    """A code, shown once. `svg` is the same as a QR code; letters may be typed in any case, with
    blanks or hyphens."""

    code = ma.fields.String(required=True)
    svg = ma.fields.String(required=True)
    expires_at = ma.fields.AwareDateTime(required=True, format="iso")


class OfflineCodesIn(ma.Schema):
    vouchers = ma.fields.List(
        ma.fields.String(validate=_ID),
        required=True,
        validate=ma.validate.Length(min=1, max=10),
    )


class OfflineCodeOut(CodeOut):
    voucher = ma.fields.String(required=True)


class OfflineCodesOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(OfflineCodeOut), required=True)


class ConfirmIn(ma.Schema):
    store_id = ma.fields.String(required=True, validate=_ID)
