"""Token Status List: which credentials of a list are revoked, one bit each. Pure.

Bits count from the least significant one of each byte, and are packed by zlib: 0 is valid, 1 not.
"""

import base64
import zlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

TYPE = "statuslist+jwt"
MEDIA_TYPE = f"application/{TYPE}"
# A cache on the way may hold a list for so long, and a verifier for as long again: together they
# see a revocation within a minute.
FRESH_S = 30
_GOOD_S = 120  # then a list is too old to be believed, whoever held it back
_BEST = 9


def body(uri: str, size: int, revoked: Iterable[int], now: datetime) -> dict[str, Any]:
    """What the list at an address says at an instant.

    The instant is that of the last `FRESH_S`, so a list that has not changed has the same bytes.
    """
    issued = int(now.timestamp()) // FRESH_S * FRESH_S
    return {
        "sub": uri,
        "iat": issued,
        "exp": issued + _GOOD_S,
        "ttl": FRESH_S,
        "status_list": {"bits": 1, "lst": packed(size, revoked)},
    }


def packed(size: int, revoked: Iterable[int]) -> str:
    """A list of `size` bits, a multiple of 8, of which these are 1."""
    bits = bytearray(size // 8)
    for each in revoked:
        bits[each // 8] |= 1 << each % 8
    return base64.urlsafe_b64encode(zlib.compress(bits, _BEST)).decode().rstrip("=")
