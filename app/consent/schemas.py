"""Wire shapes of consent."""

from typing import Any

import marshmallow as ma

from app.consent.model import BindingView
from app.kernel import to_wire


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
