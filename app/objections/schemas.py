"""Wire shapes of objections."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma

from app.objections.model import KINDS, MOST_ROLE, MOST_WORDS, REMEDIES, STATES, WISHES
from app.plumbing import StatusQuery, Whole

_WORDS = ma.validate.Length(min=1, max=MOST_WORDS)
# It is kept as text, and PostgreSQL takes no NUL.
_SUBJECT = Whole(r"^[A-Za-z0-9_]{1,40}$", error="The id of an act or inquiry, or a quarter.")
_ROLE = ma.validate.Length(min=1, max=MOST_ROLE)
_REMEDIES = sorted({each for of_kind in REMEDIES.values() for each in of_kind})
# A subject under the name of its kind, in place of `kind` and `subject`.
_ALIASES = {
    "activity_id": "activity",
    "grade": "grade",
    "quarter": "grade",
    "inquiry_id": "inquiry",
}


class ObjectionIn(ma.Schema):
    kind = ma.fields.String(required=True, validate=ma.validate.OneOf(KINDS))
    subject = ma.fields.String(
        required=True,
        validate=_SUBJECT,
        metadata={"examples": ["act_01m80dm0wde0y95z0eh04byx4k", "2026Q3"]},
    )
    reason = ma.fields.String(required=True, validate=_WORDS)
    wish = ma.fields.String(load_default=None, validate=ma.validate.OneOf(WISHES))

    @ma.pre_load
    def by_name(self, data: Any, **_: Any) -> Any:
        """`{"activity_id": …}` says kind and subject in one; so do `quarter` and `inquiry_id`."""
        named = [each for each in _ALIASES if isinstance(data, Mapping) and each in data]
        if len(named) != 1 or {"kind", "subject"} & data.keys():
            return data
        rest = {key: value for key, value in data.items() if key != named[0]}
        return rest | {"kind": _ALIASES[named[0]], "subject": data[named[0]]}


class CommentIn(ma.Schema):
    comment = ma.fields.String(required=True, validate=_WORDS)


class RoleIn(ma.Schema):
    role = ma.fields.String(required=True, validate=_ROLE)


class ExtensionIn(ma.Schema):
    reason = ma.fields.String(required=True, validate=_WORDS)


class NoIn(RoleIn):
    answer = ma.fields.String(required=True, validate=_WORDS)


class CasesQuery(StatusQuery):
    status = ma.fields.String(load_default=None, validate=ma.validate.OneOf(STATES))
    overdue = ma.fields.Boolean(load_default=False)

    @ma.post_load
    def to_page(self, data: dict[str, Any], **kwargs: Any) -> Any:
        found: dict[str, Any] = super().to_page(data, **kwargs)
        return found | {"overdue": data["overdue"]}


class CaseOut(ma.Schema):
    """What is contested, and where it stands."""

    id = ma.fields.String(required=True)
    kind = ma.fields.String(required=True, metadata={"enum": [*KINDS]})
    subject = ma.fields.String(required=True)
    wish = ma.fields.String(required=True, allow_none=True, metadata={"enum": [*WISHES, None]})
    status = ma.fields.String(required=True, metadata={"enum": [*STATES]})
    opened_at = ma.fields.AwareDateTime(required=True, format="iso")
    due_on = ma.fields.Date(
        required=True, metadata={"description": "The last day on which an answer is on time."}
    )
    latest_on = ma.fields.Date(required=True)
    overdue = ma.fields.Boolean(required=True)
    level = ma.fields.Integer(
        required=True,
        metadata={"description": "0; 1 when it is overdue, 2 past the latest day: it has risen."},
    )
    extended = ma.fields.Boolean(required=True)
    officer = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "Who deals with it."}
    )


class OfficerAnswerOut(ma.Schema):
    """What a person answered, in which role, and who checked what it does."""

    text = ma.fields.String(required=True)
    by = ma.fields.String(required=True)
    role = ma.fields.String(required=True)
    checked_by = ma.fields.String(required=True, allow_none=True)
    remedy = ma.fields.String(required=True, allow_none=True, metadata={"enum": [*_REMEDIES, None]})


class ObjectionOut(CaseOut):
    """All of an objection."""

    reason = ma.fields.String(required=True)
    comment = ma.fields.String(required=True, allow_none=True)
    role = ma.fields.String(required=True, allow_none=True)
    extension = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Why it takes longer: who else must check."},
    )
    decided_at = ma.fields.AwareDateTime(required=True, allow_none=True, format="iso")
    answer = ma.fields.Nested(OfficerAnswerOut, required=True, allow_none=True)


class ObjectionsOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(ObjectionOut), required=True)
    next_cursor = ma.fields.String(required=True, allow_none=True)


class ExplainedOut(ObjectionOut):
    """An objection for the officer who answers it."""

    explanation = ma.fields.Dict(
        keys=ma.fields.String(),
        required=True,
        metadata={"description": "How what is contested came about, as its resident sees it."},
    )
    remedies = ma.fields.List(
        ma.fields.String(validate=ma.validate.OneOf(_REMEDIES)),
        required=True,
        metadata={"description": "What a yes may do about it."},
    )


class CasesOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(CaseOut), required=True)
    next_cursor = ma.fields.String(required=True, allow_none=True)
