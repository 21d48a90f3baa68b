"""Values of webhooks: events, how one is said and signed, and when it is tried again."""

import base64
import hmac
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import orjson

from app.kernel import Invalid, to_wire

WAITING, DELIVERED, DEAD = STATES = ("waiting", "delivered", "dead")
GONE = 410  # the endpoint wants no more
THROTTLING = frozenset({429, 503})  # statuses whose Retry-After is for everything we have to say
SECRET_PREFIX = "whsec_"  # noqa: S105 - what every secret begins with
OVERLAP = timedelta(days=1)  # how long the secret before stays good
TRIED_FOR = timedelta(days=1)  # from the first attempt to the last
LONGEST_REST = timedelta(hours=1)  # however long a Retry-After may be

_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052
_SECRET_BYTES = 32
_MOST_URL = 500
# Seconds to the next attempt after each one; the last holds from there on.
_DELAYS = (5, 30, 120, 600, 1800, 3600, 7200, 14400)
_JITTER = 5  # a delay is lengthened by up to a fifth


class Event(NamedTuple):
    """What a party is told. `sequence` counts the party's events from 1, without a gap."""

    id: bytes
    party: str
    type: str
    at: datetime
    sequence: int
    data: Mapping[str, Any]


class Delivery(NamedTuple):
    """What became of an event so far, without what it says.

    `state` is waiting, delivered or dead; `last_status` the HTTP status of the last attempt, None
    when nothing was answered.
    """

    id: bytes
    party: str
    type: str
    at: datetime
    sequence: int | None
    state: str
    attempts: int
    due_at: datetime
    last_tried_at: datetime | None
    last_status: int | None


class Endpoint(NamedTuple):
    """Where a party is told. Disabled once it answered 410, until it is registered again."""

    url: str
    registered_at: datetime
    disabled_at: datetime | None


class Answer(NamedTuple):
    """What an attempt came to. `status` None: no answer, for the reason in `why`."""

    status: int | None
    retry_after: timedelta | None = None
    why: str = ""

    @property
    def good(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


class Turn(NamedTuple):
    """An event whose turn has come, and how often it was tried before."""

    event: Event
    attempts: int
    first_tried_at: datetime | None


class Next(NamedTuple):
    """What follows from an attempt: the state, and when a waiting event is due again."""

    state: str
    due_at: datetime


def told(event: Event, zone: tzinfo) -> dict[str, Any]:
    """An event as its party reads it: the body of a webhook, an item of a list."""
    return {
        "type": event.type,
        "timestamp": event.at.astimezone(zone).isoformat(),
        "party": event.party,
        "sequence": event.sequence,
        "id": to_wire("evt", event.id),
        "data": event.data,
    }


def body(event: Event, zone: tzinfo) -> bytes:
    """The bytes that are sent, the same at every attempt."""
    return orjson.dumps(told(event, zone))


def headers(event_id: str, body: bytes, at: datetime, keys: Sequence[bytes]) -> dict[str, str]:
    """The headers of one attempt, signed with every key that is good."""
    second = int(at.timestamp())
    signed = b"%b.%d.%b" % (event_id.encode(), second, body)
    signatures = [base64.b64encode(hmac.digest(key, signed, "sha256")).decode() for key in keys]
    return {
        "content-type": "application/json",
        "webhook-id": event_id,
        "webhook-timestamp": str(second),
        "webhook-signature": " ".join(f"v1,{each}" for each in signatures),
    }


def new_secret() -> str:
    """A secret as its party keeps it: `whsec_` and 32 random bytes in base64."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def key_of(secret: str) -> bytes:
    """The bytes that sign."""
    return base64.b64decode(secret.removeprefix(SECRET_PREFIX))


def following(turn: Turn, answer: Answer, now: datetime) -> Next:
    """What follows from an attempt made now.

    A last attempt is made when the day is over, not before. An endpoint that is gone leaves its
    events waiting for another one.
    """
    if answer.good:
        return Next(DELIVERED, now)
    if answer.status == GONE:
        return Next(WAITING, now)
    last = (turn.first_tried_at or now) + TRIED_FOR
    if now >= last:
        return Next(DEAD, now)
    wait = max(_delay(turn.attempts), rest(answer) or timedelta())
    return Next(WAITING, min(now + wait, last))


def rest(answer: Answer) -> timedelta | None:
    """How long nothing at all is to be sent after this answer."""
    if answer.status not in THROTTLING or answer.retry_after is None:
        return None
    return min(answer.retry_after, LONGEST_REST)


def _delay(attempts: int) -> timedelta:
    """After so many attempts before this one."""
    seconds = _DELAYS[min(attempts, len(_DELAYS) - 1)]
    return timedelta(milliseconds=seconds * 1000 + secrets.randbelow(seconds * 1000 // _JITTER))


def check_url(url: str, inside: bool) -> None:
    """Whether webhooks may go there. Raises Invalid (bad_url).

    `inside` allows http and the addresses of a private network; otherwise https only, and what a
    name leads to is looked at again at every attempt.
    """
    try:
        parts = urlsplit(url)
        good = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        good = False
    else:
        good = good and parts.scheme in ({"http", "https"} if inside else {"https"})
        good = good and not (parts.username or parts.password or parts.fragment)
        good = good and (inside or not _inside(parts.hostname or ""))
    if not good or len(url) > _MOST_URL or not url.isascii() or not url.isprintable() or " " in url:
        raise Invalid("bad_url", "An https address with a host is wanted, without user or #.")


def _inside(host: str) -> bool:
    try:
        return not public(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def public(address: str) -> bool:
    """Whether an IP address is anybody's on the internet, not this machine's or a private
    network's. Raises ValueError when it is no address."""
    found = ip_address(address)
    if isinstance(found, IPv6Address):
        found = _behind(found) or found
    inner = found.is_multicast or found.is_reserved or getattr(found, "is_site_local", False)
    return found.is_global and not inner


def _behind(found: IPv6Address) -> IPv4Address | None:
    """The older address that a newer one leads to: mapped, by 6to4 or through NAT64."""
    if found in _NAT64:
        return IPv4Address(int(found) & 0xFFFF_FFFF)
    return found.ipv4_mapped or found.sixtofour
