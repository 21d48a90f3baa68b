"""Closing an account: first what is lost, then everywhere at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from flask import Flask
from flask.testing import FlaskClient

from app import identity
from app.kernel import FixedClock
from app.plumbing import Actor
from app.plumbing import house as house_of
from tests.activities.desk import Desk, act
from tests.conftest import Headers, bearer, sign_in

Register = Callable[..., tuple[str, str]]
OPEN = ("vouchers", "links", "consents", "attestations", "objections")
TAPS = [
    act("t1", "bus_ride", "2026-03-09T08:00:00+08:00"),
    act("t2", "bus_ride", "2026-03-10T08:00:00+08:00"),
]


def test_closing_first_lists_what_is_lost(
    client: FlaskClient, register: Register, resident: Headers
) -> None:
    desk = Desk.opened(client, register)
    desk.bind(resident)
    desk.send(*TAPS)
    for path in ("/v1/me", "/v1/me?confirm=false"):
        found = client.delete(path, headers=resident).get_json()
        assert found["closed"] is False
        assert found["lost"] == {
            "available": "8.00",
            "pending": "8.00",
            "held": "0.00",
            "debt": "0.00",
            "lots": [{"expires_on": "2028-03-31", "points": "8.00"}],
        } | {name: [] for name in OPEN}
        assert "phone number" in found["erased"]
        assert all(each["what"] and each["why"] for each in found["frozen"])
    assert client.get("/v1/me", headers=resident).status_code == 200


def test_a_closed_account_is_closed_everywhere(
    client: FlaskClient, register: Register, clock: FixedClock
) -> None:
    tokens = sign_in(client)
    resident = bearer(tokens)
    desk = Desk.opened(client, register)
    desk.bind(resident)
    desk.send(*TAPS)
    answer = client.delete("/v1/me?confirm=true", headers=resident)
    assert (answer.status_code, answer.get_json()["closed"]) == (200, True)
    for path in ("/v1/me", "/v1/me/activities", "/v1/me/reductions", "/v1/me/bindings"):
        assert client.get(path, headers=resident).status_code == 401
    assert client.delete("/v1/me?confirm=true", headers=resident).status_code == 401
    renewal = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    assert client.post("/v1/auth/token", json=renewal).status_code == 400


def test_the_number_is_free_for_a_new_account_at_nothing(
    client: FlaskClient, register: Register, resident: Headers
) -> None:
    desk = Desk.opened(client, register)
    desk.bind(resident)
    desk.send(TAPS[0])
    client.delete("/v1/me?confirm=true", headers=resident)
    again = bearer(sign_in(client))
    assert client.get("/v1/me/points", headers=again).get_json()["available"] == "0.00"
    assert client.get("/v1/me/activities", headers=again).get_json()["items"] == []


def test_only_a_clear_word_closes(client: FlaskClient, resident: Headers) -> None:
    answer = client.delete("/v1/me?confirm=perhaps", headers=resident)
    assert answer.status_code == 422
    assert client.get("/v1/me", headers=resident).status_code == 200


def test_a_card_bound_while_the_account_closes_is_not_left_bound(
    make_app: Callable[..., Flask],
) -> None:
    asked, closing = Event(), Event()

    class Slow:
        def owns(self, provider: str, subject: str, proof: str) -> bool:
            asked.set()
            closing.wait(0.5)  # set only where closing need not wait for this binding
            return bool(provider and subject and proof)

    app = make_app(ports={"ownership": Slow()})
    client = app.test_client()
    first, second = (bearer(sign_in(client, f"1390000000{n}")) for n in (1, 2))
    with house_of(app).work(Actor("command")) as work:
        bus = identity.create_client(work, "provider", "Bus")[0]
    body = {"provider": bus, "subject": "card-1", "proof": "the card itself"}
    with ThreadPoolExecutor(2) as pool:
        binding = pool.submit(
            lambda: app.test_client().post("/v1/me/bindings", json=body, headers=first)
        )
        assert asked.wait(5)
        closed = pool.submit(lambda: app.test_client().delete("/v1/me?confirm=true", headers=first))
        assert closed.result().status_code == 200
        closing.set()
    assert binding.result().status_code == 201
    refused = client.post("/v1/me/bindings", json=body, headers=second)
    assert (refused.status_code, refused.get_json()["code"]) == (409, "subject_cooling")
