"""Wire shapes of the catalogue: behaviours and the rulebook they come from."""

import marshmallow as ma

from app.plumbing.api import DecimalText

_CONFIDENCE = {"enum": ["seen", "unverified", "assumption"]}


class ReferenceOut(ma.Schema):
    """Where a number was read."""

    title = ma.fields.String(required=True)
    clause = ma.fields.String(required=True, allow_none=True)
    url = ma.fields.String(required=True, allow_none=True)


class CapOut(ma.Schema):
    """How much of a behaviour one resident may earn for in a period."""

    name = ma.fields.String(required=True)
    period = ma.fields.String(required=True)
    unit = ma.fields.String(required=True)
    limit = ma.fields.String(required=True)
    where = ma.fields.Dict(
        keys=ma.fields.String(),
        values=ma.fields.List(ma.fields.String()),
        required=True,
        metadata={"description": "Only acts with this evidence."},
    )
    by = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Each value of this evidence is counted on its own."},
    )
    note = ma.fields.String(required=True, allow_none=True)
    confidence = ma.fields.String(required=True, metadata=_CONFIDENCE)
    reference = ma.fields.Nested(ReferenceOut, required=True)


class BehaviourOut(ma.Schema):
    """A behaviour in the list."""

    code = ma.fields.String(required=True)
    number = ma.fields.Integer(required=True)
    title_zh = ma.fields.String(required=True)
    title_en = ma.fields.String(required=True)
    category = ma.fields.String(required=True)
    dimensions = ma.fields.List(ma.fields.String(), required=True)
    unit = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "Null: the act itself counts."}
    )
    points_example = DecimalText(
        places=2, required=True, metadata={"description": "What `example` earns today."}
    )
    reduction_example_g = DecimalText(
        places=3, required=True, metadata={"description": "Grams that `example` saves today."}
    )
    example = ma.fields.String(required=True)
    caps = ma.fields.List(ma.fields.Nested(CapOut), required=True)
    overlap_groups = ma.fields.List(ma.fields.String(), required=True)
    confirm = ma.fields.String(
        required=True, metadata={"description": "When points become spendable."}
    )
    in_force_from = ma.fields.Date(required=True)
    confidence = ma.fields.String(
        required=True, metadata=_CONFIDENCE | {"description": "The weakest of its values."}
    )


class BehavioursOut(ma.Schema):
    """Every behaviour of the city."""

    items = ma.fields.List(ma.fields.Nested(BehaviourOut), required=True)
    next_cursor = ma.fields.String(required=True, allow_none=True)
    rulebook = ma.fields.String(required=True)


class CorrectionOut(ma.Schema):
    """Why a past value was changed, and who approved that."""

    reason = ma.fields.String(required=True)
    approved_by = ma.fields.List(ma.fields.String(), required=True)


class ValueOut(ma.Schema):
    """A dated value; null where the parameter ended."""

    since = ma.fields.Date(data_key="from", required=True)
    value = ma.fields.String(required=True, allow_none=True)
    confidence = ma.fields.String(required=True, metadata=_CONFIDENCE)
    reference = ma.fields.Nested(ReferenceOut, required=True)
    approved_by = ma.fields.List(ma.fields.String(), required=True)
    correction = ma.fields.Nested(CorrectionOut, required=True, allow_none=True)


class ParameterOut(ma.Schema):
    """A parameter with all its dated values, the oldest first."""

    name = ma.fields.String(required=True)
    title = ma.fields.String(required=True, allow_none=True)
    unit = ma.fields.String(required=True)
    source = ma.fields.String(required=True, metadata={"description": "The rule file."})
    values = ma.fields.List(ma.fields.Nested(ValueOut), required=True)


class FieldOut(ma.Schema):
    """A field of evidence: what it is, and what is kept of it."""

    name = ma.fields.String(required=True)
    type = ma.fields.String(required=True)
    required = ma.fields.Boolean(required=True)
    required_when = ma.fields.Dict(
        keys=ma.fields.String(), values=ma.fields.List(ma.fields.String()), required=True
    )
    choices = ma.fields.List(ma.fields.String(), required=True)
    default = ma.fields.String(required=True, allow_none=True)
    keep = ma.fields.String(required=True, metadata={"enum": ["value", "hash", "drop"]})
    days = ma.fields.Integer(required=True, allow_none=True)


class RangeOut(ma.Schema):
    """Outside of it a report is refused as implausible; null is open."""

    what = ma.fields.String(required=True)
    low = ma.fields.String(required=True, allow_none=True)
    high = ma.fields.String(required=True, allow_none=True)


class RuleOut(ma.Schema):
    """A condition on quantity or evidence, and the values it names."""

    what = ma.fields.String(required=True)
    values = ma.fields.List(ma.fields.String(), required=True)


class BehaviourDetailOut(BehaviourOut):
    """A behaviour with all of its law."""

    method = ma.fields.String(required=True)
    words_en = ma.fields.String(required=True)
    words_zh = ma.fields.String(required=True)
    weights = ma.fields.Dict(
        keys=ma.fields.String(),
        values=ma.fields.Integer(),
        required=True,
        metadata={"description": "How a reduction is shared among the dimensions."},
    )
    quantity_required = ma.fields.Boolean(required=True)
    parameters = ma.fields.List(ma.fields.Nested(ParameterOut), required=True)
    evidence = ma.fields.List(ma.fields.Nested(FieldOut), required=True)
    eligible = ma.fields.List(
        ma.fields.Nested(RuleOut),
        required=True,
        metadata={"description": "Another value earns nothing."},
    )
    refused = ma.fields.List(
        ma.fields.Nested(RuleOut),
        required=True,
        metadata={"description": "Refused as implausible."},
    )
    minimum = ma.fields.List(
        ma.fields.Nested(RuleOut),
        required=True,
        metadata={"description": "Below, nothing is earned."},
    )
    plausible = ma.fields.List(ma.fields.Nested(RangeOut), required=True)
    unchecked = ma.fields.List(ma.fields.String(), required=True)
    notes = ma.fields.List(ma.fields.String(), required=True)
    rulebook = ma.fields.String(required=True)


class PackOut(ma.Schema):
    """The city."""

    code = ma.fields.String(required=True)
    name_zh = ma.fields.String(required=True)
    name_en = ma.fields.String(required=True)
    zone = ma.fields.String(required=True)
    currency = ma.fields.String(required=True)


class ConfidencesOut(ma.Schema):
    """How many values are how sure."""

    seen = ma.fields.Integer(required=True)
    unverified = ma.fields.Integer(required=True)
    assumption = ma.fields.Integer(required=True)


class UnverifiedOut(ma.Schema):
    """A value that rests on a weak source."""

    source = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    title = ma.fields.String(required=True, allow_none=True)
    unit = ma.fields.String(required=True)
    since = ma.fields.Date(data_key="from", required=True)
    value = ma.fields.String(required=True, allow_none=True)
    reference = ma.fields.Nested(ReferenceOut, required=True)


class RulebookOut(ma.Schema):
    """The rules in force: which city's, which edition, how sure its numbers are."""

    pack = ma.fields.Nested(PackOut, required=True)
    digest = ma.fields.String(required=True)
    in_force_since = ma.fields.Date(required=True)
    points_a_kilogram = DecimalText(places=2, required=True)
    behaviours = ma.fields.Integer(required=True)
    parameters = ma.fields.List(ma.fields.Nested(ParameterOut), required=True)
    values_by_confidence = ma.fields.Nested(ConfidencesOut, required=True)
    unverified = ma.fields.List(ma.fields.Nested(UnverifiedOut), required=True)
