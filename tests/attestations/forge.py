"""An issuer and holders for tests of SD-JWT: what is right, and what is made wrong on purpose."""

from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ed25519

from app.attestations import sdjwt

NOW = datetime(2026, 8, 20, 4, tzinfo=UTC)
ISSUER = ed25519.Ed25519PrivateKey.generate()
AUDIENCE, NONCE = "https://bank.example", "n-0S6_WzA2Mj"
CLAIMS = {"grade": "deep", "quarter": "2026Q3", "factor_band": "500-749"}


def issued(claims: dict[str, Any], holder: Any, **changes: Any) -> str:
    payload, disclosures = sdjwt.conceal(claims, 6)
    body = payload | {
        "iss": "https://city.example",
        "iat": NOW,
        "exp": NOW + timedelta(minutes=15),
        "cnf": {"jwk": holder},
    }
    return sdjwt.joined(signed(body | changes), disclosures)


def signed(body: dict[str, Any], key: Any = ISSUER, algorithm: str = "EdDSA", **head: Any) -> str:
    headers = {"typ": "dc+sd-jwt", "kid": "1"} | head
    return jwt.encode(body, key, algorithm=algorithm, headers=headers)


def shown(claims: dict[str, Any] = CLAIMS, **changes: Any) -> str:
    key, holder = sdjwt.one_time_key()
    return sdjwt.bind(issued(claims, holder, **changes), key, AUDIENCE, NONCE, NOW)


def find_key(kid: str) -> Any:
    return ISSUER.public_key() if kid == "1" else None


def bound(
    credential: str, key: Any, algorithm: str = "ES256", typ: str = "kb+jwt", **changes: Any
) -> str:
    body = {
        "iat": int(NOW.timestamp()),
        "aud": AUDIENCE,
        "nonce": NONCE,
        "sd_hash": sdjwt.digest(credential),
    }
    return credential + jwt.encode(body | changes, key, algorithm=algorithm, headers={"typ": typ})


def jwk(key: Any) -> dict[str, Any]:
    kind: Any = jwt.algorithms.ECAlgorithm
    if isinstance(key, ed25519.Ed25519PublicKey):
        kind = jwt.algorithms.OKPAlgorithm
    found: dict[str, Any] = kind.to_jwk(key, as_dict=True)
    return found
