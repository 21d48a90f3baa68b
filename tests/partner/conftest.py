"""A stub city and a partner process beside it, with a member named anna who has 1000 units."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.partner.stage import Partner, until
from tests.partner.stub import StubCity


@pytest.fixture
def city() -> Iterator[StubCity]:
    stub = StubCity()
    yield stub
    stub.close()


@pytest.fixture
def started() -> Iterator[list[Partner]]:
    """Processes that end with the test, however it ends."""
    each: list[Partner] = []
    yield each
    for one in each:
        if one.running():
            one.kill()


@pytest.fixture
def partner(city: StubCity, tmp_path: Path, started: list[Partner]) -> Partner:
    made = Partner(city.url, tmp_path)
    started.append(made)
    city.partner = made.start()
    until(lambda: city.answered)  # it has asked for events once, and asks again much later
    made.do("members", phone="13800138000", units="1000", account="anna")
    return made
