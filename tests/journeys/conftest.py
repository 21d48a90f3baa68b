"""A migrated database and the real server on it."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app.settings import Settings
from tests.journeys.live import Environ, Process, environment, migrate, serving


@pytest.fixture
def database_url(empty_database_url: str) -> str:
    return empty_database_url


@pytest.fixture
def environ(settings: Settings) -> Environ:
    """A deployment whose database is migrated."""
    migrate(settings)
    return environment(settings)


@pytest.fixture
def server(environ: Environ, tmp_path: Path) -> Iterator[tuple[Process, httpx.Client]]:
    with serving(environ, tmp_path) as found:
        yield found


@pytest.fixture
def http(server: tuple[Process, httpx.Client]) -> httpx.Client:
    return server[1]
