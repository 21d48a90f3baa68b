"""Wire shapes of links: the resident's, the partner's, and what operators see of refusals."""

from typing import Any

import marshmallow as ma

from app.plumbing import PageQuery, StatusQuery, Whole
from app.plumbing.api import DecimalText
from app.recognition.schemas.partners import LEVELS

_LEVEL = ma.validate.OneOf(LEVELS)
_PLAIN = Whole(r"^[^\x00-\x1f\x7f]+$", error="Control characters are not taken.")
_STATES = ("active", "ended")
_ENDED_BY = ("resident", "partner", "term", "closing")


class AgreementIn(ma.Schema):
    """The consent that a resident gives by linking."""

    version = ma.fields.String(required=True, validate=ma.validate.Length(min=1, max=40))


class LinkIn(ma.Schema):
    partner = ma.fields.String(
        required=True,
        validate=ma.validate.Length(min=1, max=60),
        metadata={"description": "The platform's code, or the id of one of its clients."},
    )
    proof = ma.fields.String(
        required=True,
        validate=ma.validate.Length(min=1, max=4000),
        metadata={"description": "The partner's signed statement of whose account this is."},
    )
    account = ma.fields.String(validate=[ma.validate.Length(min=1, max=200), _PLAIN])
    consent = ma.fields.Nested(AgreementIn)
    from_day = ma.fields.Date(
        data_key="from",
        metadata={"description": "The first day whose acts may be claimed; today unless said."},
    )
    months = ma.fields.Integer(
        strict=True,
        validate=ma.validate.Range(1, 120),
        metadata={"description": "A shorter term than the consent's own."},
    )

    @ma.post_load
    def to_arguments(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        agreed = data.pop("consent", None)
        return data | {"version": agreed["version"] if agreed else None}


class PayerIn(ma.Schema):
    behaviour = ma.fields.String(required=True, validate=ma.validate.Length(min=1, max=40))
    payer = ma.fields.String(required=True, validate=ma.validate.OneOf(("city", "partner")))
    from_day = ma.fields.Date(
        data_key="from",
        metadata={"description": "Later than today; tomorrow unless said."},
    )


class LinkConsentOut(ma.Schema):
    """The consent behind a link; its words where they are still the present ones."""

    version = ma.fields.String(required=True)
    digest = ma.fields.String(required=True)
    current = ma.fields.Boolean(required=True)
    until = ma.fields.Date(required=True)
    purpose_zh = ma.fields.String(required=True, allow_none=True)
    purpose_en = ma.fields.String(required=True, allow_none=True)
    data = ma.fields.List(ma.fields.String(), required=True, allow_none=True)


class LinkOut(ma.Schema):
    id = ma.fields.String(required=True)
    partner = ma.fields.String(required=True)
    title_zh = ma.fields.String(required=True)
    title_en = ma.fields.String(required=True)
    unit_zh = ma.fields.String(required=True)
    unit_en = ma.fields.String(required=True)
    status = ma.fields.String(required=True, validate=ma.validate.OneOf(_STATES))
    account = ma.fields.String(required=True, metadata={"description": "Masked."})
    from_day = ma.fields.Date(required=True, data_key="from", attribute="from")
    until = ma.fields.Date(
        required=True, metadata={"description": "The last day of the consent's term."}
    )
    matched_by = ma.fields.String(required=True)
    opened_at = ma.fields.AwareDateTime(required=True, format="iso")
    ended_at = ma.fields.AwareDateTime(required=True, format="iso", allow_none=True)
    ended_by = ma.fields.String(
        required=True, allow_none=True, validate=ma.validate.OneOf(_ENDED_BY)
    )
    consent = ma.fields.Nested(LinkConsentOut, required=True)


class LinkedMonthOut(ma.Schema):
    month = ma.fields.String(required=True)
    acts = ma.fields.Integer(required=True)
    held = ma.fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "How many of them the partner pays; null: it sends sums only."},
    )
    reduction_g = DecimalText(places=3, required=True)


