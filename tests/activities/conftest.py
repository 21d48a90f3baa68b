"""Who calls in the tests of acts over HTTP."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.settings import Settings
from tests.activities.desk import Desk, Working
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


@pytest.fixture
def working(desk: Desk, client: FlaskClient, resident: Headers) -> Working:
    """The working of an act by its provider's reference."""

    def look(reference: str) -> dict[str, Any]:
        found = desk.get(f"/v1/provider/activities/{reference}").get_json()["id"]
        answer = client.get(f"/v1/me/activities/{found}", headers=resident)
        assert answer.status_code == 200, answer.get_json()
        return answer.get_json()

    return look
