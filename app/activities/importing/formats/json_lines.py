"""JSON Lines: every line an act as the HTTP contract has it."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import orjson

from app.activities.importing.formats.lines import Text
from app.activities.importing.formats.shape import (
    Entry,
    Feed,
    Format,
    Item,
    Line,
    Row,
    bad_line,
    checked,
)
from app.activities.model import Rejection


def _feed(path: Path) -> Feed:
    text = Text(path)
    rows = (Row(number, _person(line), line) for number, line in text.lines())
    return Feed((), rows, text.size, text.guess, text.position)


def _person(line: bytes) -> bytes:
    """The subject; of a line that has none, the line itself, so that bad ones spread."""
    try:
        return str(orjson.loads(line)["subject"]).encode()
    except (ValueError, TypeError, KeyError):
        return line


def _entries(_head: Sequence[str], lines: Iterable[Line]) -> Iterator[Entry]:
    for number, line in lines:
        yield number, _item(line)


def _item(line: bytes) -> Item | Rejection:
    try:
        found = orjson.loads(line)
    except ValueError:
        return bad_line("no JSON in UTF-8")
    return checked(found) if isinstance(found, dict) else bad_line("no JSON object")


FORMAT = Format(_feed, _entries)
