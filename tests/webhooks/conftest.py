"""A party with a server of its own, and the city that tells it things."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from app import webhooks
from app.kernel import FixedClock
from app.plumbing import Actor, House, jobs
from app.scheduler import all_jobs
from tests.webhooks.receiver import Receiver, receiving

CAUSE = Actor("command")
PARTY = "union"


class City:
    """Puts events, relays them, and lets time pass."""

    def __init__(self, house: House, clock: FixedClock) -> None:
        self.house, self.clock = house, clock

    def put(self, count: int = 1, party: str = PARTY, **data: Any) -> list[bytes]:
        """Events, each of a cause of its own."""
        made = []
        for number in range(count):
            with self.house.work(CAUSE) as work:
                made.append(webhooks.put(work, party, "thing.done", {"number": number} | data))
            self.clock.instant += timedelta(milliseconds=1)
        return made

    def register(self, url: str, party: str = PARTY) -> str:
        with self.house.work(CAUSE) as work:
            return webhooks.register(work, party, url)

    def relay(self) -> int:
        """Send what is due; how many attempts were made."""
        return jobs.run(self.house, all_jobs()["webhooks.relay"])

    def wait(self, **time: int) -> None:
        self.clock.instant += timedelta(**time)

    def pulled(self, after: int = 0, party: str = PARTY, limit: int = 100) -> list[webhooks.Event]:
        with self.house.work(CAUSE) as work:
            return webhooks.events(work, party, after, limit)

    def listed(self, state: str | None = None, party: str = PARTY) -> list[webhooks.Delivery]:
        """Oldest first."""
        with self.house.look(CAUSE) as work:
            return webhooks.listed(work, party, state, 100, None)[::-1]

    def states(self) -> list[str]:
        return [each.state for each in self.listed()]

    def replay(self, event_id: bytes, party: str | None = None) -> webhooks.Delivery:
        with self.house.work(CAUSE) as work:
            return webhooks.replay(work, event_id, party)

    def endpoint(self, party: str = PARTY) -> webhooks.Endpoint | None:
        with self.house.look(CAUSE) as work:
            return webhooks.endpoint(work, party)


@pytest.fixture
def city(house: House, clock: FixedClock) -> City:
    return City(house, clock)


@pytest.fixture
def server() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture
def another() -> Iterator[Callable[..., Receiver]]:
    """More servers, as many as are asked for."""
    opened = []

    def make(**how: Any) -> Receiver:
        opened.append(receiving(**how))
        return opened[-1].__enter__()

    yield make
    for each in opened:
        each.__exit__(None, None, None)
