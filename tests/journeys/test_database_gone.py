"""The database goes away in the middle, and comes back: nothing is lost, nothing paid twice."""

import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from app.settings import Settings
from tests import postgres
from tests.journeys.live import Environ, environment, migrate, running, serving, until
from tests.journeys.people import bind, bus_tap, provider, resident, send
from tests.machine import Machine


@pytest.fixture
def machine() -> Iterator[Machine]:
    with postgres.throwaway_server() as address:
        yield Machine(address)


@pytest.fixture
def environ(machine: Machine, key_folders: tuple[Path, Path], tmp_path: Path) -> Environ:
    signing, data = key_folders
    settings = Settings(
        database_url=machine.url, signing_keys=signing, data_keys=data, instance=tmp_path
    )
    migrate(settings)
    return environment(settings)


def test_a_database_that_goes_and_comes_back(
    machine: Machine, environ: Environ, tmp_path: Path
) -> None:
    with serving(environ, tmp_path) as (_, http):
        who = resident(http)
        client_id, bus = provider(http, environ)
        bind(http, who, client_id, "card-1")
        tap = bus_tap("tap-1", "card-1")

        cut_off = pulled_during(machine, http, bus, tap)
        assert_unavailable(cut_off)
        assert_unavailable(http.get("/v1/me/points", headers=who))
        assert http.get("/healthz").status_code == 200
        ready = http.get("/readyz")
        assert (ready.status_code, ready.json()["checks"]["database"]) == (503, False)

        machine.put_back()
        until(lambda: http.get("/readyz").status_code == 200)
        sent = send(http, bus, "night", tap)
        assert "Idempotency-Replayed" not in sent.headers
        assert sent.json()["results"][0]["status"] == "credited"
        assert http.get("/v1/me/points", headers=who).json()["available"] == "8.00"


def test_a_scheduler_outlives_its_database(
    machine: Machine, environ: Environ, tmp_path: Path
) -> None:
    command = (sys.executable, "-m", "flask", "scheduler")
    with running(environ, tmp_path / "scheduler.log", *command) as scheduler:
        scheduler.wait_for('"event": "working"')
        machine.pull()
        scheduler.wait_for('"told": false, "event": "stopped"')
        machine.put_back()
        until(lambda: scheduler.said.count('"event": "working"') == 2, lambda: scheduler.said)
        scheduler.tell(signal.SIGTERM)
        assert scheduler.popen.wait(30) == 0


def pulled_during(
    machine: Machine, http: httpx.Client, bus: dict[str, str], tap: dict[str, object]
) -> httpx.Response:
    """The answer to a request that was running when the database went."""
    engine = sa.create_engine(machine.url)
    with ThreadPoolExecutor() as threads, engine.connect() as connection:
        connection.execute(sa.text("LOCK TABLE idempotency_key IN EXCLUSIVE MODE"))
        running = threads.submit(send, http, bus, "night", tap)
        with pytest.raises(TimeoutError):
            running.result(timeout=1)
        machine.pull()
        connection.invalidate()
        answer = running.result(timeout=30)
    engine.dispose()
    return answer


def assert_unavailable(answer: httpx.Response) -> None:
    assert answer.status_code == 503, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.json()["code"] == "unavailable"
