"""Statements of identity: a partner says, signed, whose account this is.

A statement is a compact JWS (HS256 under one of the secrets that the partner's webhooks are signed
with): `iss` the partner's code, `aud` "weitan", `sub` the partner's own account, `identity` the
hex of HMAC-SHA-256(secret, "v1|identity|phone|+86…"), `iat`, `exp` at most ten minutes later,
`jti`. So the two compare a number without either telling it to the other.
"""

import hmac
import re
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, NamedTuple, Protocol

import jwt

from app import webhooks
from app.plumbing.work import Work
from app.settings import Settings

AUDIENCE = "weitan"
LONGEST_ACCOUNT = 200
LONGEST_SECONDS = 600
STATEMENT, TEXT = "statement", "text"
_LEEWAY = 60
_LONGEST_ID = 200
_REQUIRED = ("iss", "aud", "sub", "identity", "iat", "exp", "jti")
# The first part is a JSON object, whose text begins with `{"`.
_SIGNED = re.compile(r"eyJ[\w-]*\.[\w-]*\.[\w-]*", re.ASCII)


class Asked(NamedTuple):
    """Who wants to link what. `phone` is the resident's own number, None where there is none."""

    partner: str
    phone: str | None
    proof: str
    account: str | None


class Used(NamedTuple):
    """What remembers that a statement was used."""

    digest: bytes
    expires_at: datetime


class Match(NamedTuple):
    """The partner's account is the resident's. `used` is to be remembered, whatever follows."""

    account: str
    by: str
    used: Used | None = None


class Fault(NamedTuple):
    """It is not, or nobody can tell. `kind` is for operators; whoever asks hears none of it."""

    kind: str
    used: Used | None = None


class PartnerIdentityPort(Protocol):
    """Whoever can tell that an account at a partner belongs to the resident who asks."""

    def match(self, work: Work, asked: Asked) -> Match | Fault:
        """Within the work that links; it speaks to nobody."""


class Statements:
    """A partner's signed statement, and nothing else."""

    def match(self, work: Work, asked: Asked) -> Match | Fault:
        for secret in webhooks.secrets_of(work, asked.partner):
            claims = _signed(secret, asked.proof)
            if claims is not None:
                return _read(work, secret, claims, asked)
        return Fault("signature")


class AnyProof(Statements):
    """Development: a statement is checked as it is anywhere, other words prove an account."""

    def match(self, work: Work, asked: Asked) -> Match | Fault:
        if _SIGNED.fullmatch(asked.proof.strip()):
            return super().match(work, asked)
        account = asked.account or asked.proof.strip()[:LONGEST_ACCOUNT]
        return Match(account, TEXT) if account and asked.proof.strip() else Fault("proof")


def default_ports(settings: Settings) -> dict[str, Any]:
    """`partner_identity`: statements, and in development any other words too."""
    port: PartnerIdentityPort = Statements() if settings.production else AnyProof()
    return {"partner_identity": port}


def blinded(secret: bytes, phone: str) -> str:
    """How a number of eleven digits is named to the partner that shares this secret."""
    return hmac.new(secret, f"v1|identity|phone|+86{phone}".encode(), sha256).hexdigest()


# Time is the work's, not the machine's; the rest is read once the signature is good.
_UNREAD: Any = dict.fromkeys(
    ("verify_exp", "verify_iat", "verify_nbf", "verify_aud", "verify_iss"), False
) | {"verify_sub": False, "verify_jti": False}


def _signed(secret: bytes, proof: str) -> dict[str, Any] | None:
    """What a statement says that this secret has signed; None for any other text."""
    try:
        return jwt.decode(proof.strip(), secret, algorithms=["HS256"], options=_UNREAD)
    except jwt.PyJWTError:
        return None


def _read(work: Work, secret: bytes, claims: dict[str, Any], asked: Asked) -> Match | Fault:
    """What a well-signed statement says. It counts as used from here on, right or wrong."""
    wrong = _shape(claims)
    if wrong is not None:
        return Fault(wrong)
    used = Used(
        work.keys.fingerprint(f"statement:{asked.partner}", claims["jti"]),
        datetime.fromtimestamp(claims["exp"], UTC),
    )
    checks = {
        "issuer": claims["iss"] == asked.partner,
        "audience": claims["aud"] == AUDIENCE,
        "time": _in_time(work.now, claims["iat"], claims["exp"]),
        "account": asked.account in (None, claims["sub"]),
        "identity": _same(secret, asked.phone, claims["identity"]),
    }
    for kind, good in checks.items():
        if not good:
            return Fault(kind, used if checks["issuer"] and checks["time"] else None)
    return Match(claims["sub"], STATEMENT, used)


def _shape(claims: dict[str, Any]) -> str | None:
    """What a statement fails to say, or says in no form that can be read."""
    if any(name not in claims for name in _REQUIRED):
        return "incomplete"
    texts = [claims[name] for name in ("iss", "aud", "sub", "identity", "jti")]
    if not all(isinstance(each, str) and each.isprintable() for each in texts):
        return "malformed"
    if not all(
        type(claims[name]) is int and 0 <= claims[name] < 1 << 33 for name in ("iat", "exp")
    ):
        return "malformed"
    sizes = ((claims["sub"], LONGEST_ACCOUNT), (claims["jti"], _LONGEST_ID))
    return None if all(0 < len(text) <= most for text, most in sizes) else "malformed"


def _in_time(now: datetime, issued: int, expires: int) -> bool:
    instant = int(now.timestamp())
    return issued <= instant + _LEEWAY and instant < expires and expires - issued <= LONGEST_SECONDS


def _same(secret: bytes, phone: str | None, told: str) -> bool:
    expected = blinded(secret, phone or "")
    return hmac.compare_digest(expected.encode(), told.lower().encode()) and phone is not None
