"""Wire shapes of points."""

import marshmallow as ma

from app.plumbing.api import DecimalText


class LotOut(ma.Schema):
    """Points that expire on one day."""

    expires_on = ma.fields.Date(required=True, metadata={"description": "Last day of use."})
    points = DecimalText(places=2, required=True)


class ExpiringOut(LotOut):
    """A lot whose end is near. `notice` is the widest notice period it has entered, in days."""

    days_left = ma.fields.Integer(required=True)
    notice = ma.fields.Integer(required=True)


class WalletOut(ma.Schema):
    """A resident's points at this instant."""

    available = DecimalText(places=2, required=True)
    pending = DecimalText(places=2, required=True)
    held = DecimalText(places=2, required=True)
    debt = DecimalText(places=2, required=True)
    lots = ma.fields.List(ma.fields.Nested(LotOut), required=True)
    expiring = ma.fields.List(ma.fields.Nested(ExpiringOut), required=True)


class EntryOut(ma.Schema):
    """One movement of points. `amount` is signed; `available_after` is spendable after it."""

    id = ma.fields.String(required=True)
    at = ma.fields.AwareDateTime(required=True)
    code = ma.fields.String(required=True)
    pocket = ma.fields.String(required=True)
    amount = DecimalText(places=2, required=True)
    available_after = DecimalText(places=2, required=True)
    cause = ma.fields.String(required=True, allow_none=True)


class EntriesOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(EntryOut), required=True)
    next_cursor = ma.fields.String(required=True, allow_none=True)
