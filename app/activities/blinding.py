"""By what an act is known on other platforms: keys that both sides compute alike, and nobody else
can. Pure.

A key is the hex of HMAC-SHA-256(secret, `v1|family|kind|value`). The secret is the resident's, so
the same bus ride of two residents has nothing in common. Numbers are known by themselves; what has
no number, by two cells of ten minutes, five apart: acts up to five minutes apart share one, acts
ten minutes apart none.
"""

import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache
from hashlib import sha256
from typing import Any

from app.activities.marks import far_keys, replace_key
from app.activities.model import Act
from app.kernel import local_midnight
from app.rulebook import Behaviour

CELL = 600  # seconds
TIME, DAY = "time", "day"
_NAMES = {"payment": "payment_id"}
_HEX = re.compile(r"[0-9a-f]{64}")
# Families whose kinds of numbers a partner may name, as `marks.far_keys` groups them.
_KINDS = {
    "payment_id": "PAY",
    "case_id": "DOC",
    "visit_id": "DOC",
    "application_id": "DOC",
    "statement": "DOC",
    "bill": "DOC",
    "verifier": "DOC",
    "order_id": "WASTE",
    "parcel": "WASTE",
    "imei_hash": "WASTE",
    "order": "CONS",
    "meter": "METER",
}


class BadKeys(Exception):
    """Keys that no act can have; args are reason and detail."""


def key(secret: bytes, family: str, kind: str, value: str) -> str:
    """One key, 64 letters of hex."""
    return hmac.digest(secret, f"v1|{family}|{kind}|{value}".encode(), sha256).hex()


def cells(second: int) -> tuple[int, int]:
    """The two cells in which an instant (Unix seconds) lies."""
    return second // CELL, (second + CELL // 2) // CELL


def cells_meet(one: tuple[int, int], other: tuple[int, int]) -> int:
    """How many cells two instants share: 2, 1 or 0."""
    return (one[0] == other[0]) + (one[1] == other[1])


def time_family(behaviour: Behaviour, rides: frozenset[str]) -> str | None:
    """Among which acts one of this behaviour is known by its time; None where time says nothing."""
    if behaviour.code in rides:
        return "TRIP"
    return "PAY" if "PAY" in behaviour.overlap_groups else None


def steps_mark(day: date) -> str:
    """What a day's walking is known by."""
    return f"STEPS:{DAY}:{day.isoformat()}"


def _mark(secret: bytes, family: str, kind: str, found: str) -> str:
    """A key as it is kept. It says of which secret it is: what two secrets make of a number is not
    to be compared, so a number from before the secret is as good as none."""
    return f"{family}:{kind}@{sha256(secret).hexdigest()[:8]}:{found}"


def marks_of(
    secret: bytes, behaviour: Behaviour, act: Act, said: Mapping[str, Any]
) -> list[str]:  # fmt: skip
    """The marks of an act from the words in which it was reported (`said`, its raw evidence)."""
    words = {n: said[n] for n in act.evidence if isinstance(said.get(n), str)}
    spoken = act._replace(evidence={**act.evidence, **words})
    numbers = [
        (group, _NAMES.get(name, name), parts)
        for group, (name, *parts) in far_keys(behaviour, spoken)
    ]
    if "meter" in act.evidence:
        numbers.append(("METER", "meter", list(replace_key(behaviour, spoken) or ())[1:]))
    return [
        _mark(secret, family, kind, key(secret, family, kind, "|".join(parts)))
        for family, kind, parts in numbers
    ]


def read(
    secret: bytes,
    behaviour: Behaviour,
    family: str | None,
    day: date,
    zone: tzinfo,
    said: Mapping[str, str | Sequence[str]],
) -> tuple[frozenset[str], tuple[int, int] | None]:
    """Marks and cells of a claim from the keys its partner sent. Raises BadKeys."""
    marks: set[str] = set()
    found: tuple[int, int] | None = None
    for kind, value in said.items():
        if kind == TIME:
            found = _cells_of(secret, family, day, zone, value)
            continue
        if not isinstance(value, str) or not _HEX.fullmatch(value):
            raise BadKeys("bad_keys", f"{kind} is one key of 64 letters of hex.")
        if kind == DAY and behaviour.method == "step_blocks":
            if not hmac.compare_digest(value, key(secret, "STEPS", DAY, day.isoformat())):
                raise BadKeys("bad_key_time", "The key is not that of this day.")
            marks.add(steps_mark(day))
        else:
            marks.add(_mark(secret, _family(behaviour, kind), kind, value))
    if not marks and found is None:
        raise BadKeys("bad_keys", "A claim has at least one key.")
    return frozenset(marks), found


def _family(behaviour: Behaviour, kind: str) -> str:
    if kind == "purchase" and behaviour.method in {"appliance_year", "fixture_year"}:
        return behaviour.overlap_groups[0]
    if kind not in _KINDS:
        raise BadKeys("bad_keys", f"There is no kind of key {kind!r}.")
    return _KINDS[kind]


def _cells_of(
    secret: bytes, family: str | None, day: date, zone: tzinfo, said: str | Sequence[str]
) -> tuple[int, int]:
    if family is None:
        raise BadKeys("bad_keys", "An act of this behaviour is not known by its time.")
    if isinstance(said, str) or len(said) != 2:
        raise BadKeys("bad_keys", "time is two keys.")
    begin = int(local_midnight(day, zone).timestamp())
    end = int(local_midnight(day + timedelta(days=1), zone).timestamp())
    known = _cells_between(secret, family, begin, end)
    one, other = (known.get(each) for each in said)
    if one is None or other is None or one[0] == other[0]:
        raise BadKeys("bad_key_time", "The keys are of no instant of this day.")
    a, b = (one[1], other[1]) if one[0] == "a" else (other[1], one[1])
    if b - a not in (0, 1):
        raise BadKeys("bad_key_time", "The two cells have no instant in common.")
    return a, b


@lru_cache(maxsize=64)
def _cells_between(
    secret: bytes, family: str, begin: int, end: int
) -> Mapping[str, tuple[str, int]]:  # fmt: skip
    """Every cell's key between two instants. The day's 289 keys are made once for a list of claims
    of one resident and day."""
    first, last = cells(begin), cells(end - 1)
    return {
        key(secret, family, TIME, f"{name}{n}"): (name, n)
        for place, name in enumerate("ab")
        for n in range(first[place], last[place] + 1)
    }


def began(found: tuple[int, int]) -> int:
    """The first second that lies in both cells."""
    return max(found[0] * CELL, found[1] * CELL - CELL // 2)


def instant(day: date, found: tuple[int, int] | None, zone: tzinfo) -> datetime:
    """When a claimed act began, as far as its cells tell; else the day's first instant."""
    midnight = local_midnight(day, zone)
    if found is None:
        return midnight
    return max(midnight, datetime.fromtimestamp(began(found), tz=midnight.tzinfo))
