"""How many acts a second come in over HTTP, one a request and many a request."""

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

import orjson

from bench.figures import Figure, say
from bench.place import Place, found_city
from bench.serving import Server, request, serve, write_requests

RESIDENTS = 100_000
_FEWEST_RESIDENTS = 10_000
MANY = 500
ROUNDS = 5
# As many as the server has threads.
CONNECTIONS = 32
# Few keep both cores busy; more only take each other's time.
CONNECTIONS_OF_MANY = 4
_SECONDS = 4
_ONES_A_ROUND = 8_000
_MANIES_A_ROUND = 120
_LEAST_OF_EMPTY = 0.25
_LEAST_OF_MANY = 10


class Provider:
    """Requests of a provider: acts of random residents in the last days, none sent twice."""

    def __init__(self, token: str, residents: int) -> None:
        self.headers = {"Authorization": f"Bearer {token}"}
        self.residents = residents
        self.random = Random(7)
        self.now = datetime.now(UTC)
        self.count = 0

    def post(self, acts: int) -> bytes:
        """A whole request of so many acts."""
        return request("POST", "/v1/activities", *self.parts(acts))

    def parts(self, acts: int) -> tuple[dict[str, str], bytes]:
        """The same as headers and body."""
        body = orjson.dumps({"activities": [self.act() for _ in range(acts)]})
        more = {"Idempotency-Key": secrets.token_hex(8), "Content-Type": "application/json"}
        return self.headers | more, body

    def act(self) -> dict[str, Any]:
        self.count += 1
        ago = timedelta(seconds=self.random.randrange(30 * 86400))
        return {
            "reference": f"post{self.count}",
            "subject": f"card{self.random.randrange(self.residents)}",
            "behaviour": "bus_ride",
            "occurred_at": (self.now - ago).isoformat(timespec="seconds"),
            "quantity": None,
            "unit": None,
            "evidence": {"line": str(self.count % 90)},
        }


def posting(place: Place) -> Iterator[Figure]:
    """One act a request beside an empty endpoint; 500 a request beside one."""
    residents = place.scaled(RESIDENTS, _FEWEST_RESIDENTS)
    with place.base("posting") as base:
        first_day = datetime.now(UTC).date() - timedelta(days=60)
        city = found_city(base, residents, first_day)
        with serve(base, place.folder / "posting.log") as server:
            provider = Provider(server.token("provider", "cli", city.provider), residents)
            say("posting: rounds of an empty endpoint, one act a request, 500 a request")
            empty, one, many = _rounds(server, provider, place)
    yield Figure(
        "POST /v1/activities, 1 a request", "req/s", one, empty,
        "an empty JSON endpoint, same middleware", least=_LEAST_OF_EMPTY,
    )  # fmt: skip
    yield Figure(
        f"POST /v1/activities, {MANY} a request", "acts/s", many, one, "1 a request",
        least=_LEAST_OF_MANY,
    )  # fmt: skip


def _rounds(server: Server, provider: Provider, place: Place) -> tuple[float, float, float]:
    """Requests a second of the empty endpoint, and acts a second by one and by many: medians of
    rounds that take turns. A round before them warms up; after it plans are made anew, since a
    database of any age does not keep those of empty tables."""
    seconds = max(1.0, _SECONDS * min(1.0, place.scale * 4))
    share = seconds / _SECONDS
    path = place.folder / "requests"
    empty, one, many = [], [], []
    for turn in range(ROUNDS + 1):
        nothing = [request("GET", "/bench/empty", {})]
        empty.append(_rate(server, path, nothing, CONNECTIONS, seconds, again=True))
        ones = [provider.post(1) for _ in range(int(_ONES_A_ROUND * share))]
        one.append(_rate(server, path, ones, CONNECTIONS, seconds))
        manies = [provider.post(MANY) for _ in range(max(16, int(_MANIES_A_ROUND * share)))]
        requests = _rate(server, path, manies, CONNECTIONS_OF_MANY, seconds)
        many.append(requests * MANY)
        if not turn:
            server.base.settle()
        say(f"posting: {empty[-1]:.0f} req/s empty, {one[-1]:.0f} by one, {many[-1]:.0f} acts/s")
    return median(empty[1:]), median(one[1:]), median(many[1:])


def _rate(
    server: Server, path: Path, requests: list[bytes], connections: int, seconds: float,
    *, again: bool = False,
) -> float:  # fmt: skip
    write_requests(path, requests)
    return server.rate(path, connections, seconds, again=again)
