from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.kernel import FixedClock
from app.settings import Settings
from tests.activities.desk import Desk
from tests.conftest import Headers
from tests.objections.court import Court
from tests.redemption.market import Market


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Tokens that outlive a test which sets the clock forward."""
    return replace(settings, access_seconds=2 * 366 * 86_400)


@pytest.fixture
def court(
    app: Flask,
    client: FlaskClient,
    clock: FixedClock,
    register: Callable[..., tuple[str, str]],
    resident: Headers,
) -> Iterator[Court]:
    """A resident, a provider that reports for `card0`, officers; whatever a test does, the audit
    finds nothing at the end."""
    desk = Desk.opened(client, register)
    desk.bind(resident)
    found = Court(Market(app, clock, client), desk, resident)
    yield found
    assert found.differences() == []
