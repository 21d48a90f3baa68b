"""Use cases of a client's own keys: it signs for itself instead of sending a secret (RFC 7523).

An assertion is a JWT signed by a key whose public half is registered: `iss` and `sub` the client's
id, `aud` "weitan" or the token endpoint's address, `exp` at most ten minutes ahead, and a `jti`
that is good once. Where a client has several keys the header names one by its `kid`.
"""

import base64
import json
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from app.identity import keyring, store
from app.identity.model import Client, ClientKey, Grant, invalid_client
from app.kernel import Conflict, Invalid, NotFound, Unauthorized, from_wire
from app.plumbing import tokens
from app.plumbing.work import Work

_LONGEST_SECONDS = 600
_LEEWAY = 60
_LONGEST_ID = 200
_MOST_KEYS = 2  # the one in use, and the one that follows it
_LEAST_RSA_BITS = 2048
_LATEST = 1 << 33  # seconds since 1970; what is later is no instant
Public = ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey | rsa.RSAPublicKey


# The keys.


def add_key(work: Work, wire: str, text: str) -> ClientKey:
    """Register a public key (PEM or JWK) of a client.

    Raises NotFound (unknown_client), Invalid (bad_key), Conflict (key_known, too_many_keys).
    """
    client_id, new = _known(work, wire), read_key(text)
    if len(keyring.keys(work, client_id)) >= _MOST_KEYS:
        raise Conflict("too_many_keys", f"A client has {_MOST_KEYS} keys at most: remove one.")
    if not keyring.add_key(work, client_id, new):
        raise Conflict("key_known", f"This client has a key {new.kid} already.")
    return new


def remove_key(work: Work, wire: str, kid: str) -> None:
    """Take a key from a client, at once. Raises NotFound (unknown_client, unknown_key)."""
    client_id = _known(work, wire)
    if not keyring.remove_key(work, client_id, kid):
        raise NotFound("unknown_key", f"This client has no key {kid}.")


def keys_of(work: Work, wire: str) -> list[ClientKey]:
    """The public keys of a client, oldest first. Raises NotFound (unknown_client)."""
    return keyring.keys(work, _known(work, wire))


def _known(work: Work, wire: str) -> bytes:
    raw = from_wire("cli", wire)
    if raw is None or store.find_client(work, raw) is None:
        raise NotFound("unknown_client", "There is no such client.")
    return raw


def read_key(text: str) -> ClientKey:
    """A public key as a file holds it: PEM or one JWK. Raises Invalid (bad_key)."""
    try:
        told = json.loads(text) if text.lstrip().startswith("{") else {}
        if "d" in told or "PRIVATE" in text:
            raise _bad_key("That is a private key: keep it, and register its public half.")
        public = jwt.PyJWK(told, _algorithm(told)).key if told else _from_pem(text)
        jwk = _jwk(public)
    except (ValueError, TypeError, UnsupportedAlgorithm, jwt.PyJWTError) as error:
        raise _bad_key("A public key is wanted, as PEM or JWK.") from error
    kid = told.get("kid") or _thumbprint(jwk)
    if not isinstance(kid, str) or not kid.isprintable() or len(kid) > 100:
        raise _bad_key("A key's id has 1 to 100 printable characters.")
    return ClientKey(kid, json.dumps(jwk, sort_keys=True))


def _bad_key(detail: str) -> Invalid:
    return Invalid("bad_key", detail)


def _from_pem(text: str) -> Any:
    return serialization.load_pem_public_key(text.encode())


def _algorithm(jwk: dict[str, Any]) -> str:
    found = {"OKP": "EdDSA", "EC": "ES256", "RSA": "PS256"}.get(str(jwk.get("kty")))
    if found is None:
        raise _bad_key("A JWK of kty OKP, EC or RSA is wanted.")
    return found


