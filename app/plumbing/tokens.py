"""Access tokens: short-lived EdDSA JWTs in the shape of RFC 9068, verified without a look-up."""

import secrets
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import jwt

from app.kernel import Unauthorized
from app.plumbing.keys import SigningKeys

ISSUER = "weitan"
SCOPES = ("resident", "provider", "merchant", "partner", "bank", "operator")
_TYPE = "at+jwt"
_ALGORITHM = "EdDSA"


def issue(
    keys: SigningKeys, now: datetime, seconds: int, scope: str, subject: str, **claims: Any
) -> str:
    """A token for `subject` (a wire id), good for `seconds` from `now`."""
    kid, key = keys.current()
    body = {
        "iss": ISSUER,
        "aud": ISSUER,
        "sub": subject,
        "client_id": claims.pop("client_id", subject),
        "scope": scope,
        "iat": now,
        "exp": now + timedelta(seconds=seconds),
        "jti": secrets.token_urlsafe(12),
    }
    return jwt.encode(body | claims, key, algorithm=_ALGORITHM, headers={"kid": kid, "typ": _TYPE})


def sign(keys: SigningKeys, kind: str, body: dict[str, Any]) -> str:
    """Any statement of ours as a JWS of a media type `kind`, for whoever has our JWKS."""
    kid, key = keys.current()
    headers = {"kid": kid, "typ": kind}
    return jwt.encode({"iss": ISSUER} | body, key, algorithm=_ALGORITHM, headers=headers)


def opened(keys: SigningKeys, kind: str, text: str) -> dict[str, Any] | None:
    """What a statement of ours says; None for one of another media type, or of nobody's of ours.

    Whether its time is over is for the caller to judge.
    """
    try:
        header = jwt.get_unverified_header(text)
        public = keys.public(header.get("kid", ""))
        if public is None or header.get("typ") != kind:
            return None
        return jwt.decode(
            text,
            public,
            algorithms=[_ALGORITHM],
            issuer=ISSUER,
            options={"verify_exp": False, "verify_iat": False, "verify_nbf": False},
        )
    except jwt.PyJWTError:
        return None


def verify(keys: SigningKeys, now: datetime, token: str) -> dict[str, Any]:
    """The claims of a good token. Raises `Unauthorized` (invalid_token) for any other."""
    claims = _claims(keys, token)
    if not claims["iat"] - 60 <= now.timestamp() < claims["exp"]:
        raise Unauthorized("invalid_token", "The access token has expired; get a new one.")
    return claims


@lru_cache(maxsize=4096)
def _claims(keys: SigningKeys, token: str) -> dict[str, Any]:
    # A signature never changes its mind, so it is checked once a process; time is checked each
    # time, above. Keys are only ever added, and a removed one takes a restart.
    try:
        header = jwt.get_unverified_header(token)
        public = keys.public(header.get("kid", ""))
        if public is None or header.get("typ") != _TYPE:
            raise Unauthorized("invalid_token", "The access token was not issued here.")
        return jwt.decode(
            token,
            public,
            algorithms=[_ALGORITHM],
            audience=ISSUER,
            issuer=ISSUER,
            options={
                "verify_exp": False,
                "verify_iat": False,
                "require": ["exp", "iat", "sub", "scope"],
            },
        )
    except jwt.PyJWTError as error:
        raise Unauthorized("invalid_token", "The access token is not valid.") from error


def jwks(keys: SigningKeys) -> dict[str, Any]:
    """The public keys as a JWK set."""
    algorithm = jwt.algorithms.OKPAlgorithm
    return {
        "keys": [
            algorithm.to_jwk(key, as_dict=True) | {"kid": kid, "use": "sig", "alg": _ALGORITHM}
            for kid, key in keys.all_public().items()
        ]
    }
