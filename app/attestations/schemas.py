"""Wire shapes of attestations."""

from typing import Any

import marshmallow as ma

from app.attestations.model import CLAIMS
from app.plumbing import Whole

# Both are put into a QR code, which has room for so much.
_AUDIENCE = Whole(r"[!-~]{1,120}", error="1 to 120 visible ASCII characters.")
_NONCE = Whole(r"[!-~]{8,120}", error="8 to 120 visible ASCII characters.")
_LONGEST_PRESENTATION = 8000
_CLAIM = ma.fields.String(validate=ma.validate.OneOf(CLAIMS))


class AttestationIn(ma.Schema):
    """What it may say, and whom it is bound to: the holder's own key, or an audience and its
    nonce."""

    claims = ma.fields.List(
        _CLAIM,
        required=True,
        validate=ma.validate.Length(1, len(CLAIMS)),
        metadata={"description": "Nothing else is in the credential, in any form."},
    )
    holder_key = ma.fields.Dict(
        keys=ma.fields.String(),
        metadata={
            "description": "A public JWK, Ed25519 or P-256, made new for this one: the same key"
            " in two would tell that they are one person's. Its app binds the credential itself."
        },
    )
    audience = ma.fields.String(
        validate=_AUDIENCE,
        metadata={"description": "Without a key: for whom. A bank's code, or as it asks for."},
    )
    nonce = ma.fields.String(
        validate=_NONCE, metadata={"description": "Without a key: what that one gave you, new."}
    )
    minutes = ma.fields.Integer(
        validate=ma.validate.Range(1, 1440),
        metadata={
            "description": "How long it is good: as the city has it unless said, at most a day."
        },
    )

    @ma.validates_schema
    def one_binding(self, data: dict[str, Any], **_: Any) -> None:
        """A key, or an audience with a nonce; not both."""
        keyed = "holder_key" in data
        wrong = [name for name in ("audience", "nonce") if (name in data) == keyed]
        if wrong:
            text = "Not together with holder_key." if keyed else "Wanted without holder_key."
            raise ma.ValidationError({name: [text] for name in wrong})
        if len({*data["claims"]}) < len(data["claims"]):
            raise ma.ValidationError({"claims": ["Each one once."]})


class StatusPlaceOut(ma.Schema):
    uri = ma.fields.String(required=True)
    idx = ma.fields.Integer(required=True)


class AttestationMadeOut(ma.Schema):
    """The credential, shown this once: it is not kept."""

    id = ma.fields.String(required=True)
    credential = ma.fields.String(
        required=True, metadata={"description": "SD-JWT: jwt~disclosure~…~ (RFC 9901)."}
    )
    claims = ma.fields.Dict(keys=ma.fields.String(), required=True)
    expires_at = ma.fields.AwareDateTime(required=True, format="iso")
    status = ma.fields.Nested(StatusPlaceOut, required=True)
    presentation = ma.fields.String(
        metadata={
            "description": "Without a holder_key: bound here to audience and nonce, with a key"
            " that was made for this and is gone."
        }
    )
    svg = ma.fields.String(
        required=True,
        metadata={"description": "The presentation, or else the credential, as a QR code."},
    )


class AttestationOut(ma.Schema):
    id = ma.fields.String(required=True)
    claims = ma.fields.List(_CLAIM, required=True)
    quarter = ma.fields.String(required=True)
    state = ma.fields.String(
        required=True, validate=ma.validate.OneOf(("active", "revoked", "expired"))
    )
    issued_at = ma.fields.AwareDateTime(required=True, format="iso")
    expires_at = ma.fields.AwareDateTime(required=True, format="iso")
    ended_at = ma.fields.AwareDateTime(required=True, format="iso", allow_none=True)
    why = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Who ended it: resident, correction (of the grade), closing."},
    )


class AttestationsOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(AttestationOut), required=True)
    next_cursor = ma.fields.String(required=True, allow_none=True)


class VerifyIn(ma.Schema):
    presentation = ma.fields.String(
        required=True, validate=ma.validate.Length(1, _LONGEST_PRESENTATION)
    )
    nonce = ma.fields.String(required=True, validate=ma.validate.Length(1, 200))
    audience = ma.fields.String(
        validate=ma.validate.Length(1, 200),
        metadata={"description": "By what name you asked; your code and your client id else."},
    )


class VerdictOut(ma.Schema):
    valid = ma.fields.Boolean(required=True)
    reason = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "malformed, no_key_binding, unknown_issuer_key, bad_signature, not_yet,"
            " expired, wrong_audience, wrong_nonce, revoked, replayed; null for a valid one."
        },
    )
    claims = ma.fields.Dict(keys=ma.fields.String(), required=True, allow_none=True)
    expires_at = ma.fields.AwareDateTime(required=True, format="iso", allow_none=True)
    issuer = ma.fields.String(required=True, allow_none=True)
    status = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "valid or revoked."}
    )
