"""Wire shapes of identity."""

from typing import Any

import marshmallow as ma

from app.identity.model import (
    ASSERTION,
    EARLIEST_BIRTH_YEAR,
    KINDS,
    LEVELS,
    Client,
    Document,
    Profile,
    TokenRequest,
    phone_number,
)
from app.kernel import to_wire
from app.plumbing import Whole

_SHORT = ma.validate.Length(min=1, max=40)
# What is kept as text: PostgreSQL takes no NUL, and nobody reads the other control characters.
_KEPT = Whole(r"^[^\x00-\x1f\x7f]{1,40}$", error="1 to 40 printable characters.")
_SECRET = ma.validate.Length(max=200)
_PROOF = ma.validate.Length(max=4000)
_LATEST_BIRTH_YEAR = 2200


class Phone(ma.fields.String):
    """A mainland mobile number, `+86` before it or not; loads as its eleven digits."""

    def __init__(self, **kwargs: Any) -> None:
        metadata = {"pattern": r"^(\+86)?1[3-9][0-9]{9}$", "examples": ["13800000000"]}
        super().__init__(metadata=metadata, **kwargs)

    def _deserialize(self, *args: Any, **kwargs: Any) -> str:
        number = phone_number(super()._deserialize(*args, **kwargs))
        if number is None:
            raise ma.ValidationError("Not a mainland mobile number.")
        return number


class OtpIn(ma.Schema):
    phone = Phone(required=True)


class OtpOut(ma.Schema):
    expires_in = ma.fields.Integer(required=True, metadata={"description": "Seconds."})
    dev_code = ma.fields.String(metadata={"description": "The code itself; development only."})


class AcceptIn(ma.Schema):
    agreement = ma.fields.String(required=True, validate=_KEPT)
    notice = ma.fields.String(required=True, validate=_KEPT)


class TokenIn(ma.Schema):
    class Meta:
        unknown = ma.EXCLUDE  # RFC 6749, 3.2: parameters that are not known are ignored

    grant_type = ma.fields.String(
        metadata={"enum": ["otp", "refresh_token", "client_credentials"]},
        validate=ma.validate.Length(max=40),
    )
    phone = ma.fields.String(validate=_SHORT)
    code = ma.fields.String(validate=_SHORT)
    proof = ma.fields.String(validate=_PROOF)
    accept = ma.fields.Nested(
        AcceptIn,
        metadata={"description": "Accepted versions; a first sign-in needs them in production."},
    )
    refresh_token = ma.fields.String(validate=_SECRET)
    client_id = ma.fields.String(validate=_SHORT)
    client_assertion_type = ma.fields.String(
        metadata={"enum": [ASSERTION]}, validate=ma.validate.Length(max=100)
    )
    client_assertion = ma.fields.String(
        validate=_PROOF,
        metadata={"description": "A JWT signed with a registered key, in place of the secret."},
    )

    @ma.post_load
    def to_request(self, data: dict[str, Any], **_: Any) -> TokenRequest:
        return TokenRequest(**data)


class TokenOut(ma.Schema):
    access_token = ma.fields.String(required=True)
    token_type = ma.fields.String(required=True)
    expires_in = ma.fields.Integer(required=True, metadata={"description": "Seconds."})
    refresh_token = ma.fields.String()
    scope = ma.fields.String(required=True)


class Jwks(ma.Schema):
    keys = ma.fields.List(
        ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String()), required=True
    )


class DocumentOut(ma.Schema):
    document = ma.fields.String(required=True)
    version = ma.fields.String(required=True)
    hash = ma.fields.String(required=True, metadata={"description": "SHA-256 of the text, hex."})
    text = ma.fields.String(required=True)

    @ma.pre_dump
    def from_document(self, found: Document, **_: Any) -> dict[str, str]:
        return {
            "document": found.document,
            "version": found.version,
            "hash": found.hash.hex(),
            "text": found.text,
        }


class DocumentsOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(DocumentOut), required=True)
    next_cursor = ma.fields.String(required=True, allow_none=True)


class ProviderOut(ma.Schema):
    """Who can report acts of residents that bind a card, a meter or an account of theirs."""

    id = ma.fields.String(required=True, metadata={"description": "What bindings name."})
    name = ma.fields.String(required=True)
    kind = ma.fields.String(required=True, metadata={"enum": list(KINDS)})
    behaviours = ma.fields.List(
        ma.fields.String(),
        required=True,
        allow_none=True,
        metadata={"description": "What it may report; null: whatever the rulebook has."},
    )

    @ma.pre_dump
    def from_client(self, found: Client, **_: Any) -> dict[str, Any]:
        codes = None if found.behaviours is None else sorted(found.behaviours)
        return {"id": found.wire, "name": found.name, "kind": found.kind, "behaviours": codes}


class ProvidersOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(ProviderOut), required=True)
    next_cursor = ma.fields.String(required=True, allow_none=True)


class ProfileOut(ma.Schema):
    id = ma.fields.String(required=True)
    level = ma.fields.String(required=True, metadata={"enum": list(LEVELS)})
    phone = ma.fields.String(required=True, allow_none=True, metadata={"description": "Masked."})
    birth_year = ma.fields.Integer(required=True, allow_none=True)
    district = ma.fields.String(required=True, allow_none=True)
    opened_at = ma.fields.AwareDateTime(required=True, format="iso")
    earning_frozen = ma.fields.Boolean(
        required=True, metadata={"description": "No points are earned for the time being."}
    )
    spending_frozen = ma.fields.Boolean(
        required=True, metadata={"description": "No points can be spent for the time being."}
    )

    @ma.pre_dump
    def from_profile(self, found: Profile, **_: Any) -> dict[str, Any]:
        return {
            "id": to_wire("res", found.id),
            "level": found.level,
            "phone": found.phone,
            "birth_year": found.birth_year,
            "district": found.district,
            "opened_at": found.opened_at,
            "earning_frozen": found.earning_frozen,
            "spending_frozen": found.spending_frozen,
        }


class ProfileIn(ma.Schema):
    birth_year = ma.fields.Integer(
        strict=True,
        allow_none=True,
        validate=ma.validate.Range(EARLIEST_BIRTH_YEAR, _LATEST_BIRTH_YEAR),
    )
    district = ma.fields.String(allow_none=True, validate=_KEPT)


class PhoneIn(ma.Schema):
    phone = Phone(required=True)
    code = ma.fields.String(required=True, validate=_SHORT)
    proof = ma.fields.String(required=True, validate=ma.validate.Length(min=1, max=4000))


class VerificationIn(ma.Schema):
    proof = ma.fields.String(required=True, validate=ma.validate.Length(min=1, max=4000))
