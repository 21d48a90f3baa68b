"""How many vouchers a second are issued and redeemed, and what becomes of it when all want one."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from statistics import median
from typing import Any

import orjson
from flask.testing import FlaskClient

from app import identity, ledger, merchants
from app.kernel import Ids, to_wire
from app.ledger import Change
from app.redemption.codebook import VOUCHER
from app.redemption.model import code_digest, new_code
from bench.figures import Figure, say
from bench.place import Base, City, Place, found_city
from bench.replay import rehearse, replay
from bench.serving import Server, request, serve, write_requests

PAIRS = 3_000
_FEWEST_PAIRS = 400
REHEARSED = 1_000
ROUNDS = 3
# As many as the server has threads; and few against many for one hot row.
CONNECTIONS = 32
FEW, MANY = 8, 64
_LEAST_OF_MANY = 0.7
_NO_END = 600.0
_CREATED = 201
_BUS, _BENEFIT = "weihai_bus", "one_cent_bus_ride"
_POINTS = 100_000
Sent = tuple[str, dict[str, str], bytes]


class Market:
    """A merchant, and residents with points who each want the same benefit, one after another."""

    def __init__(self, base: Base, city: City) -> None:
        self.base, self.city, self.next = base, city, 0
        with base.work() as work:
            merchants.found(work, _BUS, "Bus")
            self.office, _ = identity.create_client(work, "merchant", "Office")
            merchants.bind(work, self.office, _BUS)
            wallets = ledger.lock(work, city.residents)
            ids = Ids(work.now)
            changes = [Change(who, ids(), work.today, _POINTS) for who in city.residents]
            ledger.adjust(work, wallets, changes)

    def some(self, count: int) -> list[bytes]:
        """The next residents; each asks once in the whole benchmark."""
        self.next += count
        assert self.next <= len(self.city.residents), "more residents are needed"
        return self.city.residents[self.next - count : self.next]

    def takes(self, token: Callable[[bytes], str], whose: Sequence[bytes]) -> list[Sent]:
        body = orjson.dumps({"benefit_id": _BENEFIT})
        return [("/v1/me/vouchers", _head(token(each)), body) for each in whose]

    def redeems(self, token: str, whose: Sequence[bytes]) -> list[Sent]:
        """Requests with a code for each of these residents' vouchers, made here: showing a code is
        not what is measured."""
        with self.base.work() as work:
            rows = self.vouchers(whose)
            codes = [new_code() for _ in rows]
            ends = work.now + timedelta(days=1)
            for code, (resident, voucher) in zip(codes, rows, strict=True):
                _add_code(work, code, resident, voucher, ends)
        return [("/v1/redemptions", _head(token), orjson.dumps({"code": code})) for code in codes]

    def vouchers(self, whose: Sequence[bytes]) -> list[tuple[bytes, bytes]]:
        with self.base.session() as db:
            found = db.execute(
                "SELECT resident_id, id FROM voucher WHERE resident_id = ANY(%s)", (list(whose),)
            ).fetchall()
        return [(bytes(resident), bytes(voucher)) for resident, voucher in found]


def _add_code(work: Any, code: str, resident: bytes, voucher: bytes, ends: datetime) -> None:
    from app.redemption import codebook

    codebook.add(work, code_digest(code), VOUCHER, resident, voucher, ends)


def _head(token: str) -> dict[str, str]:
    return {
        "Authorization": f"Bearer {token}",
        "Idempotency-Key": secrets.token_hex(8),
        "Content-Type": "application/json",
    }


def redeeming(place: Place) -> Iterator[Figure]:
    """Issue and redeem beside the same statements in pgbench; one hot benefit with few and many."""
    pairs = place.scaled(PAIRS, _FEWEST_PAIRS)
    rehearsed = min(REHEARSED, pairs)
    residents = 2 * rehearsed + (ROUNDS + 1) * 3 * pairs
    first_day = datetime.now(UTC).date() - timedelta(days=60)
    with place.base("redeeming") as base:
        market = Market(base, found_city(base, residents, first_day))
        base.settle()
        say(f"redeeming: {rehearsed} pairs are rehearsed and sent again by pgbench")
        floors = _floors(place, market, rehearsed)
        with serve(base, place.folder / "redeeming.log") as server:
            issue, redeem, few, many = _rounds(place, market, server, pairs)
    yield Figure(
        "issue + redeem a voucher", "pairs/s", _pairs(issue, redeem), _pairs(*floors),
        "the same statements in pgbench, as many clients",
    )  # fmt: skip
    yield Figure(
        f"issue one hot benefit, {MANY} clients", "req/s", many, few, f"{FEW} clients",
        least=_LEAST_OF_MANY,
    )  # fmt: skip


def _pairs(issue: float, redeem: float) -> float:
    return 1 / (1 / issue + 1 / redeem)


def _floors(place: Place, market: Market, count: int) -> tuple[float, float]:
    """Requests a second of pgbench for issuing and for redeeming.

    The database is copied before each rehearsal, so that the statements find it as it was.
    """
    base, client = market.base, market.base.app.test_client()
    here = base.house
    whose = market.some(count)
    rates = []
    for name, sent in (
        ("issue", lambda: market.takes(partial(_token, here, "resident", "res"), whose)),
        ("redeem", lambda: market.redeems(_token(here, "merchant", "cli", market.office), whose)),
    ):
        requests = sent()
        with place.copy(base, f"floor_{name}") as copy:
            told = rehearse(base, [partial(_post, client, *each) for each in requests])
            copy.settle()
            rates.append(replay(copy, told, CONNECTIONS, place.folder))
    return rates[0], rates[1]


def _token(here: Any, scope: str, prefix: str, subject: bytes | str) -> str:
    from app.plumbing import tokens

    wire = subject if isinstance(subject, str) else to_wire(prefix, subject)
    return tokens.issue(here.signing_keys, here.clock.now(), 43_200, scope, wire)


def _post(client: FlaskClient, path: str, headers: dict[str, str], body: bytes) -> None:
    answer = client.post(path, data=body, headers=headers)
    assert answer.status_code == _CREATED, answer.text


def _rounds(
    place: Place, market: Market, server: Server, pairs: int
) -> tuple[float, float, float, float]:
    """Medians of rounds that take turns; the first only warms up."""
    found: list[list[float]] = [[], [], [], []]
    whose = partial(server.token, "resident", "res")
    office = server.token("merchant", "cli", market.office)
    for turn in range(ROUNDS + 1):
        people = market.some(pairs)
        rates = [
            _rate(place, server, market.takes(whose, people), CONNECTIONS),
            _rate(place, server, market.redeems(office, people), CONNECTIONS),
            *(
                _rate(place, server, market.takes(whose, market.some(pairs)), clients)
                for clients in ((FEW, MANY) if turn % 2 else (MANY, FEW))
            ),
        ]
        if not turn % 2:
            rates[2], rates[3] = rates[3], rates[2]
        if turn:
            for one, rate in zip(found, rates, strict=True):
                one.append(rate)
        else:
            server.base.settle()
        say(
            "redeeming: {:.0f} issues/s, {:.0f} redemptions/s, {:.0f} by 8, {:.0f} by 64".format(
                *rates
            )
        )
    issue, redeem, few, many = map(median, found)
    return issue, redeem, few, many


def _rate(place: Place, server: Server, sent: Sequence[Sent], connections: int) -> float:
    path = place.folder / "requests"
    write_requests(path, [request("POST", *each) for each in sent])
    return server.rate(path, connections, _NO_END, good=_CREATED)
