"""Who sent this? Signatures of the city's webhooks, by the Standard Webhooks specification 1.0.0.

Signed is `{webhook-id}.{webhook-timestamp}.{body}`, the body as the very bytes that came, with
HMAC-SHA-256; the header `webhook-signature` holds one or more `v1,<base64>` with spaces between,
several while a secret is being changed. One that fits is enough.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping

TOLERANCE = 5 * 60  # seconds a timestamp may be away from our clock, either way
_PREFIX = "whsec_"
_LONGEST = 12  # digits of a timestamp


class Refused(Exception):
    """Not to be believed; the first argument says why: `unsigned`, `old` or `forged`."""


def secret_bytes(text: str) -> bytes:
    """The key in `whsec_…`. Raises ValueError."""
    if not text.startswith(_PREFIX):
        raise ValueError("A webhook secret begins with whsec_.")
    try:
        return base64.b64decode(text.removeprefix(_PREFIX), validate=True)
    except ValueError as error:
        raise ValueError("What follows whsec_ is base64.") from error


def sign(secret: bytes, name: str, timestamp: str, body: bytes) -> str:
    """The signature of one attempt to send the event `name`: `v1,<base64>`."""
    signed = b".".join((name.encode(), timestamp.encode(), body))
    made = hmac.new(secret, signed, hashlib.sha256).digest()
    return "v1," + base64.b64encode(made).decode()


def verify(secrets: Iterable[bytes], headers: Mapping[str, str], body: bytes, now: int) -> str:
    """The id of the event, once it is sure that the city sent it. Raises Refused.

    `headers` by small letters; `now` in seconds of Unix time. Every secret is compared with every
    signature, in constant time, so that nothing can be learnt from how long it takes.
    """
    name = headers.get("webhook-id", "")
    timestamp = headers.get("webhook-timestamp", "")
    given = headers.get("webhook-signature", "").split()
    if not (name and given and _plain(timestamp)):
        raise Refused("unsigned")
    right = False
    for secret in secrets:
        ours = sign(secret, name, timestamp, body).encode()
        for theirs in given:
            right |= hmac.compare_digest(ours, theirs.encode())
    if not right:
        raise Refused("forged")
    if abs(now - int(timestamp)) > TOLERANCE:
        raise Refused("old")
    return name


def _plain(timestamp: str) -> bool:
    return timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= _LONGEST
