from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from app.kernel import FixedClock
from tests.redemption.crowds import strays
from tests.redemption.market import Market


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    """An application whose tokens outlive the days that a test lets pass."""
    return make_app(access_seconds=10 * 366 * 86400)


@pytest.fixture
def market(app: Flask, clock: FixedClock) -> Iterator[Market]:
    """A city to buy in; whatever a test does, its books agree at the end, and every
    voucher has come where it stands by ways that are on the list."""
    found = Market(app, clock, app.test_client())
    yield found
    assert found.audit() == []
    assert strays(found.house) == []
