"""Signing in with a one-time code."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app import identity
from app.kernel import FixedClock
from app.plumbing import Actor, House
from app.plumbing import house as house_of
from tests.conftest import bearer, sign_in

PHONE = "13812345678"


class Outbox:
    """A carrier that keeps what it was given."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []

    def send(self, phone: str, code: str) -> None:
        self.sent.append((phone, code))


def ask(client: FlaskClient, phone: str = PHONE, address: str = "192.0.2.1") -> Any:
    return client.post(
        "/v1/auth/otp", json={"phone": phone}, environ_overrides={"REMOTE_ADDR": address}
    )


def enter(client: FlaskClient, code: str, phone: str = PHONE, **more: Any) -> Any:
    body = {"grant_type": "otp", "phone": phone, "code": code} | more
    return client.post("/v1/auth/token", json=body)


def other(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_a_first_code_opens_an_account(client: FlaskClient) -> None:
    asked = ask(client)
    assert asked.status_code == 202
    assert asked.get_json()["expires_in"] == 300

    token = enter(client, asked.get_json()["dev_code"])

    assert token.status_code == 200
    assert token.headers["Cache-Control"] == "no-store"
    body = token.get_json()
    assert (body["token_type"], body["expires_in"], body["scope"]) == ("Bearer", 900, "resident")
    profile = client.get("/v1/me", headers=bearer(body)).get_json()
    assert profile["id"].startswith("res_")
    assert profile["level"] == "phone"
    assert profile["phone"] == "138****5678"
    assert profile["birth_year"] is None


def test_the_same_number_is_the_same_account(client: FlaskClient) -> None:
    ids = {
        client.get("/v1/me", headers=bearer(sign_in(client, phone))).get_json()["id"]
        for phone in (PHONE, f"+86{PHONE}", PHONE)
    }
    assert len(ids) == 1


@pytest.mark.parametrize(
    "phone", ["12812345678", "1381234567", "138123456789", "+8513812345678", "١٣٨١٢٣٤٥٦٧٨", "", 5]
)
def test_only_mainland_mobile_numbers_are_taken(client: FlaskClient, phone: Any) -> None:
    answer = client.post("/v1/auth/otp", json={"phone": phone})
    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["pointer"] == "/phone"


def test_a_code_works_once(client: FlaskClient) -> None:
    code = ask(client).get_json()["dev_code"]
    assert enter(client, code).status_code == 200
    again = enter(client, code)
    assert again.status_code == 400
    assert again.get_json()["code"] == again.get_json()["error"] == "invalid_grant"


def test_only_the_newest_code_works(client: FlaskClient) -> None:
    older = ask(client).get_json()["dev_code"]
    newer = ask(client).get_json()["dev_code"]
    if older != newer:
        assert enter(client, older).status_code == 400
    assert enter(client, newer).status_code == 200


def test_a_code_ends_after_five_minutes(client: FlaskClient, clock: FixedClock) -> None:
    code = ask(client).get_json()["dev_code"]
    clock.instant += timedelta(seconds=300)
    assert enter(client, code).status_code == 400


def test_wrong_tries_are_counted_until_the_code_is_dead(client: FlaskClient) -> None:
    code = ask(client).get_json()["dev_code"]
    for _ in range(5):
        assert enter(client, other(code)).get_json()["code"] == "invalid_grant"
    assert enter(client, code).get_json()["code"] == "invalid_grant"

    fresh = ask(client).get_json()["dev_code"]
    for _ in range(4):
        enter(client, other(fresh))
    assert enter(client, fresh).status_code == 200


def test_a_code_belongs_to_its_number(client: FlaskClient) -> None:
    code = ask(client).get_json()["dev_code"]
    of_another = ask(client, "13800000009").get_json()["dev_code"]
    if code != of_another:
        assert enter(client, of_another).status_code == 400
    assert enter(client, code).status_code == 200


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "otp"}, "invalid_request"),
        ({"grant_type": "otp", "phone": PHONE}, "invalid_request"),
        ({"grant_type": "otp", "phone": "5", "code": "123456"}, "invalid_request"),
        ({"grant_type": "refresh_token"}, "invalid_request"),
        ({"grant_type": "refresh_token", "refresh_token": "nonsense"}, "invalid_grant"),
    ],
)
def test_errors_are_those_of_the_standard(
    client: FlaskClient, body: dict[str, str], code: str
) -> None:
    for answer in (
        client.post("/v1/auth/token", json=body),
        client.post("/v1/auth/token", data=body or {"x": "y"}),
    ):
        assert answer.status_code == 400
        assert answer.content_type == "application/problem+json"
        assert answer.get_json()["code"] == answer.get_json()["error"] == code


def test_a_form_is_taken_where_the_standard_wants_one(client: FlaskClient) -> None:
    code = ask(client).get_json()["dev_code"]
    form = {"grant_type": "otp", "phone": PHONE, "code": code, "unknown": "ignored"}
    assert client.post("/v1/auth/token", data=form).status_code == 200
    assert client.post("/v1/auth/otp", data={"phone": PHONE}).status_code == 415


