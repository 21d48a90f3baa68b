"""Told to stop, the server finishes what it has begun."""

import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx
import pytest
import sqlalchemy as sa

from app.settings import Settings
from tests.journeys.live import Environ, Process, until
from tests.journeys.people import bind, bus_tap, provider, resident, send


@contextmanager
def nobody_may_write(url: str) -> Iterator[None]:
    """Hold a lock that every posted act must wait for."""
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        postgresql = engine.dialect.name == "postgresql"
        connection.exec_driver_sql("BEGIN" if postgresql else "BEGIN IMMEDIATE")
        if postgresql:
            connection.exec_driver_sql("LOCK TABLE idempotency_key IN EXCLUSIVE MODE")
        yield
        connection.exec_driver_sql("ROLLBACK")
    engine.dispose()


def test_a_request_that_runs_is_answered_before_the_server_ends(
    environ: Environ, server: tuple[Process, httpx.Client], settings: Settings
) -> None:
    process, http = server
    who = resident(http)
    client_id, bus = provider(http, environ)
    bind(http, who, client_id, "card-1")

    with ThreadPoolExecutor() as threads:
        with nobody_may_write(settings.database_url):
            running = threads.submit(send, http, bus, "night", bus_tap("tap-1", "card-1"))
            with pytest.raises(TimeoutError):
                running.result(timeout=1.5)
            process.tell(signal.SIGTERM)
            until(lambda: "Handling signal: term" in process.said, lambda: process.said)
        answer = running.result(timeout=30)

    assert answer.json()["results"][0]["status"] == "credited"
    assert process.popen.wait(timeout=30) == 0
    assert process.group() == []
