"""Wire shapes of consent."""

from typing import Any

import marshmallow as ma

from app.consent.agreement import STATES, Wanted
from app.consent.model import BindingView
from app.kernel import to_wire
from app.plumbing import Whole


class BindingIn(ma.Schema):
    provider = ma.fields.String(
        required=True,
        validate=ma.validate.Length(min=1, max=60),
        metadata={"description": "The provider's client id."},
    )
    subject = ma.fields.String(required=True, validate=ma.validate.Length(min=1, max=200))
    proof = ma.fields.String(required=True, validate=ma.validate.Length(max=4000))
    from_day = ma.fields.Date(
        data_key="from",
        metadata={"description": "The first day that earns; today unless said."},
    )


class BindingOut(ma.Schema):
    id = ma.fields.String(required=True)
    provider = ma.fields.String(required=True)
    provider_name = ma.fields.String(required=True)
    from_day = ma.fields.Date(data_key="from", required=True)
    until_day = ma.fields.Date(
        data_key="until",
        required=True,
        allow_none=True,
        metadata={"description": "The last day that earns; null while it goes on."},
    )
    created_at = ma.fields.AwareDateTime(required=True, format="iso")

    @ma.pre_dump
    def from_view(self, found: BindingView, **_: Any) -> dict[str, Any]:
        return {
            "id": to_wire("bnd", found.binding.id),
            "provider": found.provider,
            "provider_name": found.provider_name,
            "from_day": found.binding.from_day,
            "until_day": found.binding.until_day,
            "created_at": found.binding.created_at,
        }


class BindingsOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(BindingOut), required=True)
    next_cursor = ma.fields.String(required=True, allow_none=True)


# The register.

_CODE = ma.validate.Length(min=1, max=40)
_NAME = ma.validate.Length(min=1, max=200)


class NoticeSeenIn(ma.Schema):
    version = ma.fields.String(required=True, validate=_CODE)


class StepUpIn(ma.Schema):
    code = ma.fields.String(
        required=True,
        validate=ma.validate.Length(min=1, max=20),
        metadata={"description": "A fresh one-time code, sent to one's own number."},
    )


class NoticeQuery(ma.Schema):
    class Meta:
        unknown = ma.EXCLUDE

    purpose = ma.fields.String(
        required=True,
        validate=_CODE,
        metadata={
            "description": "One purpose of the city's rules: admission, limit, pricing or risk of"
            " a loan. `GET /v1/privacy/lists` tells of all.",
            "examples": ["pricing"],
        },
    )
    recipient = ma.fields.String(
        required=True,
        validate=_NAME,
        metadata={"description": "The recipient's client id, its code, or its legal name."},
    )


class RefusalIn(NoticeQuery):
    class Meta:
        unknown = ma.RAISE


class ConsentIn(RefusalIn):
    """One purpose, one recipient. What is left out is the least that the notice says."""

    fields_ = ma.fields.List(
        ma.fields.String(validate=_CODE),
        data_key="fields",
        validate=ma.validate.Length(min=1, max=20),
        metadata={"description": "Kinds of data of the purpose; all of them unless said."},
    )
    until = ma.fields.Date(metadata={"description": "The last day; as far as allowed unless said."})
    times = ma.fields.Integer(strict=True, metadata={"description": "Reads; one unless said."})
    product = ma.fields.String(validate=_CODE)
    application_reference = ma.fields.String(validate=ma.validate.Length(min=1, max=100))
    notice = ma.fields.Nested(NoticeSeenIn, metadata={"description": "What was shown before."})
    step_up = ma.fields.Nested(StepUpIn)
    channel = ma.fields.String(validate=Whole(r"^[a-z_]{1,20}$"))
    device = ma.fields.String(validate=_NAME)

    @ma.post_load
    def to_wanted(self, data: dict[str, Any], **_: Any) -> Wanted:
        notice, step_up = data.pop("notice", {}), data.pop("step_up", {})
        fields = data.pop("fields_", None)
        return Wanted(
            **data,
            fields=None if fields is None else tuple(fields),
            version=notice.get("version"),
            code=step_up.get("code"),
        )


class ConsentRecipientOut(ma.Schema):
    id = ma.fields.String(required=True)
    legal_name = ma.fields.String(required=True)
    contact = ma.fields.String(required=True)
    licence = ma.fields.String(required=True)


class GivenOut(ma.Schema):
    kind = ma.fields.String(required=True)
    class_ = ma.fields.String(
        required=True, data_key="class", attribute="class", validate=ma.validate.OneOf(("C1", "C2"))
    )


