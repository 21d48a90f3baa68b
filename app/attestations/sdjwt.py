"""SD-JWT (RFC 9901): credentials whose claims stand apart from the signature, bound to a key. Pure.

A credential is `jwt~disclosure~…~`: the issuer's JWT holds digests, each disclosure is a salt, a
name and a value. Whoever shows it adds a key binding JWT, signed with the holder's key for one
audience and nonce: a presentation, `jwt~disclosure~…~binding`. Keys are JWKs, Ed25519 or P-256.
"""

import base64
import json
import re
import secrets
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

CREDENTIAL, BINDING = "dc+sd-jwt", "kb+jwt"
HASH = "sha-256"
_SALT_BYTES = 16
_LEEWAY_S = 60
_RESERVED = {"_sd", "..."}
_UNREADABLE = (jwt.PyJWTError, ValueError, TypeError, KeyError, RecursionError)
_COORDINATE = re.compile(r"[\w-]{43}", re.ASCII)
# A kind of key, as its JWK says it → the one algorithm that it signs with, and its public members.
_KINDS = {
    ("OKP", "Ed25519"): ("EdDSA", ("kty", "crv", "x")),
    ("EC", "P-256"): ("ES256", ("kty", "crv", "x", "y")),
}
# Time is the caller's, not the machine's; the rest is read once the signature is good.
_UNREAD: Any = dict.fromkeys(
    ("verify_exp", "verify_iat", "verify_nbf", "verify_aud", "verify_iss"), False
) | {"verify_sub": False, "verify_jti": False}

FindKey = Callable[[str], Any]


class Unconvincing(Exception):
    """A presentation that proves nothing; `reason` is one of the words of `check`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Presentation(NamedTuple):
    """The parts of a presentation, not verified. `binding` is empty in a mere credential."""

    credential: str
    disclosures: tuple[str, ...]
    binding: str

    @property
    def shown(self) -> str:
        """What a key binding signs the hash of."""
        return joined(self.credential, self.disclosures)


class Proof(NamedTuple):
    """What a good presentation says: the issuer's claims with those disclosed (no `_sd` is left),
    and whom and what it was made for."""

    claims: dict[str, Any]
    audience: str
    nonce: str
    hash: str


# Issuing.


def conceal(claims: Mapping[str, Any], size: int) -> tuple[dict[str, Any], list[str]]:
    """The members of a payload that stand for these claims, and their disclosures.

    Decoys fill the digests up to `size`, so their number does not show. Raises ValueError for a
    reserved name, or for more claims than that.
    """
    if _RESERVED & claims.keys() or len(claims) > size:
        raise ValueError("a reserved name, or too many claims")
    disclosures = [_disclosure(name, value) for name, value in claims.items()]
    digests = [digest(each) for each in disclosures]
    # A decoy is the hash of something random, as a digest is: nobody can tell them apart.
    digests += [digest(_salt()) for _ in range(size - len(digests))]
    return {"_sd": sorted(digests), "_sd_alg": HASH}, disclosures


def _disclosure(name: str, value: Any) -> str:
    plain = json.dumps([_salt(), name, value], ensure_ascii=False, separators=(",", ":"))
    return _base64(plain.encode())


def _salt() -> str:
    return _base64(secrets.token_bytes(_SALT_BYTES))


def digest(text: str) -> str:
    """The hash of a disclosure, or of whatever else RFC 9901 hashes, as it writes it."""
    return _base64(sha256(text.encode()).digest())


def joined(credential: str, disclosures: Sequence[str]) -> str:
    """`jwt~disclosure~…~`."""
    return "~".join((credential, *disclosures, ""))


def public_key(told: Mapping[str, Any]) -> dict[str, str] | None:
    """The public members of a holder's JWK; None for another kind of key, or one that is none."""
    algorithm, members = _KINDS.get((str(told.get("kty")), str(told.get("crv"))), ("", ()))
    found = {name: str(told.get(name)) for name in members}
    if not algorithm or not all(_COORDINATE.fullmatch(found[each]) for each in members[2:]):
        return None
    try:
        jwt.PyJWK(found, algorithm)  # refuses, say, a point that is not on the curve
    except _UNREADABLE:
        return None
    return found


def one_time_key() -> tuple[Any, dict[str, str]]:
    """A private key of P-256, which every verifier knows, and its JWK."""
    key = ec.generate_private_key(ec.SECP256R1())
    told = jwt.algorithms.ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return key, {name: told[name] for name in ("kty", "crv", "x", "y")}


def bind(credential: str, key: Any, audience: str, nonce: str, now: datetime) -> str:
    """A presentation of a credential (`jwt~…~`), for one audience and nonce, by a P-256 key."""
    body = {
        "iat": int(now.timestamp()),
        "aud": audience,
        "nonce": nonce,
        "sd_hash": digest(credential),
    }
    return credential + jwt.encode(body, key, algorithm="ES256", headers={"typ": BINDING})


# Checking.


def parse(text: str) -> Presentation:
    """The parts of a presentation. Raises Unconvincing (malformed, no_key_binding)."""
    credential, *disclosures = text.split("~")
    if not disclosures or not all(disclosures[:-1]) or not text.isascii():
        raise Unconvincing("malformed")
    if not disclosures[-1]:
        raise Unconvincing("no_key_binding")
    return Presentation(credential, tuple(disclosures[:-1]), disclosures[-1])


