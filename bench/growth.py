"""What a request costs when the same residents have ten times the history."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from statistics import median, quantiles
from typing import Any, NamedTuple

from sqlalchemy import event

from bench import history
from bench.asking import Bank, asker, rate
from bench.figures import Figure, say
from bench.place import Base, City, Place
from bench.posting import Provider
from bench.serving import Line, Server, serve

RESIDENTS = 10_000
DAYS = 500
TIMES = 10
SAMPLE = 100
ROUNDS = 5
_MOST = 1.2
_ASKED = 2_000
_EXPLAINED = 20
_QUERIES = ("/v1/me/points", "/v1/me/activities")
_EXPLAIN = "EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) "


class Side(NamedTuple):
    """One of the two sizes, served; a connection to it, and the headers of sampled residents."""

    base: Base
    city: City
    server: Server
    line: Line
    heads: list[dict[str, str]]


def growth(place: Place) -> Iterator[Figure]:
    """The same residents on two databases: taps on every tenth day, and on each day, of the same
    five hundred. So a day is as full and lots are as many on both sides; only the past differs."""
    residents = place.scaled(RESIDENTS, 2 * SAMPLE)
    until = datetime.now(UTC).date() - timedelta(days=2)
    days = [until - timedelta(days=n) for n in reversed(range(DAYS))]
    with ExitStack() as stack:
        sides = []
        for name, step in (("short", TIMES), ("long", 1)):
            base = stack.enter_context(place.base(name))
            city = history.make(base, residents, days[::-step][::-1])
            server = stack.enter_context(serve(base, place.folder / f"{name}.log"))
            sample = Random(1).sample(city.residents, SAMPLE)
            heads = [_bearer(server, resident) for resident in sample]
            sides.append(Side(base, city, server, Line(server), heads))
        acts = residents * DAYS * len(history.TAPS)
        yield from _queries(sides, acts)
        yield _posts(sides, residents, acts)
        yield from _inquiries(place, sides, acts)


def _queries(sides: Sequence[Side], acts: int) -> Iterator[Figure]:
    floor = f"at {acts // TIMES:,} acts"
    for path in _QUERIES:
        say(f"growth: {path}, {ROUNDS} rounds of {SAMPLE} residents, both sides in turn")
        short, long = (_buffers(side, path) for side in sides)
        times = _interleaved(sides, partial(_get, path))
        yield Figure(
            f"GET {path}, at {acts:,} acts", "ms", times[1], times[0], floor,
            most=_MOST, same=long <= short,
        )  # fmt: skip
        yield Figure(f"GET {path}, its statements", "buffers", long, short, floor)


def _get(path: str, side: Side, number: int) -> float:
    return side.line.seconds("GET", path, side.heads[number])


def _posts(sides: Sequence[Side], residents: int, acts: int) -> Figure:
    say("growth: POST /v1/activities, one act a request, both sides in turn")
    providers = {
        side.base.name: Provider(
            side.server.token("provider", "cli", side.city.provider), residents
        )
        for side in sides
    }

    def post(side: Side, _: int) -> float:
        headers, body = providers[side.base.name].parts(1)
        return side.line.seconds("POST", "/v1/activities", headers, body)

    short, long = _interleaved(sides, post)
    name = f"POST /v1/activities, at {acts:,} acts"
    return Figure(name, "ms", long, short, f"at {acts // TIMES:,} acts", most=_MOST)


def _inquiries(place: Place, sides: Sequence[Side], acts: int) -> Iterator[Figure]:
    """A bank's inquiry reads the grade, and no history: one alone, the slowest of a hundred, and
    how many a second."""
    say("growth: POST /v1/credit/inquiries, both sides in turn")
    floor = f"at {acts // TIMES:,} acts"
    banks = {side.base.name: Bank(side.base, side.city.residents) for side in sides}
    askers = {side.base.name: asker(side.server, banks[side.base.name]) for side in sides}
    times = _times(sides, lambda side, _: askers[side.base.name]())
    for name, part in (("", 50), (", p99", 99)):
        short, long = (quantiles(each, n=100)[part - 1] for each in times)
        title = f"POST /v1/credit/inquiries{name}, at {acts:,} acts"
        yield Figure(title, "ms", long, short, floor, most=_MOST)
    rates: list[list[float]] = [[], []]
    for turn in range(ROUNDS):
        for index in (0, 1) if turn % 2 else (1, 0):
            side = sides[index]
            number = place.scaled(_ASKED, SAMPLE)
            rates[index].append(rate(place, banks[side.base.name], side.server, number))
    short, long = map(median, rates)
    yield Figure(f"inquiries, at {acts:,} acts", "req/s", long, short, floor, least=1 / _MOST)


def _interleaved(sides: Sequence[Side], ask: Callable[[Side, int], float]) -> list[float]:
    """Median milliseconds of each side."""
    return [median(each) for each in _times(sides, ask)]


def _times(sides: Sequence[Side], ask: Callable[[Side, int], float]) -> list[list[float]]:
    """Milliseconds of each side, asked in turn; the first round only warms up."""
    found: list[list[float]] = [[] for _ in sides]
    for turn in range(ROUNDS + 1):
        for number in range(SAMPLE):
            for index in (0, 1) if (turn + number) % 2 else (1, 0):
                seconds = ask(sides[index], number)
                if turn:
                    found[index].append(seconds * 1000)
    return found


def _bearer(server: Server, resident: bytes) -> dict[str, str]:
    return {"Authorization": f"Bearer {server.token('resident', 'res', resident)}"}


def _buffers(side: Side, path: str) -> float:
    """Pages read by the statements behind a query: the median of some residents."""
    return median(_pages(side.base, path, head) for head in side.heads[:_EXPLAINED])


def _pages(base: Base, path: str, headers: dict[str, str]) -> int:
    """Have the application answer, and explain each statement that it sent."""
    asked: list[tuple[str, Any]] = []

    def keep(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.append((statement, parameters))

    engine = base.house.engine
    event.listen(engine, "before_cursor_execute", keep)
    answer = base.app.test_client().get(path, headers=headers)
    event.remove(engine, "before_cursor_execute", keep)
    assert answer.status_code == 200, answer.text
    pages = 0
    with base.session() as db:
        for statement, parameters in asked:
            (found,) = db.execute(_EXPLAIN + statement, parameters).fetchone() or ([],)
            plan = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
            pages += plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
    return pages
