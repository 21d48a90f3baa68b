"""Relays: several at once, killed ones, and the scheduler's."""

import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from app import webhooks
from app.kernel import to_wire
from app.plumbing import jobs
from app.scheduler import all_jobs
from app.settings import Settings
from tests.journeys.live import Process, environment, running, until
from tests.webhooks.conftest import CAUSE, PARTY, City
from tests.webhooks.receiver import Receiver, slowly

Start = Callable[..., Iterator[Process]]


@pytest.fixture
def start(settings: Settings, tmp_path: Path) -> Start:
    """Starts a command in a process of its own; its clock is the machine's."""

    @contextmanager
    def begin(*words: str) -> Iterator[Process]:
        command = (sys.executable, "-m", "flask", *words)
        with running(environment(settings), tmp_path / f"{words[0]}.log", *command) as process:
            yield process

    return begin


def test_four_relays_at_once_send_each_event_once(city: City, server: Receiver) -> None:
    server.always = slowly
    city.register(server.url)
    city.put(50)
    with ThreadPoolExecutor(4) as threads:
        made = [run.result() for run in [threads.submit(city.relay) for _ in range(4)]]
    assert sum(made) == 50
    assert server.sequences == [*range(1, 51)]
    assert city.states() == ["delivered"] * 50


def test_whatever_happens_at_once_nobody_waits_for_ever(city: City, server: Receiver) -> None:
    """Registering, replaying, pulling and relaying take the same rows, all in the same order."""
    city.register(server.url)
    made = city.put(40)

    def meddle(number: int) -> None:
        (lambda: city.register(server.url), city.relay, city.pulled, city.relay)[number % 4]()
        city.replay(made[number])

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(meddle, range(40)))
    city.relay()
    assert city.states() == ["delivered"] * 40
    assert {*server.ids} == {to_wire("evt", each) for each in made}


def test_while_one_is_sent_others_may_write(city: City, server: Receiver) -> None:
    """SQLite has one writer: a relay that sent within its transaction would stop the city."""

    def write_meanwhile(request: BaseHTTPRequestHandler) -> None:
        with city.house.work(CAUSE) as work:
            webhooks.put(work, PARTY, "thing.done", {"number": 7})
        request.send_response(200)
        request.end_headers()

    server.does += [write_meanwhile]
    city.register(server.url)
    city.put()
    assert city.relay() == 2
    assert [each.json["data"]["number"] for each in server.got] == [0, 7]


def test_a_relay_that_is_to_stop_begins_nothing_more(city: City, server: Receiver) -> None:
    city.register(server.url)
    city.put(30)
    relay = all_jobs()["webhooks.relay"]
    assert jobs.run(city.house, relay, stopping=lambda: len(server.got) >= 3) == 3
    assert city.states().count("delivered") == 3
    assert city.relay() == 27


def test_what_a_killed_relay_had_begun_is_sent_again(
    city: City, server: Receiver, start: Start
) -> None:
    server.does += [200, server.hang]
    city.clock.instant = datetime.now(UTC)
    city.register(server.url)
    city.put(2)
    city.clock.instant = datetime.now(UTC)
    with start("jobs", "run", "webhooks.relay") as relay:
        until(lambda: len(server.got) == 2, lambda: relay.said, relay.alive)
        relay.tell(signal.SIGKILL)
        relay.popen.wait()
    city.clock.instant = datetime.now(UTC)
    assert city.states() == ["waiting", "waiting"]
    assert city.relay() == 0  # the dead one's lease still runs
    city.wait(seconds=61)
    assert city.relay() == 2
    assert server.sequences == [1, 2, 1, 2]
    assert server.ids[:2] == server.ids[2:]
    assert [each.body for each in server.got[:2]] == [each.body for each in server.got[2:]]
    assert city.states() == ["delivered"] * 2


def test_the_scheduler_relays(city: City, server: Receiver, start: Start) -> None:
    city.register(server.url)
    city.put(3)
    with start("scheduler") as scheduler:
        until(lambda: len(server.got) == 3, lambda: scheduler.said, scheduler.alive)
        city.put()
        until(lambda: len(server.got) == 4, lambda: scheduler.said, scheduler.alive)
        scheduler.tell(signal.SIGTERM)
        assert scheduler.popen.wait(30) == 0
    assert city.states() == ["delivered"] * 4
    assert "Traceback" not in scheduler.said
