"""Queries of the import: runs, and what became of each of their buckets."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import orjson
import sqlalchemy as sa

from app.activities.tables import import_bucket, import_run
from app.plumbing.db import upsert
from app.plumbing.work import Work

# Lists of rejected lines are read this many buckets at a time.
_READ_BUCKETS = 64

Counts = dict[str, int]
Rejected = dict[str, list[int]]


class Run(NamedTuple):
    """A run as it is kept; `lines` and `finished_at` are None until it is through."""

    id: bytes
    provider_id: bytes
    buckets: int
    began_at: Any
    lines: int | None
    finished_at: Any


def begin(work: Work, run_id: bytes, provider: bytes, buckets: int) -> Run:
    """Register a run, or find the one that was cut off: it keeps its number of buckets."""
    work.db.execute(
        upsert(work.db, import_run)
        .values(id=run_id, provider_id=provider, buckets=buckets, began_at=work.now)
        .on_conflict_do_nothing()
    )
    found = find(work, run_id)
    assert found is not None
    return found


def find(work: Work, run_id: bytes) -> Run | None:
    """The run of this id, begun or through."""
    row = work.db.execute(sa.select(import_run).where(import_run.c.id == run_id)).first()
    return None if row is None else Run(*row)


def finish(work: Work, run_id: bytes, lines: int) -> None:
    """Say that all of a run's buckets are done, with how many lines they had."""
    work.db.execute(
        import_run.update()
        .where(import_run.c.id == run_id)
        .values(lines=lines, finished_at=work.now)
    )


def begin_bucket(work: Work, run_id: bytes, bucket: int) -> bool:
    """Say, first thing in its transaction, that a bucket is done. False: it was done before."""
    insert = (
        upsert(work.db, import_bucket)
        .values(run_id=run_id, bucket=bucket, counts="{}", rejected="{}", done_at=work.now)
        .on_conflict_do_nothing()
        .returning(import_bucket.c.bucket)
    )
    return work.db.execute(insert).first() is not None


def report_bucket(
    work: Work, run_id: bytes, bucket: int, counts: Counts, rejected: Rejected
) -> None:
    """Keep what became of a bucket: lines by status, numbers of rejected lines by reason."""
    b = import_bucket.c
    work.db.execute(
        import_bucket.update()
        .where(b.run_id == run_id, b.bucket == bucket)
        .values(counts=orjson.dumps(counts).decode(), rejected=orjson.dumps(rejected).decode())
    )


def buckets_done(work: Work, run_id: bytes) -> dict[int, Counts]:
    """The buckets of a run that are done, each with its lines by status."""
    b = import_bucket.c
    rows = work.db.execute(sa.select(b.bucket, b.counts).where(b.run_id == run_id))
    return {row[0]: orjson.loads(row[1]) for row in rows}


def rejected(work: Work, run_id: bytes, buckets: Iterable[int]) -> Iterator[Rejected]:
    """The rejected lines of each of these buckets that has any, a few buckets at a time."""
    b, wanted = import_bucket.c, sorted(buckets)
    for start in range(0, len(wanted), _READ_BUCKETS):
        some = wanted[start : start + _READ_BUCKETS]
        rows = work.db.scalars(
            sa.select(b.rejected).where(b.run_id == run_id, b.bucket.in_(some), b.rejected != "{}")
        )
        yield from map(orjson.loads, rows.all())
