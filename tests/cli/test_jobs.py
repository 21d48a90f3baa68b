"""Jobs run once a slot, whoever asks; a standby takes over at once."""

import signal
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from app import scheduler
from app.kernel import FixedClock
from app.plumbing import Actor, House, Work, jobs
from app.plumbing import house as house_of
from app.plumbing.jobs import Job
from app.plumbing.lease import lease
from app.settings import Settings
from tests.journeys.live import environment, running

HOURLY = timedelta(hours=1)
SCHEDULER = (sys.executable, "-m", "flask", "scheduler")


def counting(left: list[int]) -> Job:
    """A job that has so many chunks to do."""

    def function(work: Work) -> int:
        assert work.actor.kind == "job"
        return left.pop() if left else 0

    return Job("test.counting", function, HOURLY)


def test_a_job_is_repeated_until_it_finds_nothing(house: House) -> None:
    left = [3, 2, 1]
    assert jobs.run(house, counting(left)) == 6
    assert jobs.run(house, counting(left)) == 0


def test_a_job_has_an_end_and_can_be_stopped(house: House) -> None:
    endless = Job("test.endless", lambda _work: 1, HOURLY)
    assert jobs.run(house, endless, most=5) == 5
    assert jobs.run(house, endless, stopping=lambda: True) == 1


def test_a_job_apart_opens_its_own_works(house: House) -> None:
    left = [3, 2, 1]

    def function(given: House, actor: Actor, stopping: Callable[[], bool]) -> int:
        assert (given, stopping()) == (house, False)
        for _ in range(2):  # SQLite would wait for a transaction that was open already
            with given.work(actor) as work:
                assert (work.actor.kind, work.actor.name) == ("job", "test.apart")
        return left.pop() if left else 0

    job = Job("test.apart", jobs.Apart(function), HOURLY)
    assert jobs.run(house, job) == 6
    left.append(7)
    assert jobs.run_slot(house, job) == 7


def test_slots_are_the_same_for_every_scheduler() -> None:
    job = counting([])
    assert job.slot(datetime(2026, 3, 10, 4, 59, 59, tzinfo=UTC)) == datetime(
        2026, 3, 10, 4, tzinfo=UTC
    )


def test_eight_schedulers_at_once_run_a_slot_once(house: House, clock: FixedClock) -> None:
    left = [1] * 50
    with ThreadPoolExecutor(8) as threads:
        runs = [threads.submit(jobs.run_slot, house, counting(left)) for _ in range(8)]
        done = [run.result() for run in runs]
    assert sorted(each for each in done if each is not None) == [50]
    with house.look(Actor("command")) as work:
        last = jobs.last_runs(work)["test.counting"]
    assert last["done"] == 50

    clock.instant += HOURLY
    assert jobs.run_slot(house, counting([7])) == 7


def test_old_runs_are_forgotten(house: House, clock: FixedClock) -> None:
    jobs.run_slot(house, counting([]))
    clock.instant += timedelta(days=8)
    jobs.run_slot(house, counting([]))
    forget = scheduler.all_jobs()["plumbing.forget_runs"]
    assert jobs.run(house, forget) == 1


def test_runs_that_found_nothing_are_forgotten_sooner(house: House, clock: FixedClock) -> None:
    for done in ([5], []):
        jobs.run_slot(house, counting(done))
        clock.instant += timedelta(days=1, hours=1)
    forget = scheduler.all_jobs()["plumbing.forget_runs"]
    assert jobs.run(house, forget) == 1
    with house.look(Actor("command")) as work:
        assert jobs.last_runs(work)["test.counting"]["done"] == 5


def test_every_job_is_safe_to_run_twice(house: House) -> None:
    for job in scheduler.all_jobs().values():
        jobs.run(house, job)
        assert jobs.run(house, job) == 0


def test_a_lease_is_held_once(app: Flask, tmp_path: Path) -> None:
    engine = house_of(app).engine
    mine, other = (lease(engine, "scheduler", tmp_path) for _ in range(2))
    third = lease(engine, "another", tmp_path)
    assert (mine.take(), other.take(), third.take()) == (True, False, True)
    assert (mine.held(), other.held()) == (True, False)
    mine.release()
    assert (mine.held(), other.take()) == (False, True)
    other.release()
    third.release()


@pytest.fixture
def deployment(settings: Settings) -> dict[str, str]:
    return environment(settings)


def test_a_standby_takes_over_when_the_worker_is_killed(
    deployment: dict[str, str], tmp_path: Path
) -> None:
    with (
        running(deployment, tmp_path / "first.log", *SCHEDULER) as first,
        running(deployment, tmp_path / "second.log", *SCHEDULER) as second,
    ):
        first.wait_for('"event": "')
        second.wait_for('"event": "')
        working, waiting = (first, second) if "working" in first.said else (second, first)
        assert "working" not in waiting.said
        working.tell(signal.SIGKILL)
        waiting.wait_for('"event": "working"')
        waiting.tell(signal.SIGTERM)
        assert waiting.popen.wait(30) == 0
        assert '"event": "stopped"' in waiting.said
