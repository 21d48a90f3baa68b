from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from app.kernel import FixedClock
from tests.recognition.bourse import Bourse


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    """An application whose tokens outlive the days that a test lets pass."""
    return make_app(access_seconds=10 * 366 * 86400, database_pool=16)


@pytest.fixture
def bourse(app: Flask, clock: FixedClock) -> Iterator[Bourse]:
    """A city to exchange in; whatever a test does, its books agree at the end."""
    found = Bourse(app, clock, app.test_client())
    yield found
    assert found.audit() == []
