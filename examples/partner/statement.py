"""Who is this member? A signed statement that the member hands to the city when linking.

A compact JWS (RFC 7515) with HS256, good for a few minutes and once. The phone number is not in
it: only an HMAC of it, which the city makes from the number that it knows, and compares.
"""

import base64
import hashlib
import hmac
import json
import uuid

AUDIENCE = "weitan"
LASTS = 5 * 60  # seconds


def identity(secret: bytes, phone: str) -> str:
    """The blinded phone number, hex; `phone` with its country, as in +8613800138000."""
    return hmac.new(secret, f"v1|identity|phone|{phone}".encode(), hashlib.sha256).hexdigest()


def international(phone: str) -> str:
    """A number as it is blinded: one without a country is of China."""
    return phone if phone.startswith("+") else f"+86{phone}"


def make(secret: bytes, issuer: str, account: str, phone: str, now: int) -> str:
    """The statement that `account` here belongs to whoever has this phone number."""
    claims: dict[str, str | int] = {
        "iss": issuer,
        "aud": AUDIENCE,
        "sub": account,
        "identity": identity(secret, international(phone)),
        "iat": now,
        "exp": now + LASTS,
        "jti": str(uuid.uuid4()),
    }
    signed = f"{_part({'alg': 'HS256', 'typ': 'JWT'})}.{_part(claims)}"
    made = hmac.new(secret, signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{_text(made)}"


def _part(value: dict[str, str | int]) -> str:
    return _text(json.dumps(value, separators=(",", ":")).encode())


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
