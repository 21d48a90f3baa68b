"""Requests in flight at once share a transaction, and never each other's trouble."""

from collections import Counter
from typing import Any

from flask import Flask

from app.kernel import FixedClock
from app.plumbing import Actor, House, idempotency, tokens
from tests.activities.town import Town, act
from tests.concurrency.test_threads import at_once

AT = "2026-03-09T{:02d}:00:00+08:00"


class Door:
    """A provider's way in over HTTP, from many threads."""

    def __init__(self, app: Flask, town: Town) -> None:
        self.app, self.wire = app, town.providers[0].wire
        house = town.house
        self.token = tokens.issue(house.signing_keys, house.clock.now(), 900, "provider", self.wire)

    def send(self, key: str, *items: dict[str, Any]) -> Any:
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": key}
        sent = [{k: v for k, v in item.items() if k != "replaces"} for item in items]
        return self.app.test_client().post(
            "/v1/activities", json={"activities": sent}, headers=headers
        )


def test_single_acts_at_once_are_each_answered_and_paid_once(
    app: Flask, house: House, clock: FixedClock
) -> None:
    town = Town.found(house, clock, residents=4)
    door = Door(app, town)

    def send(n: int) -> Any:
        item = act(f"r{n}", "bus_ride", AT.format(n), f"card{n % 4}")
        return [door.send(f"k{n}", item) for _ in range(2)]

    for n, answers in enumerate(at_once(16, send)):
        first, second = (answer.get_json()["results"][0] for answer in answers)
        assert (first["reference"], first["status"]) == (f"r{n}", "credited")
        assert second == first
        assert answers[1].headers["Idempotency-Replayed"] == "true"
    assert [town.wallet(n).available for n in range(4)] == [3200] * 4
    assert town.audit() == []


def test_the_same_key_at_once_has_one_effect_and_one_answer(
    app: Flask, house: House, clock: FixedClock
) -> None:
    town = Town.found(house, clock)
    door = Door(app, town)
    answers = at_once(8, lambda _: door.send("k", act("r", "bus_ride", AT.format(8))))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.data for answer in answers}) == 1
    assert Counter("Idempotency-Replayed" in answer.headers for answer in answers) == {
        True: 7, False: 1,
    }  # fmt: skip
    assert town.wallet().available == 800


def test_one_requests_trouble_is_its_own(app: Flask, house: House, clock: FixedClock) -> None:
    town = Town.found(house, clock)
    door = Door(app, town)
    door.send("used", act("before", "bus_ride", AT.format(1)))

    def send(n: int) -> Any:
        if n == 0:  # a key that was used for something else
            return door.send("used", act("other", "bus_ride", AT.format(2)))
        if n == 1:  # a body of the wrong shape
            return door.send("wrong", act("x", "bus_ride", "yesterday"))
        return door.send(f"k{n}", act(f"r{n}", "bus_ride", AT.format(n + 3)))

    answers = at_once(6, send)
    assert [answer.status_code for answer in answers] == [422, 422, 200, 200, 200, 200]
    assert answers[0].get_json()["code"] == "idempotency_key_reused"
    assert answers[1].get_json()["errors"][0]["pointer"] == "/activities/0/occurred_at"
    assert town.wallet().available == 5 * 800
    assert town.audit() == []


def test_one_key_for_two_bodies_at_once_answers_neither_with_the_others(
    app: Flask, house: House, clock: FixedClock
) -> None:
    town = Town.found(house, clock)
    door = Door(app, town)

    def send(n: int) -> Any:
        return door.send(f"k{n // 2}", act(f"r{n}", "bus_ride", AT.format(8)))

    for n, answer in enumerate(at_once(16, send)):
        body = answer.get_json()
        if answer.status_code == 200:
            assert body["results"][0]["reference"] == f"r{n}"
        else:
            assert (answer.status_code, body["code"]) == (422, "idempotency_key_reused")
    assert town.audit() == []


def test_of_two_bodies_under_one_key_the_claimed_one_is_named(house: House) -> None:
    caller = bytes(16)
    for asks in ([b"\xff" * 32, b"\0" * 32], [b"\0" * 32, b"\xff" * 32]):
        with house.work(Actor("intake")) as work:
            key = f"k{asks[0][0]}"
            claimed = idempotency.claim_many(work, [(caller, key, digest) for digest in asks])
            kept = work.db.execute(idempotency.table.select().filter_by(key=key)).one()
        assert claimed == {(caller, key, kept.digest)}
