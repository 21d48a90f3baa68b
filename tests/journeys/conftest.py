"""A migrated database and the real server on it."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app.settings import Settings
from tests.journeys.live import Environ, Process, environment, flask, serving


@pytest.fixture
def database_url(empty_database_url: str) -> str:
    return empty_database_url


@pytest.fixture
def environ(settings: Settings) -> Environ:
    """A deployment whose database its own command has migrated."""
    found = environment(settings)
    done = flask(found, "db", "upgrade")
    assert done.returncode == 0, done.stderr
    return found


@pytest.fixture
def server(environ: Environ, tmp_path: Path) -> Iterator[tuple[Process, httpx.Client]]:
    with serving(environ, tmp_path) as found:
        yield found


@pytest.fixture
def http(server: tuple[Process, httpx.Client]) -> httpx.Client:
    return server[1]
