"""From taps to points, a voucher, a code and a coffee: over HTTP, on the real server; and what the
reference terminal makes of a network that loses things."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from examples.terminal import Answer, Terminal, Unknown
from tests.journeys.live import Environ, client_of, told
from tests.journeys.lossy import KEEP, LOSE_ANSWER, LOSE_REQUEST, Lossy, lossy
from tests.journeys.people import Headers, bind, bus_tap, provider, resident, send

COFFEE = {"benefit_id": "own_cup_coffee"}


class Town:
    """One guest with 16 points for each of the days before, and one café."""

    def __init__(self, http: httpx.Client, environ: Environ) -> None:
        self.http, self.environ = http, environ
        self.guest = resident(http)
        client_id, bus = provider(http, environ)
        bind(http, self.guest, client_id, "card-1")
        taps = [bus_tap(f"tap-{hour}", "card-1", hour) for hour in (8, 10, 12, 14)]
        assert send(http, bus, "night-1", *taps).status_code == 200
        keys = client_of(environ, "merchant", "Café")
        grant = {"grant_type": "client_credentials"}
        self.token = http.post("/v1/auth/token", data=grant, auth=keys).json()["access_token"]
        self.cafe = {"Authorization": f"Bearer {self.token}"}

    def post(self, path: str, who: Headers, key: str, body: Any = None) -> httpx.Response:
        return self.http.post(path, headers=who | {"Idempotency-Key": key}, json=body or {})

    def voucher(self, key: str = "take 1") -> str:
        taken = self.post("/v1/me/vouchers", self.guest, key, COFFEE)
        assert taken.status_code == 201, taken.text
        return str(taken.json()["id"])

    def code(self, voucher: str) -> str:
        shown = self.http.post(f"/v1/me/vouchers/{voucher}/code", headers=self.guest)
        assert shown.status_code == 200, shown.text
        return str(shown.json()["code"])

    def status(self, voucher: str) -> str:
        found = self.http.get(f"/v1/me/vouchers/{voucher}", headers=self.guest)
        return str(found.json()["status"])

    @property
    def points(self) -> str:
        return str(self.http.get("/v1/me/points", headers=self.guest).json()["available"])


@pytest.fixture
def town(http: httpx.Client, environ: Environ) -> Iterator[Town]:
    found = Town(http, environ)
    yield found
    told(environ, "ledger", "audit")


@pytest.fixture
def network(http: httpx.Client) -> Iterator[Lossy]:
    with lossy(http.base_url.port or 0) as found:
        yield found


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def terminal(town: Town, network: Lossy, slept: list[float]) -> Terminal:
    return Terminal(network.url, town.token, sleep=slept.append)


def test_points_become_a_coffee(town: Town) -> None:
    assert town.points == "32.00"
    voucher = town.voucher()
    assert town.points == "17.00"
    code = town.code(voucher)
    assert re.fullmatch("[0-9A-Z]{26}", code)

    done = town.post("/v1/redemptions", town.cafe, "cup 1", {"code": code})
    assert (done.status_code, done.json()["status"]) == (201, "redeemed")
    again = town.post("/v1/redemptions", town.cafe, "cup 1", {"code": code})
    assert again.json() == done.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    twice = town.post("/v1/redemptions", town.cafe, "cup 2", {"code": code})
    assert (twice.status_code, twice.json()["code"]) == (409, "code_used")
    assert town.status(voucher) == "redeemed"
    assert town.http.get("/v1/transparency").json()["spent"] == "15.00"


def test_a_terminal_redeems(town: Town, terminal: Terminal, slept: list[float]) -> None:
    code = town.code(town.voucher())
    answer = terminal.redeem(code)
    assert (answer.give, answer.cash_due) == (True, "0.00")
    assert terminal.redeem(code) == Answer("refused", "code_used")
    assert slept == []


def test_a_lost_answer_is_asked_for_after_five_seconds(
    town: Town, terminal: Terminal, network: Lossy, slept: list[float]
) -> None:
    voucher = town.voucher()
    network.plan.extend([LOSE_ANSWER, LOSE_ANSWER])
    assert terminal.redeem(town.code(voucher)).give
    assert slept == [5, 10], "then every ten"
    assert town.status(voucher) == "redeemed"


def test_a_lost_refusal_is_the_one_true_state_too(
    town: Town, terminal: Terminal, network: Lossy
) -> None:
    network.plan.append(LOSE_ANSWER)
    assert terminal.redeem("0" * 26) == Answer("refused", "unknown_code")


def test_a_request_that_never_arrives_is_cancelled_after_45_seconds(
    town: Town, terminal: Terminal, network: Lossy, slept: list[float]
) -> None:
    voucher = town.voucher()
    network.plan.append(KEEP)
    assert terminal.redeem(town.code(voucher)) == Answer("cancelled")
    assert slept == [5, 10, 10, 10, 10]
    late = network.deliver(network.kept[0])
    assert b" 409 " in late.splitlines()[0], "what arrives after all finds the door shut"
    assert b"cancelled_by_terminal" in late
    assert town.status(voucher) == "shown"
    assert terminal.redeem(town.code(voucher)).give, "the guest shows another code"


def test_when_every_answer_is_lost_cancelling_undoes_what_happened(
    town: Town, terminal: Terminal, network: Lossy
) -> None:
    voucher = town.voucher()
    network.plan.extend([LOSE_ANSWER] + [LOSE_REQUEST] * 5)
    answer = terminal.redeem(town.code(voucher))
    assert (answer.status, answer.give) == ("voided", False)
    assert town.points == "32.00"


def test_a_dead_network_leaves_a_key_to_cancel_later(
    town: Town, terminal: Terminal, network: Lossy
) -> None:
    voucher = town.voucher()
    network.plan.extend([LOSE_ANSWER] + [LOSE_REQUEST] * 6)
    with pytest.raises(Unknown):
        terminal.redeem(town.code(voucher), "my key / 7")
    assert terminal.cancel("my key / 7").status == "voided"
    assert terminal.cancel("my key / 7").status == "voided", "and again"
