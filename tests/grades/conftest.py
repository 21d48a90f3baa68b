from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.kernel import FixedClock
from app.settings import Settings
from tests.activities.desk import Desk
from tests.conftest import Headers
from tests.grades.office import REPORTED, Office


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Tokens that outlive the quarters of a test."""
    return replace(settings, access_seconds=4 * 366 * 86_400)


@pytest.fixture
def clock() -> FixedClock:
    """Tokens are made here, well before the first act is recorded."""
    return FixedClock(datetime(2025, 6, 1, tzinfo=UTC))


@pytest.fixture
def office(
    app: Flask,
    client: FlaskClient,
    clock: FixedClock,
    register: Callable[..., Any],
    resident: Headers,
) -> Office:
    desk = Desk.opened(client, register, kind="utility")
    desk.bind(resident)
    clock.instant = REPORTED
    return Office(app, client, clock, desk, resident)
