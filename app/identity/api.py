"""Signing in, the public keys, and the resident's own account."""

from dataclasses import replace
from typing import Any

from flask import jsonify, request

from app.identity import service, signing_in
from app.identity.clients import providers as every_provider
from app.identity.model import Profile, TokenRequest
from app.identity.schemas import (
    DocumentsOut,
    Jwks,
    OtpIn,
    OtpOut,
    PhoneIn,
    ProfileIn,
    ProfileOut,
    ProvidersOut,
    TokenIn,
    TokenOut,
    VerificationIn,
)
from app.kernel import Forbidden, Refused
from app.plumbing import Blueprint, Work, house, operation, takes, tokens

blp = Blueprint("identity", __name__, description="Signing in and the resident's own account")
takes("identity.token", "application/x-www-form-urlencoded")
_FORM = "application/x-www-form-urlencoded"
_FORM_TOO = {"content": {_FORM: {"schema": {"$ref": "#/components/schemas/TokenIn"}}}}


@blp.post("/v1/auth/otp")
@operation(None, writes=True)
@blp.arguments(OtpIn)
@blp.response(202, OtpOut)
def otp(work: Work, body: dict[str, str]) -> dict[str, Any]:
    """Send a one-time code to a number."""
    address = request.remote_addr or ""
    return _sent(work, signing_in.send_code(work, house().ports["sms"], body["phone"], address))


def _sent(work: Work, code: str) -> dict[str, Any]:
    answer: dict[str, Any] = {"expires_in": work.settings.otp_seconds}
    return answer if work.settings.production else answer | {"dev_code": code}


@blp.post("/v1/me/step-up")
@operation("resident", writes=True)
@blp.response(202, OtpOut)
@blp.alt_response(409, description="The account has no number")
def step_up(work: Work) -> dict[str, Any]:
    """Send a one-time code to my own number: what a consent and the export ask for."""
    address, me = request.remote_addr or "", work.actor.id
    return _sent(work, signing_in.send_own_code(work, house().ports["sms"], me, address))


@blp.post("/v1/auth/token")
@operation(None, writes=True)
@blp.arguments(TokenIn, location="json_or_form")
@blp.response(200, TokenOut)
@blp.alt_response(401, description="No such client, or a wrong secret")
@blp.alt_response(403, description="The number has slept too long: prove who you are")
@blp.alt_response(409, description="The same account is being opened elsewhere")
@blp.doc(requestBody=_FORM_TOO)
def token(work: Work, asked: TokenRequest) -> dict[str, Any] | Refused:
    """Get an access token: by one-time code, by refresh token, or as a client, with HTTP Basic or
    with an assertion that it signed (`client_assertion`, RFC 7523)."""
    basic = request.authorization
    if basic is not None and basic.type == "basic":
        asked = replace(asked, client_id=basic.username, client_secret=basic.password)
    given = signing_in.grant(work, house().ports["person"], asked, _here(work))
    if isinstance(given, Refused):
        return given
    seconds = work.settings.access_seconds
    keys = house().signing_keys
    answer = {
        "access_token": tokens.issue(keys, work.now, seconds, given.scope, given.subject),
        "token_type": "Bearer",
        "expires_in": seconds,
        "scope": given.scope,
    }
    renewal = {"refresh_token": given.refresh_token} if given.refresh_token else {}
    return answer | renewal


def _here(work: Work) -> str:
    """The address of the token endpoint; in production only one that was set is believed, as
    whoever asks says by which name."""
    public = work.settings.public_url.rstrip("/")
    if public:
        return public + request.path
    return tokens.ISSUER if work.settings.production else request.base_url


@blp.get("/.well-known/jwks.json")
@operation(None)
@blp.response(200, Jwks)
def jwks(work: Work) -> Any:
    """The public keys that verify access tokens."""
    del work
    answer = jsonify(tokens.jwks(house().signing_keys))
    answer.cache_control.public = True
    answer.cache_control.max_age = 300
    return answer


@blp.get("/v1/documents")
@operation(None)
@blp.response(200, DocumentsOut)
def documents(work: Work) -> dict[str, Any]:
    """The published versions of the user agreement and the personal-information notice."""
    del work
    return {"items": service.documents(), "next_cursor": None}


@blp.get("/v1/providers")
@operation(None)
@blp.response(200, ProvidersOut)
def providers(work: Work) -> dict[str, Any]:
    """Whose cards, meters and accounts can be bound, and what each of them reports."""
    return {"items": every_provider(work), "next_cursor": None}


@blp.get("/v1/me")
@operation("resident")
@blp.response(200, ProfileOut)
def me(work: Work) -> Profile:
    """The resident's own account; the number is masked."""
    return service.profile(work, work.actor.id)


@blp.patch("/v1/me")
@operation("resident", writes=True)
@blp.arguments(ProfileIn)
@blp.response(200, ProfileOut)
def change_me(work: Work, body: dict[str, Any]) -> Profile:
    """Set birth year and district; null clears."""
    return service.change_profile(work, work.actor.id, body)


@blp.post("/v1/me/phone")
@operation("resident", writes=True)
@blp.arguments(PhoneIn)
@blp.response(200, ProfileOut)
@blp.alt_response(409, description="The proof names a person who has another account")
def change_phone(work: Work, body: dict[str, str]) -> Profile | Refused:
    """Replace the number: a code sent to the new one, and a proof of who asks."""
    service.require_active(work, work.actor.id)
    if not signing_in.spend_code(work, body["phone"], body["code"]):
        return Refused(Forbidden("wrong_code", "The code is wrong, used or too old."))
    persons = house().ports["person"]
    return service.change_phone(work, persons, work.actor.id, body["phone"], body["proof"])


@blp.post("/v1/me/verification")
@operation("resident", writes=True)
@blp.arguments(VerificationIn)
@blp.response(200, ProfileOut)
@blp.alt_response(409, description="The proof names a person who has another account")
def verification(work: Work, body: dict[str, str]) -> Profile:
    """Prove who one is: the account's level becomes `real_name`."""
    return service.verify(work, house().ports["person"], work.actor.id, body["proof"])


blueprints = [blp]
