"""Closing and whatever else happens at the same moment: one of the two comes first."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from app import ledger
from tests.activities.desk import Desk, act
from tests.recognition.bourse import Bourse
from tests.redemption.market import COMMAND

Register = Callable[..., tuple[str, str]]
ROUNDS = 4


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    gate = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        gate.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_a_report_comes_before_or_is_not_taken(bourse: Bourse, register: Register) -> None:
    desk = Desk.opened(bourse.client, register)
    for n in range(ROUNDS):
        person = bourse.person(0)
        who = bourse.id_of(person)
        desk.bind(person, f"card{n}")
        tap = act(f"tap {n}", "bus_ride", "2026-03-10T08:00:00+08:00", f"card{n}")
        headers = desk.headers | {"Idempotency-Key": f"race {n}"}
        sent, closed = at_once(
            lambda h=headers, t=tap: bourse.app.test_client().post(
                "/v1/activities", json={"activities": [t]}, headers=h
            ),
            lambda p=person: bourse.app.test_client().delete("/v1/me?confirm=true", headers=p),
        )
        assert (sent.status_code, closed.status_code) == (200, 200)
        [result] = sent.get_json()["results"]
        assert result["status"] == "pending" or result["reason"] == "no_consent"
        with bourse.house.look(COMMAND) as work:
            assert ledger.wallet(work, who).pending == (800 if result["id"] else 0)
        again = desk.one(tap)
        assert (again["status"], again["reason"], again["id"]) == ("rejected", "no_consent", None)


def test_a_voucher_comes_before_and_is_given_back_or_is_not_given(bourse: Bourse) -> None:
    bourse.shop()
    for n in range(ROUNDS):
        person = bourse.person(50)
        who = bourse.id_of(person)
        headers = person | {"Idempotency-Key": f"race {n}"}
        taken, closed = at_once(
            lambda h=headers: bourse.app.test_client().post(
                "/v1/me/vouchers", json={"benefit_id": "own_cup_coffee"}, headers=h
            ),
            lambda p=person: bourse.app.test_client().delete("/v1/me?confirm=true", headers=p),
        )
        assert closed.status_code == 200
        assert taken.status_code in {201, 401}
        with bourse.house.look(COMMAND) as work:
            assert ledger.wallet(work, who).held == 0


def test_closed_twice_at_once_it_is_closed_once(bourse: Bourse) -> None:
    person = bourse.rider()
    close = lambda: bourse.app.test_client().delete("/v1/me?confirm=true", headers=person)  # noqa: E731
    answers = at_once(close, close)
    assert sorted(each.status_code for each in answers) == [200, 401]
    told = [kind for kind, _ in bourse.told()]
    assert told.count("link.ended") == 1
