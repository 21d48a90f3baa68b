from collections.abc import Callable

import pytest
from flask import Flask

from app.kernel import FixedClock
from tests.attestations.desk import Desk

TEN_YEARS_S = 10 * 366 * 86400


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    """An application whose tokens outlive the days that a test lets pass."""
    return make_app(access_seconds=TEN_YEARS_S)


@pytest.fixture
def desk(app: Flask, clock: FixedClock) -> Desk:
    return Desk(app, clock, app.test_client())
