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
