"""CSV with the fields of an act as columns, in any order; an empty field is null, evidence is a
JSON object."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson

from app.activities.importing.formats.lines import Text, field, fields, header
from app.activities.importing.formats.shape import (
    FIELDS,
    NEEDED,
    BadFile,
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
    lines = text.lines()
    names = header(path, lines, NEEDED)
    unknown = [name for name in names if name not in FIELDS]
    if unknown:
        raise BadFile(
            f"{path.name} has columns that mean nothing here: {', '.join(unknown)}. "
            f"The columns are {', '.join(FIELDS)}."
        )
    subject = names.index("subject")
    rows = (Row(number, field(line, subject), line) for number, line in lines)
    return Feed(names, rows, text.size, text.guess, text.position)


def _entries(head: Sequence[str], lines: Iterable[Line]) -> Iterator[Entry]:
    for number, line in lines:
        yield number, _item(head, line)


def _item(head: Sequence[str], line: bytes) -> Item | Rejection:
    try:
        values = fields(line.decode())
    except UnicodeDecodeError:
        return bad_line("not UTF-8")
    except ValueError as error:
        return bad_line(str(error))
    if len(values) != len(head):
        return bad_line(f"{len(values)} fields instead of {len(head)}")
    found: dict[str, Any] = {name: value for name, value in zip(head, values, strict=True) if value}
    if "evidence" in found:
        try:
            found["evidence"] = orjson.loads(found["evidence"])
        except ValueError:
            return bad_line("evidence is no JSON")
    return checked(found)


FORMAT = Format(_feed, _entries)
