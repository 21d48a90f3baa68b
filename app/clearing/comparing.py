"""Their file against ours: what differs, and how their file is read."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import NamedTuple

from app.clearing.model import ADJUSTMENT
from app.kernel import BadQuantity, Invalid, fen

MOST_ROWS = 100_000
_MOST_FAULTS = 100
_LONGEST = 80
_KIND = re.compile(r"[a-z_]{1,20}")


class Item(NamedTuple):
    """A line as either side tells it: reference as text, kind, signed amount."""

    reference: str
    kind: str
    amount: int


class Found(NamedTuple):
    """What differs about a reference; each side's sum over it, None where it has none."""

    type: str
    reference: str
    kind: str
    ours: int | None
    theirs: int | None


def compare(ours: Iterable[Item], theirs: Iterable[Item]) -> list[Found]:
    """One finding a reference at most, by reference; of several that fit, the first of:

    `long` they have it and we do not, `short` we have it and they do not, `duplicate` they list a
    kind of it more often than we do, and more than once, `state` the kinds differ (redeemed, and
    voided here alone), `amount` the amounts of a kind differ. An adjustment of ours that they do
    not list is none: it came of an earlier difference, and they hear of it by our file.
    """
    yours = _by_reference(theirs)
    adjusted = {name for name, items in yours.items() if any(map(_adjusts, items))}
    mine = _by_reference(item for item in ours if not _adjusts(item) or item.reference in adjusted)
    return [
        _finding(name, mine.get(name, []), yours.get(name, []))
        for name in sorted({*mine, *yours})
        if sorted(mine.get(name, [])) != sorted(yours.get(name, []))
    ]


def _adjusts(item: Item) -> bool:
    return item.kind == ADJUSTMENT


def _by_reference(items: Iterable[Item]) -> dict[str, list[Item]]:
    found: dict[str, list[Item]] = {}
    for item in items:
        found.setdefault(item.reference, []).append(item)
    return found


def _finding(name: str, ours: list[Item], theirs: list[Item]) -> Found:
    type_, kind = _telling(ours, theirs)
    return Found(type_, name, kind, _sum(ours), _sum(theirs))


def _telling(ours: list[Item], theirs: list[Item]) -> tuple[str, str]:
    if not ours:
        return "long", theirs[0].kind
    if not theirs:
        return "short", ours[0].kind
    mine, yours = (Counter(item.kind for item in side) for side in (ours, theirs))
    twice = [kind for kind, n in yours.items() if n > max(1, mine[kind])]
    if twice:
        return "duplicate", min(twice)
    apart = mine.keys() ^ yours.keys()
    if apart:
        return "state", min(apart)
    left, right = Counter(ours), Counter(theirs)
    return "amount", min((left - right) + (right - left)).kind


def _sum(items: list[Item]) -> int | None:
    return sum(item.amount for item in items) if items else None


def kept(reference: str) -> str:
    """A reference as it can be kept: printable, at most 80 characters, long ones by their hash."""
    plain = "".join(letter if letter.isprintable() else "?" for letter in reference.strip())
    if len(plain) <= _LONGEST:
        return plain
    return f"{plain[:47]}…{sha256(plain.encode()).hexdigest()[:32]}"


def read_csv(text: str, reference: str) -> list[Item]:
    """Their file: columns `reference`, `kind` and `amount` (`"-1.99"`) in any order, others too.

    Raises Invalid (bad_file) with a pointer a fault, lines counted from 0 below the head;
    (too_many_rows) above 100,000.
    """
    rows = _rows(text)
    places = _places(next(rows, []), (reference, "kind", "amount"))
    items: list[Item] = []
    faults: list[dict[str, str]] = []
    for number, row in enumerate(rows):
        if number == MOST_ROWS:
            raise Invalid("too_many_rows", f"At most {MOST_ROWS} lines a file.")
        try:
            items.append(_item(row, places))
        except _Fault as fault:
            column = (reference, "kind", "amount")[fault.column]
            faults.append(_fault(f"/lines/{number}/{column}", fault.detail))
            if len(faults) == _MOST_FAULTS:
                break
    if faults:
        raise _bad(faults)
    return items


class _Fault(Exception):
    def __init__(self, column: int, detail: str) -> None:
        super().__init__(detail)
        self.column = column
        self.detail = detail


def _rows(text: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        yield from (row for row in reader if row)
    except csv.Error as error:
        raise _bad([_fault("/lines", f"Line {reader.line_num} is no CSV.")]) from error


def _places(head: Sequence[str], columns: Sequence[str]) -> list[int]:
    names = [name.strip().casefold() for name in head]
    faults = [
        _fault(f"/head/{column}", "The first line names this column once.")
        for column in columns
        if names.count(column) != 1
    ]
    if faults:
        raise _bad(faults)
    return [names.index(column) for column in columns]


def _item(row: Sequence[str], places: Sequence[int]) -> Item:
    name, kind, amount = (row[place].strip() if place < len(row) else "" for place in places)
    if not name:
        raise _Fault(0, "A line has a reference.")
    if not _KIND.fullmatch(kind):
        raise _Fault(1, "A kind is a word of small letters.")
    try:
        return Item(kept(name), kind, fen(amount))
    except BadQuantity:
        raise _Fault(2, "An amount is a decimal with two places, like -1.99.") from None


def _fault(pointer: str, detail: str) -> dict[str, str]:
    return {"pointer": pointer, "code": "invalid", "detail": detail}


def _bad(faults: list[dict[str, str]]) -> Invalid:
    return Invalid("bad_file", "The file cannot be read.", errors=faults)