def check(text: str, find_key: FindKey, now: datetime) -> Proof:
    """What a presentation proves at an instant, to whomever it was made for.

    `find_key` gives the issuer's Ed25519 key of a key id, or None. Raises Unconvincing: malformed,
    no_key_binding, unknown_issuer_key, bad_signature (the issuer's, the holder's, or of other
    disclosures than these), expired, not_yet. The caller looks at audience, nonce and status.
    """
    found = parse(text)
    payload = _issued(found.credential, find_key)
    try:
        claims = reveal(payload, found.disclosures)
        bound = _bound(found, claims)
        begins, ends, bound_at = claims["iat"], claims["exp"], bound["iat"]
        proof = Proof(claims, bound["aud"], bound["nonce"], bound["sd_hash"])
    except _UNREADABLE as error:
        raise Unconvincing("malformed") from error
    if not all(type(each) is int for each in (begins, ends, bound_at)):
        raise Unconvincing("malformed")
    if not all(isinstance(each, str) for each in proof[1:]):
        raise Unconvincing("malformed")
    if proof.hash != digest(found.shown):
        raise Unconvincing("bad_signature")
    instant = int(now.timestamp())
    if max(begins, bound_at) > instant + _LEEWAY_S:
        raise Unconvincing("not_yet")
    if instant >= ends:
        raise Unconvincing("expired")
    return proof


def _issued(credential: str, find_key: FindKey) -> dict[str, Any]:
    try:
        header = jwt.get_unverified_header(credential)
        if header.get("typ") != CREDENTIAL:
            raise Unconvincing("malformed")
        key = find_key(str(header.get("kid", "")))
    except _UNREADABLE as error:
        raise Unconvincing("malformed") from error
    if key is None:
        raise Unconvincing("unknown_issuer_key")
    return _signed(credential, key, "EdDSA")


def _bound(found: Presentation, claims: Mapping[str, Any]) -> dict[str, Any]:
    told = claims["cnf"]["jwk"]
    holder = public_key(told)
    if holder is None or jwt.get_unverified_header(found.binding).get("typ") != BINDING:
        raise Unconvincing("malformed")
    algorithm, _ = _KINDS[holder["kty"], holder["crv"]]
    return _signed(found.binding, jwt.PyJWK(holder, algorithm).key, algorithm)


def _signed(text: str, key: Any, algorithm: str) -> dict[str, Any]:
    """The key says which algorithm it is for; what the header says must be that one."""
    try:
        return jwt.decode(text, key, algorithms=[algorithm], options=_UNREAD)
    except _UNREADABLE as error:
        raise Unconvincing("bad_signature") from error


def reveal(payload: Mapping[str, Any], disclosures: Sequence[str]) -> dict[str, Any]:
    """A payload with what its disclosures say put in (RFC 9901, 7.1).

    Raises ValueError: another hash, a digest that occurs twice, a disclosure that no digest stands
    for or that occurs twice, one that is none, a reserved name or one that is there already.
    """
    if payload.get("_sd_alg", HASH) != HASH:
        raise ValueError("another hash")
    told = {digest(each): each for each in disclosures}
    met: Counter[str] = Counter()
    found: dict[str, Any] = _object(payload, told, met)
    if len(told) != len(disclosures) or not told.keys() <= met.keys():
        raise ValueError("a disclosure that no digest stands for, or one told twice")
    if max(met.values(), default=0) > 1:
        raise ValueError("a digest occurs twice")
    found.pop("_sd_alg", None)
    return found


def _plain(node: Any, told: Mapping[str, str], met: Counter[str]) -> Any:
    if isinstance(node, Mapping):
        return _object(node, told, met)
    return _array(node, told, met) if isinstance(node, list) else node


def _object(node: Mapping[str, Any], told: Mapping[str, str], met: Counter[str]) -> dict[str, Any]:
    found = {name: _plain(value, told, met) for name, value in node.items() if name != "_sd"}
    for each in _texts(node.get("_sd", [])):
        met[each] += 1
        if each in told and met[each] == 1:
            _, name, value = _read(told[each], 3)
            if not isinstance(name, str) or name in _RESERVED or name in found:
                raise ValueError("a reserved name, or one that is there already")
            found[name] = _plain(value, told, met)
    return found


def _array(node: list[Any], told: Mapping[str, str], met: Counter[str]) -> list[Any]:
    found = []
    for each in node:
        if not (isinstance(each, Mapping) and each.keys() == {"..."}):
            found.append(_plain(each, told, met))
            continue
        (name,) = _texts([each["..."]])
        met[name] += 1
        if name in told and met[name] == 1:
            found.append(_plain(_read(told[name], 2)[1], told, met))
    return found


def _texts(node: Any) -> list[str]:
    if not isinstance(node, list) or not all(isinstance(each, str) for each in node):
        raise ValueError("digests are texts")
    return node


def _read(disclosure: str, length: int) -> list[Any]:
    parts = json.loads(base64.urlsafe_b64decode(disclosure + "=" * (-len(disclosure) % 4)))
    if not isinstance(parts, list) or len(parts) != length:
        raise ValueError("not a disclosure")
    return parts


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
