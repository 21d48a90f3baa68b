"""Wire shapes of the operators' side: alerts, licence pools."""

import marshmallow as ma

from app.plumbing import StatusQuery

_OPEN = ma.validate.OneOf(("open", "closed"))
MOST_LICENCES = 1000


class AlertsQuery(StatusQuery):
    status = ma.fields.String(load_default=None, validate=_OPEN)


class AlertOut(ma.Schema):
    id = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    merchant = ma.fields.String(required=True)
    day = ma.fields.Date(required=True)
    times = ma.fields.Integer(required=True)
    status = ma.fields.String(required=True)
    opened_at = ma.fields.AwareDateTime(required=True, format="iso")
    closed_at = ma.fields.AwareDateTime(required=True, allow_none=True, format="iso")
    note = ma.fields.String(required=True, allow_none=True)


class AlertsOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(AlertOut), required=True)
    next_cursor = ma.fields.String(required=True, allow_none=True)


class LicencesIn(ma.Schema):
    codes = ma.fields.List(
        ma.fields.String(validate=ma.validate.Length(min=1, max=200)),
        required=True,
        validate=ma.validate.Length(min=1, max=MOST_LICENCES),
    )


class LicencesOut(ma.Schema):
    added = ma.fields.Integer(required=True)
    free = ma.fields.Integer(required=True)


class NoteIn(ma.Schema):
    note = ma.fields.String(required=True, validate=ma.validate.Length(min=1, max=200))
