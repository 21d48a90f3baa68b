"""Buckets worked off: in this process, or by a few others that end with it."""

import gc
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from itertools import islice
from typing import Protocol

from app.activities.importing.bucket import Job, work_off
from app.plumbing import helpers
from app.plumbing.work import House


class Crew(Protocol):
    """Who works buckets off: how many lines each had, in the order in which they are done."""

    def work_off(self, job: Job, buckets: Iterable[int]) -> Iterator[int]: ...


class _Alone:
    def __init__(self, house: House) -> None:
        self._house = house

    def work_off(self, job: Job, buckets: Iterable[int]) -> Iterator[int]:
        for bucket in buckets:
            yield work_off(self._house, job, bucket)


class _Together:
    def __init__(self, pool: ProcessPoolExecutor, count: int) -> None:
        self._pool = pool
        self._count = count

    def work_off(self, job: Job, buckets: Iterable[int]) -> Iterator[int]:
        left = iter(buckets)
        running: set[Future[int]] = set()
        while True:
            # One bucket waits for each worker, so that nobody waits for this process.
            room = 2 * self._count - len(running)
            running |= {self._pool.submit(_work_off, job, each) for each in islice(left, room)}
            if not running:
                return
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for each in done:
                yield each.result()


@contextmanager
def crew(house: House, count: int) -> Iterator[Crew]:
    """A crew of so many processes; of one, this one."""
    if count == 1:
        yield _Alone(house)
        return
    pool = ProcessPoolExecutor(count, helpers.start_method(), _begin, (helpers.blueprint(house),))
    try:
        for _ in range(count):  # they get ready while the file is being cut
            pool.submit(_nothing)
        yield _Together(pool, count)
    finally:
        pool.shutdown(cancel_futures=True)


# In a worker process: its one house.
_HOUSES: list[House] = []


def _begin(plan: helpers.Blueprint) -> None:
    helpers.end_with_parent()
    _HOUSES.append(helpers.build(plan))
    # What is here now stays to the end: no collection need look at it again.
    gc.freeze()


def _nothing() -> None:
    return None


def _work_off(job: Job, bucket: int) -> int:
    return work_off(_HOUSES[0], job, bucket)
