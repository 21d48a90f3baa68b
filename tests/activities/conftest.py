"""Who calls in the tests of acts over HTTP."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from app.settings import Settings
from tests.activities.desk import Desk
from tests.conftest import Headers


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Tokens that outlive a test which sets the clock forward."""
    return replace(settings, access_seconds=400 * 86_400)


@pytest.fixture
def desk(client: FlaskClient, register: Callable[..., tuple[str, str]], resident: Headers) -> Desk:
    """A provider that may report anything; `card0` belongs to the resident."""
    opened = Desk.opened(client, register)
    opened.bind(resident)
    return opened
