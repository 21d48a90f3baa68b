"""A file cut by person: the spool, one file of segments, each the next few rows of one bucket.

Memory holds a few megabytes of rows whatever the size of the file; segments of a bucket are a
chain from its last to its first. A spool that is there is complete: it is written under another
name, flushed to the disk, and renamed.
"""

import os
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from struct import Struct
from typing import BinaryIO, NamedTuple
from zlib import crc32

import orjson

from app.activities.importing.formats.shape import Feed, Line

_BUFFERED_BYTES = 16 << 20
_SEGMENT = Struct("<qI")  # where the bucket's segment before this one is (-1: none), and how long
_ROW = Struct("<QI")  # line number, length
_FOOTER = Struct("<Q")
_TICK_ROWS = 4096

Tick = Callable[[int], None]


class Spool(NamedTuple):
    """`rows` and `last` by bucket: how many rows, and where its last segment is."""

    path: Path
    head: tuple[str, ...]
    rows: tuple[int, ...]
    last: tuple[int, ...]

    @property
    def lines(self) -> int:
        return sum(self.rows)

    def read(self, bucket: int) -> Iterator[Line]:
        """The bucket's lines, in the order of the file, a segment at a time."""
        with self.path.open("rb") as file:
            segments = []
            at = self.last[bucket]
            while at >= 0:
                before, length = _segment(file, at)
                segments.append((at, length))
                at = before
            for at, length in reversed(segments):
                file.seek(at + _SEGMENT.size)
                yield from _lines(file.read(length))


def _segment(file: BinaryIO, at: int) -> tuple[int, int]:
    file.seek(at)
    before, length = _SEGMENT.unpack(file.read(_SEGMENT.size))
    return before, length


def _lines(block: bytes) -> Iterator[Line]:
    at = 0
    while at < len(block):
        number, length = _ROW.unpack_from(block, at)
        start = at + _ROW.size
        at = start + length
        yield number, block[start:at]


def write(path: Path, feed: Feed, buckets: int, tick: Tick) -> Spool:
    """Cut a feed into buckets by person; the spool at `path`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_suffix(".part")
    with scratch.open("wb") as file:
        rows, last = _write_segments(file, feed, buckets, tick)
        start = file.tell()
        file.write(orjson.dumps({"head": feed.head, "rows": rows, "last": last}))
        file.write(_FOOTER.pack(start))
        file.flush()
        os.fsync(file.fileno())
    scratch.replace(path)
    return Spool(path, feed.head, tuple(rows), tuple(last))


def _write_segments(
    file: BinaryIO, feed: Feed, buckets: int, tick: Tick
) -> tuple[list[int], list[int]]:
    rows, last = [0] * buckets, [-1] * buckets
    buffers = [bytearray() for _ in range(buckets)]
    held, pack = 0, _ROW.pack
    feeding = iter(feed.rows)
    while some := list(islice(feeding, _TICK_ROWS)):
        for number, person, raw in some:
            bucket = crc32(person) % buckets
            rows[bucket] += 1
            buffers[bucket] += pack(number, len(raw)) + raw
            held += len(raw)
        if held > _BUFFERED_BYTES:
            _flush(file, buffers, last)
            held = 0
        tick(feed.position())
    _flush(file, buffers, last)
    tick(feed.size)
    return rows, last


def _flush(file: BinaryIO, buffers: list[bytearray], last: list[int]) -> None:
    for bucket, buffer in enumerate(buffers):
        if buffer:
            at = file.tell()
            file.write(_SEGMENT.pack(last[bucket], len(buffer)))
            file.write(buffer)
            last[bucket] = at
            buffer.clear()


def opened(path: Path) -> Spool | None:
    """The complete spool at `path`, if one is there."""
    if not path.exists():
        return None
    with path.open("rb") as file:
        end = file.seek(-_FOOTER.size, os.SEEK_END)
        (start,) = _FOOTER.unpack(file.read())
        file.seek(start)
        found = orjson.loads(file.read(end - start))
    return Spool(path, tuple(found["head"]), tuple(found["rows"]), tuple(found["last"]))
