"""Attestations over HTTP: residents make and end them, banks have them looked at, and anybody
reads a status list."""

from typing import Any

from flask import Response, request

from app import identity
from app.attestations import sdjwt, service, statuslist, store, verifying
from app.attestations.model import Attestation
from app.attestations.schemas import (
    AttestationIn,
    AttestationMadeOut,
    AttestationsOut,
    VerdictOut,
    VerifyIn,
)
from app.attestations.service import Bound
from app.kernel import Invalid, Unavailable, from_wire
from app.plumbing import (
    Blueprint,
    Page,
    PageQuery,
    Work,
    before_id,
    cacheable,
    cut,
    house,
    operation,
    qr,
)

mine = Blueprint("attestations", __name__, description="Credentials to hold and to show")
banks = Blueprint("attestation checks", __name__, description="What residents show, looked at")
blueprints = [mine, banks]


def _base(work: Work) -> str:
    """The address that credentials name. In production only the setting says it: what a request
    names, its caller chose."""
    if work.settings.public_url:
        return work.settings.public_url.rstrip("/")
    if work.settings.production:
        raise Unavailable(
            "no_public_address", "Attestations need PUBLIC_URL; an operator of the city sets it."
        )
    return request.host_url.rstrip("/")


@mine.post("/v1/me/attestations")
@operation("resident", once=True)
@mine.arguments(AttestationIn)
@mine.response(201, AttestationMadeOut)
def make(work: Work, body: dict[str, Any]) -> dict[str, Any]:
    """A credential of my grade that says only what I choose: an SD-JWT that anybody can check with
    the keys of /.well-known/jwks.json and its status list, without asking here."""
    bound = Bound(_holder(body.get("holder_key")), body.get("audience"), body.get("nonce"))
    keys, base = house().signing_keys, _base(work)
    made = service.make(work, keys, base, body["claims"], bound, body.get("minutes"))
    shown = {} if made.presentation is None else {"presentation": made.presentation}
    return shown | {
        "id": made.kept.wire,
        "credential": made.credential,
        "claims": made.says,
        "expires_at": made.kept.ends_at.astimezone(work.rules.pack.zone),
        "status": {"uri": made.uri, "idx": made.kept.position},
        "svg": qr.svg(made.presentation or made.credential),
    }


def _holder(told: dict[str, Any] | None) -> dict[str, str] | None:
    if told is None:
        return None
    found = sdjwt.public_key(told)
    if found is None or "d" in told:
        raise Invalid(
            "bad_holder_key",
            "holder_key is a public JWK: Ed25519 (kty OKP) or P-256 (kty EC). Keep the private"
            " part, d, to yourself; a key whose private part was sent is to be thrown away.",
            errors=[{"pointer": "/holder_key", "code": "invalid", "detail": "No such key."}],
        )
    return found


@mine.get("/v1/me/attestations")
@operation("resident")
@mine.arguments(PageQuery, location="query")
@mine.response(200, AttestationsOut)
def get_attestations(work: Work, page: Page) -> dict[str, Any]:
    """Mine, the newest first: what they may say and how they stand, not to whom they were shown."""
    identity.require_active(work, work.actor.id)
    found = store.listed(work, work.actor.id, page.limit + 1, before_id(page))
    items, after = cut(found, page)
    return {"items": [_told(work, each) for each in items], "next_cursor": after}


def _told(work: Work, found: Attestation) -> dict[str, Any]:
    zone = work.rules.pack.zone
    return {
        "id": found.wire,
        "claims": found.names,
        "quarter": found.quarter,
        "state": found.state(work.now),
        "issued_at": found.issued_at.astimezone(zone),
        "expires_at": found.ends_at.astimezone(zone),
        "ended_at": found.ended_at and found.ended_at.astimezone(zone),
        "why": found.why,
    }


@mine.delete("/v1/me/attestations/<attestation_id>")
@operation("resident", writes=True)
@mine.response(204)
def revoke(work: Work, attestation_id: str) -> None:
    """End one of mine; its status list says so at once, and every cache of it within a minute."""
    identity.require_active(work, work.actor.id)
    service.revoke(work, from_wire("att", attestation_id))


@banks.post("/v1/attestations/verify")
@operation("bank", writes=True)
@banks.arguments(VerifyIn)
@banks.response(200, VerdictOut)
def verify(work: Work, body: dict[str, Any]) -> dict[str, Any]:
    """Whether what I was shown holds, and what it says. The resident's log of disclosures gets a
    row of it; checked offline, it leaves none. The same presentation is valid once: for another
    look, have a new nonce signed."""
    client = identity.acting_client(work)
    bank = house().ports["recipients"](work, client.wire)
    asked = {body["audience"]} if "audience" in body else {client.wire, bank.key}
    keys = house().signing_keys
    found = verifying.verify(work, keys, bank, body["presentation"], asked, body["nonce"])
    return {
        "valid": found.reason is None,
        "reason": found.reason,
        "claims": None if found.reason else found.claims,
        "expires_at": found.ends_at and found.ends_at.astimezone(work.rules.pack.zone),
        "issuer": found.issuer,
        "status": found.status,
    }


@banks.get("/v1/attestations/status/<status_list>")
@operation(None)
@banks.response(200, content_type=statuslist.MEDIA_TYPE)
@banks.alt_response(304, description="Not changed")
def get_status_list(work: Work, status_list: str) -> Response:
    """Which credentials of a list are revoked: a Token Status List, signed. It says nothing of
    whom they belong to, and who reads it tells nobody which one it looks for."""
    text = service.status_list(work, house().signing_keys, _base(work), status_list)
    return cacheable(text, statuslist.FRESH_S, statuslist.MEDIA_TYPE)
