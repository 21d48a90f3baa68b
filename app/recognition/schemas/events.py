"""Wire shapes of what a partner is told, when it comes to fetch it."""

import marshmallow as ma


class EventsQuery(ma.Schema):
    class Meta:
        unknown = ma.EXCLUDE

    after = ma.fields.Integer(
        load_default=0,
        validate=ma.validate.Range(0, 2**53),
        metadata={"description": "The sequence of the last event that is known."},
    )
    limit = ma.fields.Integer(load_default=50, validate=ma.validate.Range(1, 200))


class EventOut(ma.Schema):
    """The same as the body of a webhook."""

    type = ma.fields.String(required=True)
    timestamp = ma.fields.String(required=True)
    party = ma.fields.String(required=True)
    sequence = ma.fields.Integer(
        required=True, metadata={"description": "1, 2, 3 … without a gap."}
    )
    id = ma.fields.String(required=True)
    data = ma.fields.Dict(keys=ma.fields.String(), required=True)


class EventsOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(EventOut), required=True)
    next_cursor = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "What to give as `after`."}
    )


class ReplayedOut(ma.Schema):
    id = ma.fields.String(required=True)
    sequence = ma.fields.Integer(required=True, allow_none=True)
    status = ma.fields.String(required=True)
