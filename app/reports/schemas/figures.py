"""Wire shapes of reports."""

import marshmallow as ma

from app.plumbing.api import DecimalText


class CoverOut(ma.Schema):
    """What outstanding points may come to cost, in CNY, beside what funders have left for it."""

    ratio = DecimalText(
        places=2,
        required=True,
        allow_none=True,
        metadata={"description": "Left for each yuan of cost; null where nothing is outstanding."},
    )
    outstanding_cost = DecimalText(places=2, required=True)
    budget_left = DecimalText(places=2, required=True)


# Points that came from partner platforms and went to them; a correction is its own way back.
MovedOut = ma.Schema.from_dict(
    {way: DecimalText(places=2, required=True) for way in ("in", "out")}, name="MovedOut"
)


class TransparencyOut(ma.Schema):
    issued = DecimalText(places=2, required=True)
    spent = DecimalText(places=2, required=True)
    expired = DecimalText(places=2, required=True)
    recognised = ma.fields.Nested(
        MovedOut,
        required=True,
        metadata={"description": "Points from partner platforms and to them."},
    )
    outstanding = DecimalText(
        places=2,
        required=True,
        metadata={"description": "Issued and from partners, less spent, expired, to partners."},
    )
    tonnes = DecimalText(
        places=6, required=True, metadata={"description": "Tonnes of CO2 not emitted."}
    )
    residents = ma.fields.Integer(
        required=True, allow_none=True, metadata={"description": "Null below ten."}
    )
    cover = ma.fields.Nested(CoverOut, required=True)
    suppressed = ma.fields.List(
        ma.fields.String(),
        required=True,
        metadata={"description": "Figures that are not told, because they count too few people."},
    )
    generated_at = ma.fields.AwareDateTime(required=True, format="iso")


class ClosingQuery(ma.Schema):
    confirm = ma.fields.Boolean(
        load_default=False, metadata={"description": "Without it nothing is closed."}
    )


class LostLotOut(ma.Schema):
    expires_on = ma.fields.Date(required=True)
    points = DecimalText(places=2, required=True)


class LostOut(ma.Schema):
    available = DecimalText(places=2, required=True)
    pending = DecimalText(places=2, required=True)
    held = DecimalText(places=2, required=True)
    debt = DecimalText(places=2, required=True)
    lots = ma.fields.List(ma.fields.Nested(LostLotOut), required=True)


class FrozenOut(ma.Schema):
    what = ma.fields.String(required=True)
    why = ma.fields.String(required=True)
    until = ma.fields.Date(
        required=True, allow_none=True, metadata={"description": "Null: for good."}
    )


class ClosingOut(ma.Schema):
    closed = ma.fields.Boolean(required=True)
    lost = ma.fields.Nested(LostOut, required=True)
    erased = ma.fields.List(ma.fields.String(), required=True)
    frozen = ma.fields.List(ma.fields.Nested(FrozenOut), required=True)