def test_production_tells_the_code_to_the_number_alone(make_app: Callable[..., Flask]) -> None:
    outbox = Outbox()
    client = make_app(ports={"sms": outbox}, app_env="production").test_client()
    answer = ask(client)
    assert answer.get_json() == {"expires_in": 300}
    assert [phone for phone, _ in outbox.sent] == [PHONE]


def test_production_without_a_carrier_says_so(make_app: Callable[..., Flask]) -> None:
    answer = ask(make_app(app_env="production").test_client())
    assert answer.status_code == 503
    assert answer.get_json()["code"] == "no_sms_port"


def test_production_opens_no_account_without_acceptance(make_app: Callable[..., Flask]) -> None:
    outbox = Outbox()
    app = make_app(ports={"sms": outbox}, app_env="production")
    client = app.test_client()
    ask(client)
    code = outbox.sent[-1][1]

    assert enter(client, code).get_json()["code"] == "accept_required"
    guessed = {"agreement": "1999", "notice": "2026-01"}
    assert enter(client, code, accept=guessed).get_json()["code"] == "unknown_version"
    accepted = {"agreement": "2026-01", "notice": "2026-01"}
    assert enter(client, code, accept=accepted).status_code == 200

    published = {
        (each["document"], each["version"]): each["hash"]
        for each in client.get("/v1/documents").get_json()["items"]
    }
    with house_of(app).engine.connect() as connection:
        rows = connection.execute(sa.text("SELECT document, version, hash FROM acceptance")).all()
    assert {(d, v): bytes(h).hex() for d, v, h in rows} == published
    assert len(rows) == 2


@pytest.mark.parametrize(
    "limit",
    [
        ("otp_per_minute_number", 1, 60, True),
        ("otp_per_hour_number", 5, 3600, True),
        ("otp_per_hour_address", 3, 3600, False),
    ],
)
def test_codes_are_limited(
    make_app: Callable[..., Flask], clock: FixedClock, limit: tuple[str, int, int, bool]
) -> None:
    setting, most, wait, same_number = limit
    # Two applications on one database: the count is the city's, not a process's.
    clients = [make_app(**{setting: most}).test_client() for _ in range(2)]

    def send(i: int) -> Any:
        return ask(clients[i % 2], PHONE if same_number else f"1390000{i:04d}")

    assert [send(i).status_code for i in range(most)] == [202] * most
    refused = send(most)
    assert refused.status_code == 429
    assert refused.get_json()["code"] == "too_many_codes"
    assert refused.headers["Retry-After"] == str(wait)
    clock.instant += timedelta(seconds=wait - 1)
    assert send(most).headers["Retry-After"] == "1"
    clock.instant += timedelta(seconds=1)
    assert send(most).status_code == 202


def test_another_number_and_another_address_are_not_limited(
    make_app: Callable[..., Flask],
) -> None:
    client = make_app(otp_per_minute_number=1, otp_per_hour_address=2).test_client()
    assert ask(client).status_code == 202
    assert ask(client).status_code == 429
    assert ask(client, "13900000000").status_code == 202
    assert ask(client, "13900000001").status_code == 429
    assert ask(client, "13900000001", "192.0.2.2").status_code == 202


def test_two_sign_ins_at_once_with_one_code_make_one(app: Flask, client: FlaskClient) -> None:
    code = ask(client).get_json()["dev_code"]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: enter(app.test_client(), code), range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] + [400] * 7


def test_eight_openings_at_once_open_one_account(house: House) -> None:
    def open_account(_: int) -> bytes:
        with house.work(Actor("test")) as work:
            return identity.demo_resident(work, PHONE)

    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(open_account, range(8)))
    assert len(ids) == 1
    with house.look(Actor("test")) as work:
        assert identity.count_residents(work) == 1


def test_logs_name_nobody(client: FlaskClient, capfd: pytest.CaptureFixture[str]) -> None:
    token = sign_in(client, PHONE)
    client.get("/v1/me", headers=bearer(token))
    enter(client, "000000")
    written = "".join(capfd.readouterr())
    assert "one_time_code" in written
    for secret in (PHONE, token["access_token"], token["refresh_token"]):
        assert secret not in written


def test_what_is_over_is_forgotten(client: FlaskClient, house: House, clock: FixedClock) -> None:
    ask(client, "13900000000")
    sign_in(client, PHONE)
    job, _, _ = identity.JOBS["identity.forget_stale"]
    with house.work(Actor("job")) as work:
        assert job(work) == 0
    clock.instant += timedelta(days=61)
    with house.work(Actor("job")) as work:
        assert job(work) > 0
    with house.work(Actor("job")) as work:
        assert job(work) == 0
        for table in ("otp_code", "otp_window", "refresh_token"):
            assert work.db.scalar(sa.text(f"SELECT count(*) FROM {table}")) == 0