class BadgeOut(ma.Schema):
    needs_g = DecimalText(places=3, required=True)
    reached = ma.fields.Boolean(required=True)


class PaidByOut(ma.Schema):
    partner = ma.fields.String(required=True)
    from_day = ma.fields.Date(required=True, data_key="from", attribute="from")
    until = ma.fields.Date(required=True, allow_none=True)


class LinkPayerOut(ma.Schema):
    """Who alone pays a behaviour: `city`, or a partner over some days."""

    today = ma.fields.String(required=True)
    partners = ma.fields.List(ma.fields.Nested(PaidByOut), required=True)


class LinkedBehaviourOut(ma.Schema):
    behaviour = ma.fields.String(required=True)
    title_zh = ma.fields.String(required=True)
    title_en = ma.fields.String(required=True)
    level = ma.fields.String(required=True, validate=_LEVEL)
    source = ma.fields.String(required=True, validate=ma.validate.OneOf(("claims", "totals")))
    acts = ma.fields.Integer(required=True)
    reduction_g = DecimalText(places=3, required=True)
    months = ma.fields.List(ma.fields.Nested(LinkedMonthOut), required=True)
    badge = ma.fields.Nested(
        BadgeOut,
        required=True,
        allow_none=True,
        metadata={"description": "Null where the partner is only seen."},
    )
    payer = ma.fields.Nested(
        LinkPayerOut,
        required=True,
        allow_none=True,
        metadata={"description": "Null where acts are told apart and each is paid once."},
    )


class LinkWholeOut(LinkOut):
    behaviours = ma.fields.List(ma.fields.Nested(LinkedBehaviourOut), required=True)


class LinksOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(LinkOut), required=True)
    next_cursor = ma.fields.String(required=True, allow_none=True)


class KeptValueOut(ma.Schema):
    """What becomes of value when a link ends."""

    exchanges_taken_back = ma.fields.Integer(required=True)
    words_zh = ma.fields.String(required=True)
    words_en = ma.fields.String(required=True)


class LinkEndedOut(LinkOut):
    value = ma.fields.Nested(KeptValueOut, required=True)


# The partner's side.


class PartnerLinksQuery(StatusQuery):
    status = ma.fields.String(load_default=None, validate=ma.validate.OneOf(_STATES))


class PartnerLinkOut(ma.Schema):
    id = ma.fields.String(required=True)
    account = ma.fields.String(required=True, metadata={"description": "The partner's own id."})
    status = ma.fields.String(required=True, validate=ma.validate.OneOf(_STATES))
    from_day = ma.fields.Date(required=True, data_key="from", attribute="from")
    until = ma.fields.Date(required=True)
    claim_version = ma.fields.String(required=True)
    behaviours = ma.fields.Dict(
        keys=ma.fields.String(), values=ma.fields.String(validate=_LEVEL), required=True
    )


class PartnerLinkWholeOut(PartnerLinkOut):
    claim_secret = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "32 bytes in base64 while the link is active; null afterwards."},
    )


class PartnerLinksOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(PartnerLinkOut), required=True)
    next_cursor = ma.fields.String(required=True, allow_none=True)


# The operators'.


class LinkRefusalsQuery(PageQuery):
    partner = ma.fields.String(load_default=None, validate=Whole(r"[a-z0-9_]{1,40}"))

    @ma.post_load
    def to_page(self, data: dict[str, Any], **kwargs: Any) -> Any:
        return {"partner": data["partner"], "page": super().to_page(data, **kwargs)}


class LinkRefusalOut(ma.Schema):
    id = ma.fields.String(required=True)
    partner = ma.fields.String(required=True)
    fault = ma.fields.String(required=True)
    at = ma.fields.AwareDateTime(required=True, format="iso")


class LinkRefusalsOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(LinkRefusalOut), required=True)
    next_cursor = ma.fields.String(required=True, allow_none=True)
