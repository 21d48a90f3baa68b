"""That whoever acts still holds the number: a fresh code, tried a few times only."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import identity
from app.kernel import Forbidden, Refused
from app.plumbing import Actor, House, Work
from app.plumbing import house as house_of
from tests.conftest import bearer, sign_in

PHONE = "13800000001"


def me(client: FlaskClient, house: House) -> bytes:
    bearer(sign_in(client, PHONE))
    with house.work(Actor("command")) as work:
        return identity.demo_resident(work, PHONE)


def tried(house: House, whose: bytes, code: str | None) -> str:
    """As an edge does: what is returned is committed, what is raised is not."""

    def step(work: Work) -> str:
        found = identity.step_up(work, whose, code)
        return found.refusal.code if isinstance(found, Refused) else found

    with house.work(Actor("resident", whose)) as work:
        return step(work)


def test_a_fresh_code_is_good_once(client: FlaskClient, house: House) -> None:
    whose = me(client, house)
    assert tried(house, whose, None) == "session"
    code = client.post("/v1/auth/otp", json={"phone": PHONE}).get_json()["dev_code"]
    assert tried(house, whose, code) == "otp"
    assert tried(house, whose, code) == "wrong_code"


def test_tries_are_counted(client: FlaskClient, house: House) -> None:
    whose = me(client, house)
    code = client.post("/v1/auth/otp", json={"phone": PHONE}).get_json()["dev_code"]
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(house.settings.otp_attempts):
        assert tried(house, whose, wrong) == "wrong_code"
    assert tried(house, whose, code) == "wrong_code"


def test_production_wants_a_code(
    client: FlaskClient, house: House, make_app: Callable[..., Flask]
) -> None:
    whose = me(client, house)
    strict = house_of(make_app(app_env="production"))
    with pytest.raises(Forbidden) as refused:
        tried(strict, whose, None)
    assert refused.value.code == "step_up_required"


def test_a_code_comes_to_ones_own_number(client: FlaskClient, house: House) -> None:
    whose = me(client, house)
    mine = bearer(sign_in(client, PHONE))
    sent = client.post("/v1/me/step-up", headers=mine)
    assert sent.status_code == 202
    assert tried(house, whose, sent.get_json()["dev_code"]) == "otp"


def test_without_a_number_no_code_is_sent(client: FlaskClient) -> None:
    mine = bearer(sign_in(client, PHONE, proof="the first"))
    sign_in(client, PHONE, proof="who has the number now")
    answer = client.post("/v1/me/step-up", headers=mine)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "no_phone")
