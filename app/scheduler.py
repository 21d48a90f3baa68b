"""The clock of the house: runs the rooms' jobs at their times, in a process of its own.

Any number of schedulers may run; the one that holds the lease works, the others stand by and take
over within a second of its end. Only this module knows which jobs there are.
"""

import logging
import time
from collections.abc import Callable
from datetime import UTC, timedelta
from itertools import count

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from app import (
    activities,
    attestations,
    consent,
    credit,
    grades,
    identity,
    ledger,
    objections,
    recognition,
    redemption,
    reports,
    webhooks,
)
from app.plumbing import House, idempotency, jobs
from app.plumbing.jobs import Job
from app.plumbing.lease import lease

_BEAT = 1  # seconds between two looks at the lease and at the wish to stop
_LATE = 60  # a slot missed by more than these seconds is left to the next one
_THREADS = 4

_OWN: jobs.Listed = {
    "plumbing.forget_keys": (idempotency.forget, "interval", {"hours": 1}),
    "plumbing.forget_runs": (jobs.forget_runs, "interval", {"hours": 1}),
}
_ROOMS = (
    identity,
    consent,
    ledger,
    webhooks,
    activities,
    redemption,
    recognition,
    grades,
    credit,
    attestations,
    objections,
    reports,
)
_log = structlog.get_logger("scheduler")


def all_jobs() -> dict[str, Job]:
    """Every job of the house by its name."""
    listed = dict(_OWN)
    for room in _ROOMS:
        listed |= room.JOBS
    return dict(sorted(jobs.read(listed).items()))


def serve(house: House, stopping: Callable[[], bool]) -> None:
    """Work whenever the lease is ours, until told to stop; a running job ends its transaction."""
    mine = lease(house.engine, "scheduler", house.settings.instance)
    for beat in count():
        if stopping():
            break
        if mine.take():
            _work(house, mine.held, stopping)
            mine.release()
        elif beat == 0:
            _log.info("standing_by")
        time.sleep(_BEAT)


def _work(house: House, held: Callable[[], bool], stopping: Callable[[], bool]) -> None:
    # That a job still runs at its next slot is no news: a party may be slow to answer.
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
    clock = BackgroundScheduler(
        timezone=UTC,
        executors={"default": {"type": "threadpool", "max_workers": _THREADS}},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": _LATE},
    )
    for job in all_jobs().values():
        if job.every is not None:
            seconds = job.every // timedelta(seconds=1)
            due = IntervalTrigger(seconds=seconds, start_date=jobs.FIRST_SLOT, timezone=UTC)
            clock.add_job(_run, due, args=[house, job, stopping], id=job.name)
    clock.start()
    _log.info("working", jobs=len(clock.get_jobs()))
    while held() and not stopping():
        time.sleep(_BEAT)
    clock.shutdown(wait=True)
    _log.info("stopped", told=stopping())


def _run(house: House, job: Job, stopping: Callable[[], bool]) -> None:
    """One slot of one job. A failure is logged here; the next slot tries again."""
    try:
        done = jobs.run_slot(house, job, stopping)
    except Exception:  # noqa: BLE001 - whatever a job does, the clock goes on
        _log.exception("job_failed", job=job.name)
        return
    if done:
        _log.info("job_ran", job=job.name, done=done)
