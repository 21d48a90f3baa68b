"""Text files as numbered lines: UTF-8, any length, a byte order mark allowed.

One line is one act, so a broken line can spoil no other: a quoted field does not run on.
"""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from app.activities.importing.formats.shape import BadFile

LONGEST_LINE = 1 << 20
_SAMPLE_BYTES = 1 << 16
_BOM = b"\xef\xbb\xbf"
_OTHER_MARKS = (b"\xff\xfe", b"\xfe\xff")


class Text:
    """An opened text file: `size` in bytes, `guess` at its lines."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            sample = file.read(_SAMPLE_BYTES)
        _check_encoding(path, sample)
        self.size = path.stat().st_size
        self.guess = self.size * (sample.count(b"\n") + 1) // max(len(sample), 1)
        self._path = path
        self._start = len(_BOM) if sample.startswith(_BOM) else 0
        self._file: BinaryIO | None = None

    def position(self) -> int:
        """Bytes read so far."""
        return self._file.tell() if self._file and not self._file.closed else 0

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """Lines with their numbers, without their ends; blank ones are passed over."""
        number = 0
        with self._path.open("rb") as self._file:
            self._file.seek(self._start)
            while line := self._file.readline(LONGEST_LINE):
                number += 1
                if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
                    _skip_rest(self._file)
                bare = line.rstrip(b"\r\n")
                if bare:
                    yield number, bare


def _skip_rest(file: BinaryIO) -> None:
    """The rest of a line without end is not kept in memory; what was read is refused later."""
    while (rest := file.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
        pass


def _check_encoding(path: Path, sample: bytes) -> None:
    """Refuse a file in another encoding; a few bad bytes among good lines are bad lines."""
    lines = sample.splitlines()[: -1 if len(sample) == _SAMPLE_BYTES else None]
    bad = sum(1 for line in lines if not _is_utf8(line))
    if sample.startswith(_OTHER_MARKS) or b"\0" in sample[:100] or bad * 2 > len(lines):
        raise BadFile(
            f"{path.name} is not UTF-8. Convert it first: "
            f"iconv -f GB18030 -t UTF-8 (or -f UTF-16) {path.name} > {path.stem}.utf8{path.suffix}"
        )


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def header(path: Path, lines: Iterator[tuple[int, bytes]], needed: Sequence[str]
           ) -> tuple[str, ...]:  # fmt: skip
    """The names in the first line. Raises `BadFile` where needed ones are missing."""
    _, first = next(lines, (0, b""))
    try:
        names = tuple(name.strip() for name in fields(first.decode()))
    except ValueError:
        names = ()
    missing = [name for name in needed if name not in names]
    if missing or len(set(names)) < len(names):
        raise BadFile(
            f"{path.name} needs a first line with the names of its columns, each once; "
            f"missing: {', '.join(missing) or 'none'}."
        )
    return names


def fields(line: str) -> list[str]:
    """The fields of one line. Raises ValueError for a quote that is not closed."""
    first, last = line.find('"'), line.rfind('"')
    if first < 0:
        return line.split(",")
    # Most lines have one quoted field: told without a reader of its own for each line.
    inner, after = line[first + 1 : last], line[last + 1 :]
    alone = '"' not in inner.replace('""', "") and last > first
    if alone and line[:first][-1:] in {"", ","} and after[:1] in {"", ","}:
        before = line[:first].split(",")[:-1]
        return [*before, inner.replace('""', '"'), *after.split(",")[1:]]
    try:
        return next(csv.reader((line,), strict=True))
    except (csv.Error, StopIteration) as error:
        raise ValueError(str(error)) from None


def field(line: bytes, index: int) -> bytes:
    """One field of a line, for sorting: of a line that cannot be read, the line itself."""
    parts = line.split(b",", index + 1)
    if len(parts) > index + 1 and line.find(b'"', 0, len(line) - len(parts[-1])) < 0:
        return parts[index]
    try:
        return fields(line.decode())[index].encode()
    except (ValueError, IndexError):
        return line
