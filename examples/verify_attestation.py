"""A bank that is not connected checks what a resident shows: with the city's public keys and a
status list, and without telling the city who was shown what.

    python examples/verify_attestation.py --issuer https://city.example \\
        --audience bank_of_the_sea --nonce 6f1d0c2e PRESENTATION

You made the nonce up for this one showing, and the resident's app bound the presentation to it and
to your name; accept no other, and no nonce twice. Both things that are fetched may be kept: the
keys for a day, the list for as long as its `ttl` says. What is printed is all that is disclosed.
Needs PyJWT with cryptography, and nothing of this project. Exit 0: it holds.
"""

import argparse
import base64
import json
import sys
import time
import urllib.request
import zlib
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import jwt

_OURS = {"_sd", "_sd_alg", "iss", "iat", "exp", "vct", "cnf", "status"}
_ALGORITHMS = {"P-256": "ES256", "Ed25519": "EdDSA"}

Fetch = Callable[[str], str]


class DoesNotHold(Exception):
    """The presentation proves nothing; the text says why."""


def verify(text: str, issuer: str, audience: str, nonce: str, fetch: Fetch) -> dict[str, Any]:
    """What a presentation (`jwt~disclosure~…~binding`) says. Raises DoesNotHold, or what PyJWT
    raises for a signature or a time that is not right."""
    credential, *disclosures, binding = text.split("~")
    keys = jwt.PyJWKSet.from_json(fetch(f"{issuer}/.well-known/jwks.json"))
    payload = _signed(credential, keys, issuer, "dc+sd-jwt")
    _bound(text.removesuffix(binding), binding, payload["cnf"]["jwk"], audience, nonce)
    claims = _disclosed(payload, disclosures)
    _not_revoked(payload["status"]["status_list"], keys, issuer, fetch)
    return claims


def _signed(token: str, keys: jwt.PyJWKSet, issuer: str, kind: str) -> dict[str, Any]:
    """What the city signed, as this kind of token and no other."""
    header = jwt.get_unverified_header(token)
    if header.get("typ") != kind:
        raise DoesNotHold(f"this is no {kind}")
    found: dict[str, Any] = jwt.decode(
        token,
        keys[header["kid"]],
        algorithms=["EdDSA"],
        issuer=issuer,
        leeway=60,
        options={"require": ["iat", "exp", "iss"]},
    )
    return found


def _bound(shown: str, binding: str, holder: dict[str, str], audience: str, nonce: str) -> None:
    """The holder of the credential's key meant it for us, now, with these disclosures."""
    if jwt.get_unverified_header(binding).get("typ") != "kb+jwt":
        raise DoesNotHold("the holder has not signed it")
    algorithm = _ALGORITHMS[holder["crv"]]
    told = jwt.decode(
        binding,
        jwt.PyJWK(holder, algorithm),
        algorithms=[algorithm],
        audience=audience,
        leeway=60,
        options={"require": ["iat", "aud", "nonce", "sd_hash"]},
    )
    if told["nonce"] != nonce:
        raise DoesNotHold("it answers another nonce")
    if told["sd_hash"] != _hash(shown):
        raise DoesNotHold("the holder has signed other disclosures")


def _disclosed(payload: dict[str, Any], disclosures: list[str]) -> dict[str, Any]:
    """The claims whose digests the city signed; this kind of credential has no nested ones."""
    if payload["_sd_alg"] != "sha-256" or len({*disclosures}) < len(disclosures):
        raise DoesNotHold("another hash, or a disclosure told twice")
    claims: dict[str, Any] = {}
    for each in disclosures:
        _, name, value = json.loads(_bytes(each))
        if payload["_sd"].count(_hash(each)) != 1 or name in _OURS | claims.keys() | {"..."}:
            raise DoesNotHold("a disclosure that the city has not signed")
        claims[name] = value
    return claims


def _not_revoked(status: dict[str, Any], keys: jwt.PyJWKSet, issuer: str, fetch: Fetch) -> None:
    """The bit of this credential in the city's list is 0. Whoever fetches the list names none."""
    uri, place = status["uri"], status["idx"]
    if not uri.startswith(f"{issuer}/"):
        raise DoesNotHold("its status is not the city's to say")
    told = _signed(fetch(uri), keys, issuer, "statuslist+jwt")
    bits = zlib.decompress(_bytes(told["status_list"]["lst"]))
    if told["sub"] != uri or bits[place // 8] >> place % 8 & 1:
        raise DoesNotHold("it is revoked")


def _hash(text: str) -> str:
    return base64.urlsafe_b64encode(sha256(text.encode()).digest()).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _fetch(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as answer:
        found: bytes = answer.read()
    return found.decode()


def main() -> int:
    """Print what is disclosed, or why it does not hold."""
    parser = argparse.ArgumentParser(description="Check a resident's presentation, offline.")
    for name in ("issuer", "audience", "nonce"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("presentation", help="as scanned, or - for standard input")
    asked = parser.parse_args()
    text = sys.stdin.read() if asked.presentation == "-" else asked.presentation
    whole = (text.strip(), asked.issuer.rstrip("/"), asked.audience, asked.nonce)
    try:
        claims = verify(*whole, _fetch)
    except (DoesNotHold, jwt.PyJWTError, LookupError, TypeError, ValueError) as error:
        print(json.dumps({"valid": False, "reason": str(error)}))
        return 1
    print(json.dumps({"valid": True, "claims": claims, "checked_at": int(time.time())}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
