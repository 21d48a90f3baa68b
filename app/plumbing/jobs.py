"""Jobs: what happens without anybody asking. How one is run, and who may run it when.

A job is a function `(work) → count`, safe to run twice. It is repeated, each time in a transaction
of its own, until it finds nothing more to do. One that waits for others, on a network say, would
hold its transaction all that while: it is `Apart`, and opens its own. A run at its time is a
*slot*; whoever inserts the slot's row first runs it, so two schedulers never do the same run.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.plumbing.db import UtcDateTime, metadata, upsert
from app.plumbing.work import Actor, House, Work

# Slots are counted from here, so every scheduler means the same instants by them.
FIRST_SLOT = datetime(2020, 1, 1, tzinfo=UTC)
_MOST_REPEATS = 100_000
_KEPT = timedelta(days=7)
_IDLE_KEPT = timedelta(days=1)  # of runs that found nothing: some jobs look every other second

job_run = sa.Table(
    "job_run",
    metadata,
    sa.Column("job", sa.String(60), primary_key=True),
    sa.Column("scheduled_for", UtcDateTime, primary_key=True),
    sa.Column("began_at", UtcDateTime, nullable=False),
    sa.Column("ended_at", UtcDateTime),
    sa.Column("done", sa.BigInteger),
)


class Apart(NamedTuple):
    """A job's function that opens its own works, with this actor, and looks now and then whether
    it is to stop: `(house, actor, stopping) → count`."""

    function: Callable[[House, Actor, Callable[[], bool]], int]


Function = Callable[[Work], int] | Apart


class Job(NamedTuple):
    """`every` None: an operator starts it, the scheduler never does."""

    name: str
    function: Function
    every: timedelta | None

    def slot(self, now: datetime) -> datetime:
        """The latest instant, not after `now`, at which this job is due."""
        assert self.every is not None
        return FIRST_SLOT + (now - FIRST_SLOT) // self.every * self.every


Listed = Mapping[str, tuple[Function, str | None, Mapping[str, int]]]


def read(listed: Listed) -> dict[str, Job]:
    """A room's JOBS, `{name: (function, "interval" or None, its length)}`, as jobs by name."""
    return {
        name: Job(name, function, timedelta(**length) if trigger == "interval" else None)
        for name, (function, trigger, length) in listed.items()
    }


def run(
    house: House, job: Job, stopping: Callable[[], bool] = bool, most: int = _MOST_REPEATS
) -> int:
    """Repeat a job until it finds nothing, at most `most` times; what it did in all."""
    total = 0
    for _ in range(most):
        done = _once(house, job, stopping)
        total += done
        if not done or stopping():
            break
    return total


def _once(house: House, job: Job, stopping: Callable[[], bool]) -> int:
    actor = Actor("job", name=job.name)
    if isinstance(job.function, Apart):
        return job.function.function(house, actor, stopping)
    with house.work(actor) as work:
        return job.function(work)


def run_slot(house: House, job: Job, stopping: Callable[[], bool] = bool) -> int | None:
    """Run a job for its present slot; None when the slot was somebody else's."""
    actor = Actor("job", name=job.name)
    with house.work(actor) as work:
        slot = job.slot(work.now)
        if not _claim(work, job.name, slot):
            return None
    done = run(house, job, stopping)
    with house.work(actor) as work:
        work.db.execute(
            job_run.update()
            .where(job_run.c.job == job.name, job_run.c.scheduled_for == slot)
            .values(ended_at=work.now, done=done)
        )
    return done


def _claim(work: Work, name: str, slot: datetime) -> bool:
    row = {"job": name, "scheduled_for": slot, "began_at": work.now}
    insert = upsert(work.db, job_run).values(**row)
    claimed = insert.on_conflict_do_nothing().returning(job_run.c.job)
    return work.db.execute(claimed).first() is not None


def last_runs(work: Work) -> dict[str, dict[str, Any]]:
    """The newest run of each job: when it was due, when it ended, what it did."""
    newest = sa.select(job_run.c.job, sa.func.max(job_run.c.scheduled_for).label("at"))
    newest_of = newest.group_by(job_run.c.job).subquery()
    rows = work.db.execute(
        sa.select(job_run).join(
            newest_of,
            (newest_of.c.job == job_run.c.job) & (newest_of.c.at == job_run.c.scheduled_for),
        )
    )
    return {
        row.job: {"scheduled_for": row.scheduled_for, "ended_at": row.ended_at, "done": row.done}
        for row in rows
    }


def forget_runs(work: Work) -> int:
    """Delete runs older than a week, and those that found nothing after a day. Job."""
    idle = sa.and_(job_run.c.done == 0, job_run.c.scheduled_for < work.now - _IDLE_KEPT)
    stale = sa.or_(job_run.c.scheduled_for < work.now - _KEPT, idle)
    return work.db.execute(job_run.delete().where(stale)).rowcount
