"""Wire shapes of closing an account."""

import marshmallow as ma

from app.plumbing import DecimalText


class ClosingQuery(ma.Schema):
    confirm = ma.fields.Boolean(
        load_default=False, metadata={"description": "Without it nothing is closed."}
    )


class LostLotOut(ma.Schema):
    expires_on = ma.fields.String(required=True, metadata={"format": "date"})
    points = DecimalText(places=2, required=True)


class LostVoucherOut(ma.Schema):
    id = ma.fields.String(required=True)
    benefit = ma.fields.String(required=True)
    points = DecimalText(places=2, required=True)


class LostLinkOut(ma.Schema):
    id = ma.fields.String(required=True)
    partner = ma.fields.String(required=True)


class LostConsentOut(ma.Schema):
    id = ma.fields.String(required=True)
    purpose = ma.fields.String(required=True)


class LostAttestationOut(ma.Schema):
    id = ma.fields.String(required=True)


class LostOut(ma.Schema):
    """Points, and what is open: it is given back, ended, revoked or withdrawn."""

    available = DecimalText(places=2, required=True)
    pending = DecimalText(places=2, required=True)
    held = DecimalText(places=2, required=True)
    debt = DecimalText(places=2, required=True)
    lots = ma.fields.List(ma.fields.Nested(LostLotOut), required=True)
    vouchers = ma.fields.List(ma.fields.Nested(LostVoucherOut), required=True)
    links = ma.fields.List(ma.fields.Nested(LostLinkOut), required=True)
    consents = ma.fields.List(ma.fields.Nested(LostConsentOut), required=True)
    attestations = ma.fields.List(ma.fields.Nested(LostAttestationOut), required=True)
    objections = ma.fields.List(ma.fields.String(), required=True)


class FrozenOut(ma.Schema):
    what = ma.fields.String(required=True)
    what_zh = ma.fields.String(required=True)
    why = ma.fields.String(required=True)
    why_zh = ma.fields.String(required=True)
    law = ma.fields.String(required=True)
    until = ma.fields.Date(
        required=True, allow_none=True, metadata={"description": "Null: for good."}
    )


class ClosingOut(ma.Schema):
    closed = ma.fields.Boolean(required=True)
    lost = ma.fields.Nested(LostOut, required=True)
    erased = ma.fields.List(ma.fields.String(), required=True)
    erased_zh = ma.fields.List(ma.fields.String(), required=True)
    frozen = ma.fields.List(ma.fields.Nested(FrozenOut), required=True)
