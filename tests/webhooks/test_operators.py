"""What operators see of webhooks, and what they can do about them."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.kernel import to_wire
from tests.conftest import Headers, bearer
from tests.webhooks.conftest import PARTY, City
from tests.webhooks.receiver import Receiver


@pytest.fixture
def sign_in(client: FlaskClient, register: Callable[..., tuple[str, str]]) -> Callable[[], Headers]:
    """Signs an operator in, now: a token does not live long."""
    basic = register("operator", "One")
    body = {"grant_type": "client_credentials"}
    return lambda: bearer(client.post("/v1/auth/token", json=body, auth=basic).get_json())


@pytest.fixture
def operator(sign_in: Callable[[], Headers]) -> Headers:
    return sign_in()


@pytest.fixture
def run(app: Flask) -> Callable[..., dict[str, Any]]:
    """Runs a command; the line of JSON that it prints."""

    def answer(*words: str) -> dict[str, Any]:
        done = app.test_cli_runner().invoke(args=words)
        assert done.exit_code == 0, done.output
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    return answer


def test_an_operator_sees_what_became_of_events(
    client: FlaskClient, operator: Headers, city: City, server: Receiver
) -> None:
    server.does += [200, 500]
    city.register(server.url)
    made = city.put(2, account="6222")
    city.relay()
    city.put(party="citic")
    answer = client.get("/v1/webhooks", headers=operator)
    items = answer.get_json()["items"]
    assert [(each["party"], each["status"]) for each in items] == [
        ("citic", "waiting"),
        (PARTY, "waiting"),
        (PARTY, "delivered"),
    ]
    assert "6222" not in answer.get_data(as_text=True)
    assert items[0]["sequence"] is None
    failed = items[1]
    assert failed.pop("next_attempt_at") > failed["last_attempt_at"]
    assert failed == {
        "id": to_wire("evt", made[1]),
        "party": PARTY,
        "type": "thing.done",
        "at": "2026-03-10T12:00:00.001000+08:00",
        "sequence": 2,
        "status": "waiting",
        "attempts": 1,
        "last_attempt_at": "2026-03-10T12:00:00.002000+08:00",
        "last_answer": 500,
    }
    assert items[2]["next_attempt_at"] is None


def test_a_list_can_be_narrowed_and_turned(
    client: FlaskClient, operator: Headers, city: City, server: Receiver
) -> None:
    city.register(server.url)
    made = city.put(5)
    city.relay()
    city.put(2, "citic")

    def listed(**query: Any) -> Any:
        return client.get("/v1/webhooks", headers=operator, query_string=query).get_json()

    assert len(listed(party="citic")["items"]) == 2
    assert len(listed(status="waiting")["items"]) == 2
    assert listed(party="citic", status="delivered")["items"] == []
    assert listed(status="lost")["code"] == "invalid"
    seen, cursor = [], {}
    while cursor is not None:
        page = listed(party=PARTY, limit=2, **cursor)
        seen += [each["id"] for each in page["items"]]
        cursor = {"cursor": page["next_cursor"]} if page["next_cursor"] else None
    assert seen == [to_wire("evt", each) for each in made[::-1]]


def test_an_operator_has_a_dead_one_sent_again_once(
    client: FlaskClient, sign_in: Callable[[], Headers], city: City, server: Receiver
) -> None:
    server.always = 500
    city.register(server.url)
    (event_id,) = city.put()
    city.relay()
    city.wait(days=2)
    city.relay()
    assert city.states() == ["dead"]
    server.always = 200
    path = f"/v1/webhooks/{to_wire('evt', event_id)}/replay"
    headers = sign_in() | {"Idempotency-Key": "again 1"}
    answers = [client.post(path, headers=headers) for _ in range(2)]
    assert [each.status_code for each in answers] == [200, 200]
    assert answers[0].get_json()["status"] == "waiting"
    assert city.relay() == 1
    client.post(path, headers=headers)
    assert city.relay() == 0
    assert city.states() == ["delivered"]


@pytest.mark.parametrize("unknown", ["evt_" + "0" * 26, "act_" + "0" * 26, "x"])
def test_an_unknown_event_is_not_found(
    client: FlaskClient, operator: Headers, unknown: str
) -> None:
    headers = operator | {"Idempotency-Key": "again 1"}
    answer = client.post(f"/v1/webhooks/{unknown}/replay", headers=headers)
    assert (answer.status_code, answer.get_json()["code"]) == (404, "unknown_event")


def test_commands_register_and_list(
    run: Callable[..., dict[str, Any]], city: City, server: Receiver
) -> None:
    made = run("webhook", "register", PARTY, server.url)
    assert (made["party"], made["url"]) == (PARTY, server.url)
    assert made["secret"].startswith("whsec_")
    (event_id,) = city.put()
    assert run("jobs", "run", "webhooks.relay") == {"job": "webhooks.relay", "done": 1}
    assert run("webhook", "list", "--party", PARTY, "--status", "delivered") == {
        "endpoints": [
            {
                "party": PARTY,
                "url": server.url,
                "registered_at": "2026-03-10T04:00:00+00:00",
                "disabled_at": None,
            }
        ],
        "webhooks": [
            {
                "id": to_wire("evt", event_id),
                "party": PARTY,
                "type": "thing.done",
                "sequence": 1,
                "status": "delivered",
                "attempts": 1,
                "last_answer": 204,
            }
        ],
    }
    assert run("webhook", "list", "--status", "dead")["webhooks"] == []


def test_a_command_says_what_is_wrong_with_an_address(app: Flask) -> None:
    words = ("webhook", "register", PARTY, "ftp://partner.example")
    done = app.test_cli_runner().invoke(args=words)
    assert done.exit_code == 1
    assert "https" in done.stderr


@pytest.mark.parametrize("party", ["%00", "a%0Ab", "%E9%93%B6", ""])
def test_what_is_no_code_of_a_party_is_refused(
    client: FlaskClient, operator: Headers, party: str
) -> None:
    assert client.get(f"/v1/webhooks?party={party}", headers=operator).status_code == 422
