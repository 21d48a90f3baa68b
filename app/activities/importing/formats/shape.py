"""What every format gives: rows to be sorted by person, and entries made of a person's rows."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from app.activities.model import Rejection
from app.kernel import Invalid

Item = Mapping[str, Any]
Line = tuple[int, bytes]

FIELDS = (
    "reference", "subject", "behaviour", "occurred_at", "quantity", "unit", "evidence", "replaces",
)  # fmt: skip
NEEDED = FIELDS[:4]
_KNOWN = frozenset(FIELDS)
_NEEDED = frozenset(NEEDED)
_LONGEST = 200


class Row(NamedTuple):
    """A line of a file: its number from 1, who it is about, and the line itself.

    `raw` together with the feed's `head` is all that is needed to understand the line alone.
    """

    number: int
    person: bytes
    raw: bytes


class Feed(NamedTuple):
    """An opened file. `position` says how much of `size` has been read; `guess` is about how many
    rows there are, and the same for the same content."""

    head: tuple[str, ...]
    rows: Iterator[Row]
    size: int
    guess: int
    position: Callable[[], int]


class Skip(NamedTuple):
    """A line that is neither an act nor wrong, by the reason it is counted under."""

    reason: str


Entry = tuple[int, Item | Rejection | Skip]


class Format(NamedTuple):
    """`feed` opens a file (raises `BadFile`); `entries` reads lines of whole persons, in the
    order of the file, and gives each line number once."""

    feed: Callable[[Path], Feed]
    entries: Callable[[Sequence[str], Iterable[Line]], Iterator[Entry]]


class BadFile(Invalid):
    """A file that cannot be imported at all; the detail says what to do."""

    def __init__(self, detail: str) -> None:
        super().__init__("bad_file", detail)


def bad_line(detail: str) -> Rejection:
    """A line that cannot be understood."""
    return Rejection("bad_line", detail)


def checked(found: Mapping[str, Any]) -> Item | Rejection:
    """An item whose fields have the types that intake reads; else why it has not."""
    if not found.keys() >= _NEEDED:
        return bad_line(f"{min(_NEEDED - found.keys(), key=FIELDS.index)} is missing")
    for name, value in found.items():
        if name == "evidence":
            if value is not None and not isinstance(value, dict):
                return bad_line("evidence is no object")
        elif name not in _KNOWN:
            return bad_line(f"unknown field {name[:_LONGEST]}")
        elif value is None and name not in _NEEDED:
            continue
        elif not isinstance(value, str) or len(value) > _LONGEST:
            return bad_line(f"{name} is no text of at most {_LONGEST} characters")
        elif not value and name in _NEEDED:
            return bad_line(f"{name} is missing")
    return found