class ConsentOut(ma.Schema):
    id = ma.fields.String(required=True)
    purpose = ma.fields.String(required=True)
    purpose_zh = ma.fields.String(required=True)
    purpose_en = ma.fields.String(required=True)
    state = ma.fields.String(required=True, validate=ma.validate.OneOf(STATES))
    reason = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Why it is no longer active, a word."},
    )
    recipient = ma.fields.Nested(ConsentRecipientOut, required=True)
    basis = ma.fields.String(required=True)
    fields_ = ma.fields.List(
        ma.fields.String(), data_key="fields", attribute="fields", required=True
    )
    data = ma.fields.List(ma.fields.Nested(GivenOut), required=True)
    product = ma.fields.String(required=True, allow_none=True)
    application_reference = ma.fields.String(required=True, allow_none=True)
    from_day = ma.fields.Date(data_key="from", attribute="from", required=True)
    until = ma.fields.Date(required=True, metadata={"description": "Its last day."})
    times = ma.fields.Integer(required=True)
    taken = ma.fields.Integer(required=True, metadata={"description": "Reads so far."})
    granted_at = ma.fields.AwareDateTime(required=True, format="iso")
    revoked_at = ma.fields.AwareDateTime(required=True, allow_none=True, format="iso")
    superseded_by = ma.fields.String(required=True, allow_none=True)


class ConsentsOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(ConsentOut), required=True)
    next_cursor = ma.fields.String(required=True, allow_none=True)


class NoticeKeptOut(ma.Schema):
    version = ma.fields.String(required=True)
    digest = ma.fields.String(required=True, metadata={"description": "SHA-256 of what it says."})
    said = ma.fields.Dict(
        required=True, metadata={"description": "All that the notice says, as it was shown."}
    )


class ConsentWholeOut(ConsentOut):
    separate = ma.fields.Boolean(required=True)
    channel = ma.fields.String(required=True)
    device = ma.fields.String(required=True, allow_none=True)
    step_up = ma.fields.String(
        required=True,
        metadata={"description": "How the resident proved to be there: otp or session."},
    )
    keep_days = ma.fields.Integer(
        required=True, metadata={"description": "How long the recipient keeps what it was given."}
    )
    guardian = ma.fields.String(required=True, allow_none=True)
    notice = ma.fields.Nested(NoticeKeptOut, required=True)


class ConsentEndedOut(ConsentOut):
    effective_at = ma.fields.AwareDateTime(required=True, format="iso")
    told = ma.fields.List(ma.fields.Nested(ConsentRecipientOut), required=True)


class NoticeOut(ma.Schema):
    purpose = ma.fields.String(required=True)
    purpose_zh = ma.fields.String(required=True)
    purpose_en = ma.fields.String(required=True)
    recipient = ma.fields.Nested(ConsentRecipientOut, required=True)
    version = ma.fields.String(required=True)
    digest = ma.fields.String(required=True)
    fields_ = ma.fields.List(
        ma.fields.String(), data_key="fields", attribute="fields", required=True
    )
    choosable = ma.fields.List(ma.fields.String(), required=True)
    until = ma.fields.Date(required=True, metadata={"description": "The last day allowed."})
    most_days = ma.fields.Integer(required=True)
    default_times = ma.fields.Integer(required=True)
    most_times = ma.fields.Integer(required=True)
    prompt = ma.fields.Boolean(
        required=True,
        metadata={"description": "False: do not ask of your own accord; it was refused."},
    )
    not_before = ma.fields.AwareDateTime(required=True, allow_none=True, format="iso")
    said = ma.fields.Dict(required=True)


class RefusalOut(ma.Schema):
    purpose = ma.fields.String(required=True)
    recipient = ma.fields.String(required=True)
    at = ma.fields.AwareDateTime(required=True, format="iso")
    not_before = ma.fields.AwareDateTime(required=True, format="iso")


class LookerOut(ma.Schema):
    kind = ma.fields.String(required=True)
    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)


class DisclosureOut(ma.Schema):
    """Who looked or was told: names of what, never values."""

    id = ma.fields.String(required=True)
    at = ma.fields.AwareDateTime(required=True, format="iso")
    who = ma.fields.Nested(LookerOut, required=True)
    what = ma.fields.List(ma.fields.String(), required=True)
    why = ma.fields.String(required=True)
    why_zh = ma.fields.String(required=True)
    why_en = ma.fields.String(required=True)
    consent = ma.fields.String(required=True, allow_none=True)
    denied = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "Why nothing was given."}
    )
    about = ma.fields.String(required=True, allow_none=True)


class DisclosuresOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(DisclosureOut), required=True)
    next_cursor = ma.fields.String(required=True, allow_none=True)
