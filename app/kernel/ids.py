"""Ids: UUIDv7 (RFC 9562) in 16 bytes, made from the instant of the work, prefixed on the wire.

An id sorts by the millisecond it was made in, then by the order in which one `Ids` gave it out.
"""

import secrets
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32, sorts like the bytes
_VALUES = {letter: value for value, letter in enumerate(_ALPHABET)}
_LENGTH = 26
_VERSION = 7 << 76
_VARIANT = 2 << 62
_LOW = (1 << 62) - 1
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)


class IdRange(NamedTuple):
    """The least and the greatest id that one millisecond can have, both included."""

    least: bytes
    greatest: bytes


def _milliseconds(instant: datetime) -> int:
    return int(instant.timestamp()) * 1000 + instant.microsecond // 1000


class Ids:
    """Gives out ids of one instant, rising, from a random start (or a given one, to repeat it)."""

    __slots__ = ("_head", "_tail")

    def __init__(self, instant: datetime, start: int | None = None) -> None:
        self._head = (_milliseconds(instant) << 80) | _VERSION
        # The top bits stay clear so that a very long batch cannot run over.
        self._tail = secrets.randbits(70) if start is None else start

    def __call__(self) -> bytes:
        self._tail += 1
        tail = self._tail
        return (self._head | (tail >> 62) << 64 | _VARIANT | tail & _LOW).to_bytes(16)

    @staticmethod
    def instant(made: bytes) -> datetime:
        """The millisecond in which an id was made."""
        return _FIRST + timedelta(milliseconds=int.from_bytes(made[:6]))

    @staticmethod
    def of(instant: datetime) -> IdRange:
        """Every id made in the millisecond of `instant` lies in this range."""
        head = (_milliseconds(instant) << 80) | _VERSION | _VARIANT
        return IdRange(head.to_bytes(16), (head | 0xFFF << 64 | _LOW).to_bytes(16))


def to_wire(prefix: str, raw: bytes) -> str:
    """`b'…16 bytes…'` → `act_01jd…` (26 letters after the prefix)."""
    value = int.from_bytes(raw)
    letters = [_ALPHABET[(value >> shift) & 31] for shift in range(125, -1, -5)]
    return f"{prefix}_{''.join(letters)}"


def from_wire(prefix: str, text: str) -> bytes | None:
    """The 16 bytes behind a wire id, or None when it is not an id of that kind."""
    head, _, letters = text.partition("_")
    if head != prefix or len(letters) != _LENGTH or any(c not in _VALUES for c in letters):
        return None
    value = 0
    for letter in letters:
        value = value << 5 | _VALUES[letter]
    return value.to_bytes(16) if value < 1 << 128 else None