def _jwk(public: Any) -> dict[str, Any]:
    """The key's own numbers and no more. Raises Invalid for a kind that signs nothing here."""
    if isinstance(public, ed25519.Ed25519PublicKey):
        return jwt.algorithms.OKPAlgorithm.to_jwk(public, as_dict=True)
    if isinstance(public, ec.EllipticCurvePublicKey) and isinstance(public.curve, ec.SECP256R1):
        return jwt.algorithms.ECAlgorithm.to_jwk(public, as_dict=True)
    if isinstance(public, rsa.RSAPublicKey) and public.key_size >= _LEAST_RSA_BITS:
        found = jwt.algorithms.RSAAlgorithm.to_jwk(public, as_dict=True)
        return {name: found[name] for name in ("kty", "n", "e")}
    raise _bad_key("Ed25519, P-256, or RSA of 2048 bits and more.")


def _thumbprint(jwk: dict[str, Any]) -> str:
    """RFC 7638: the same key has the same id, whoever computes it."""
    text = json.dumps(jwk, sort_keys=True, separators=(",", ":"))
    return base64.urlsafe_b64encode(sha256(text.encode()).digest()).decode().rstrip("=")


# Signing in with one.


def by_assertion(work: Work, text: str, here: str, wire: str | None = None) -> Grant:
    """A grant for the client that signed this assertion, used up by it.

    `here` is the token endpoint's address, `wire` the client's id where the request names one.
    Raises Unauthorized (invalid_client), whatever was wrong.
    """
    client, claims = _signed(work, text)
    good = (
        claims.get("iss") == claims.get("sub") == client.wire
        and wire in (None, client.wire)
        and _for_us(claims.get("aud"), here)
        and _in_time(work.now, claims)
        and _named(claims.get("jti"))
    )
    if not good or not client.active:
        raise _refused()
    digest = work.keys.fingerprint("assertion", claims["jti"])
    if not keyring.use(work, client.id, digest, datetime.fromtimestamp(claims["exp"], UTC)):
        raise _refused()
    return Grant(client.scope, client.wire)


def _refused() -> Unauthorized:
    return invalid_client(
        "Sign an assertion with a registered key: iss and sub are the client's id, aud is"
        f" {tokens.ISSUER!r} or this address, exp is at most ten minutes ahead, jti is new."
    )


# Time is the work's, not the machine's; the rest is read once the signature is good.
_UNREAD: Any = dict.fromkeys(
    ("verify_exp", "verify_iat", "verify_nbf", "verify_aud", "verify_iss"), False
) | {"verify_sub": False, "verify_jti": False}


def _signed(work: Work, text: str) -> tuple[Client, dict[str, Any]]:
    """Whose assertion this is and what it says, once one of the client's keys has verified it."""
    try:
        header = jwt.get_unverified_header(text)
        told = jwt.decode(text, options={"verify_signature": False})
        raw = from_wire("cli", str(told.get("sub")))
        found = store.find_client(work, raw) if raw else None
        key = None if found is None else _key(work, found[0].id, header.get("kid"))
        if found is None or key is None:
            raise _refused()
        kind = json.loads(key.jwk)
        allowed = {"OKP": ["EdDSA"], "EC": ["ES256"], "RSA": ["PS256", "RS256"]}[kind["kty"]]
        public = jwt.PyJWK(kind, allowed[0]).key
        return found[0], jwt.decode(text, public, algorithms=allowed, options=_UNREAD)
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise _refused() from error


def _key(work: Work, client_id: bytes, kid: object) -> ClientKey | None:
    known = keyring.keys(work, client_id)
    if kid is None:
        return known[0] if len(known) == 1 else None
    return next((each for each in known if each.kid == kid), None)


def _for_us(audience: object, here: str) -> bool:
    told = audience if isinstance(audience, list) else [audience]
    return tokens.ISSUER in told or here in told


def _in_time(now: datetime, claims: dict[str, Any]) -> bool:
    instant = int(now.timestamp())
    told = [claims.get("exp"), claims.get("nbf", instant), claims.get("iat", instant)]
    if not all(type(each) is int and 0 <= each < _LATEST for each in told):
        return False
    ends, begins, made = map(int, told)
    ahead = instant + _LEEWAY
    return instant < ends <= instant + _LONGEST_SECONDS and begins <= ahead and made <= ahead


def _named(jti: object) -> bool:
    return isinstance(jti, str) and 0 < len(jti) <= _LONGEST_ID and jti.isprintable()
