"""One bucket of a spool: its persons' lines through `record`, and what became of them kept in the
same transaction, so that a bucket is done wholly or not at all."""

import gc
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import NamedTuple

from app.activities import service
from app.activities.importing import store
from app.activities.importing.formats import FORMATS
from app.activities.importing.formats.shape import Entry, Skip
from app.activities.importing.shift import shifted
from app.activities.importing.spool import Spool
from app.activities.model import REJECTED, Provider, Rejection
from app.plumbing.helpers import in_bulk, may_pass
from app.plumbing.work import Actor, House
from app.rulebook import Rulebook

SKIPPED = "skipped"
UNKNOWN_SUBJECT = "unknown_subject"
# A bucket of more lines than this (few persons, many acts) is done in parts.
PART_LINES = 12_000
_TRIES = 3
_PATIENCE_SECONDS = 60
_ACTOR = Actor("command", name="activities import")


class Job(NamedTuple):
    """What all buckets of a run have in common."""

    run_id: bytes
    provider: Provider
    format: str
    shift_days: int
    spool: Spool


def parts_of(rows: int) -> int:
    """In how many transactions a bucket of so many rows is done."""
    return max(1, -(-rows // PART_LINES))


def units_of(job: Job, bucket: int) -> list[int]:
    """The numbers under which a bucket's parts are kept, none shared with another bucket."""
    buckets = len(job.spool.rows)
    return [bucket + part * buckets for part in range(parts_of(job.spool.rows[bucket]))]


def work_off(house: House, job: Job, bucket: int) -> int:
    """Take a bucket in, part by part; how many lines it has."""
    with _no_collections():
        lines = job.spool.read(bucket)
        entries = FORMATS[job.format].entries(job.spool.head, lines)
        for unit in units_of(job, bucket):
            _insist(house, job, unit, _moved(house.rules, job, islice(entries, PART_LINES)))
    return job.spool.rows[bucket]


@contextmanager
def _no_collections() -> Iterator[None]:
    """A bucket makes a hundred thousand values and no cycles: looking for some costs a tenth of
    the time. What else has become rubbish is collected between two buckets."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _moved(rules: Rulebook, job: Job, entries: Iterator[Entry]) -> list[Entry]:
    if not job.shift_days:
        return list(entries)
    return [
        (number, found if isinstance(found, Rejection | Skip)
         else shifted(rules, found, job.shift_days))
        for number, found in entries
    ]  # fmt: skip


def _insist(house: House, job: Job, unit: int, entries: Sequence[Entry]) -> None:
    for tries_left in reversed(range(_TRIES)):
        try:
            _take_in(house, job, unit, entries)
            return
        except Exception as error:
            if not tries_left or not may_pass(error):
                raise


def _take_in(house: House, job: Job, unit: int, entries: Sequence[Entry]) -> None:
    with house.work(_ACTOR) as work:
        in_bulk(work, _PATIENCE_SECONDS)
        if not store.begin_bucket(work, job.run_id, unit):
            return
        counts: Counter[str] = Counter()
        rejected: store.Rejected = {}
        numbers, items = [], []
        for number, found in entries:
            if isinstance(found, Skip):
                counts[f"{SKIPPED}:{found.reason}"] += 1
            elif isinstance(found, Rejection):
                counts[f"{REJECTED}:{found.reason}"] += 1
                rejected.setdefault(f"{found.reason}: {found.detail}", []).append(number)
            else:
                numbers.append(number)
                items.append(found)
        results = service.record(work, job.provider, items) if items else []
        for number, result in zip(numbers, results, strict=True):
            if result.status != REJECTED:
                counts[result.status] += 1
                continue
            counts[f"{REJECTED}:{result.reason}"] += 1
            # Lines about nobody we know are counted and not kept.
            if result.reason != UNKNOWN_SUBJECT:
                rejected.setdefault(str(result.reason), []).append(number)
        store.report_bucket(work, job.run_id, unit, counts, rejected)
