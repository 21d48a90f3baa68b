"""Values of identity: residents, persons, clients, grants, and the small laws about them."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple, Protocol

from app.kernel import Forbidden, Malformed, Unauthorized

PHONE_LEVEL = "phone"
REAL_NAME = "real_name"
LEVELS = (PHONE_LEVEL, REAL_NAME)

SCOPES = ("provider", "merchant", "partner", "bank", "operator")
KINDS = ("government", "utility", "bank", "clearing", "other")
# RFC 7523: how an assertion says that it is one.
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
DOCUMENTS = ("agreement", "notice")

GUARDIAN_UNDER = 14
EARLIEST_BIRTH_YEAR = 1900

_MOBILE = re.compile(r"(?:\+86)?(1[3-9][0-9]{9})")


class Person(NamedTuple):
    """Who a person port says somebody is.

    `key` tells persons apart and is the same at every look: the number itself at level `phone`, an
    identity number or a token for one at level `real_name`. `number_since` is the day from which
    the port knows this person to hold the number, None when it cannot tell.
    """

    key: str
    level: str
    number_since: date | None = None


class PersonPort(Protocol):
    """Whoever can name the natural person behind a number and a proof."""

    def identify(self, phone: str, proof: str | None) -> Person:
        """Without a proof level `phone`. Raises Forbidden for a bad proof, Unavailable."""


class SmsPort(Protocol):
    """Whoever can carry a one-time code to a number. Raises Unavailable."""

    def send(self, phone: str, code: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Resident:
    """One account. `phone_sealed` is the encrypted number; None where it has none any more."""

    id: bytes
    status: str
    level: str
    person_key: bytes | None
    phone_key: bytes | None
    phone_sealed: bytes | None
    phone_seen_at: datetime | None
    birth_year: int | None
    district: str | None
    opened_at: datetime
    earning_frozen: bool
    spending_frozen: bool

    @property
    def open(self) -> bool:
        return self.status == "open"

    def phone_idle(self, now: datetime, days: int) -> bool:
        """True when the number was last proven more than `days` ago: it may be another's now."""
        return self.phone_seen_at is not None and now - self.phone_seen_at > timedelta(days=days)


@dataclass(frozen=True, slots=True)
class Profile:
    """What a resident sees of the own account; the number is masked."""

    id: bytes
    level: str
    phone: str | None
    birth_year: int | None
    district: str | None
    opened_at: datetime
    earning_frozen: bool
    spending_frozen: bool


@dataclass(frozen=True, slots=True)
class Document:
    """A published version of the agreement or the notice; `hash` is the SHA-256 of its text."""

    document: str
    version: str
    hash: bytes
    text: str


@dataclass(frozen=True, slots=True)
class Client:
    """A company's program. `behaviours` None: no restriction (providers only)."""

    id: bytes
    wire: str
    scope: str
    name: str
    kind: str
    behaviours: frozenset[str] | None
    active: bool

    def may_report(self, behaviour: str) -> bool:
        return self.behaviours is None or behaviour in self.behaviours


class ClientKey(NamedTuple):
    """A public key that a client signs assertions with; `jwk` is its JSON."""

    kid: str
    jwk: str


@dataclass(frozen=True, slots=True)
class SignIn:
    """One sign-in and the family of refresh tokens that grew from it, at one of its tokens."""

    id: bytes
    resident_id: bytes
    ended: bool
    token_used: bool
    token_expires_at: datetime


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody signed in to the pages, until an instant. `subject` is the resident or the client,
    `wire` the same id as `res_…` or `cli_…`."""

    scope: str
    subject: bytes
    wire: str
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Code:
    """The newest one-time code of a number, as a keyed hash."""

    code_hash: bytes
    attempts: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token request was given: whose token, of which scope, and how to renew it."""

    scope: str
    subject: str
    refresh_token: str | None = None


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """A token request as it came; what a grant type does not use is ignored."""

    grant_type: str | None = None
    phone: str | None = None
    code: str | None = None
    proof: str | None = None
    accept: dict[str, str] | None = None
    refresh_token: str | None = None
    client_id: str | None = None
    client_secret: str | None = None
    client_assertion_type: str | None = None
    client_assertion: str | None = None


def phone_number(text: str) -> str | None:
    """The eleven digits of a mainland mobile number, with or without +86; None for any other."""
    found = _MOBILE.fullmatch(text)
    return found[1] if found else None


def masked(phone: str) -> str:
    """13812345678 → 138****5678."""
    return f"{phone[:3]}****{phone[-4:]}"


def needs_guardian(birth_year: int, today: date) -> bool:
    """True for a birth year of which nobody is 14 before this year ends."""
    return today.year - birth_year < GUARDIAN_UNDER


def adopts(holder: Resident, person: Person, now: datetime, idle_days: int) -> bool:
    """May a newly proven person take over the account that so far stood on the number alone?

    An account known by its number belongs to whoever holds the number, until the number has slept
    so long that it may have been given to somebody else: then the port must know that this person
    held it when the account was opened.
    """
    if holder.level != PHONE_LEVEL:
        return False
    if not holder.phone_idle(now, idle_days):
        return True
    return person.number_since is not None and person.number_since <= holder.opened_at.date()


def invalid_grant(detail: str) -> Malformed:
    """RFC 6749 section 5.2, as a problem document with the member `error` beside it."""
    return Malformed("invalid_grant", detail, error="invalid_grant")


def invalid_request(detail: str) -> Malformed:
    """Something the grant type needs is missing or unreadable."""
    return Malformed("invalid_request", detail, error="invalid_request")


def unsupported_grant_type(detail: str) -> Malformed:
    """A grant type that is not given here."""
    return Malformed("unsupported_grant_type", detail, error="unsupported_grant_type")


def invalid_client(detail: str) -> Unauthorized:
    """A client that is unknown, switched off, or has a wrong secret or key: all look alike."""
    challenge = 'Basic realm="weitan", charset="UTF-8"'
    return Unauthorized("invalid_client", detail, error="invalid_client", challenge=challenge)


def account_closed() -> Unauthorized:
    """A token outlived its account."""
    return Unauthorized("account_closed", "This account has been closed.")


def step_up_required() -> Forbidden:
    """The number alone no longer says who holds it."""
    return Forbidden(
        "step_up_required",
        "This number has not been used for long; prove who you are once more (proof).",
    )
