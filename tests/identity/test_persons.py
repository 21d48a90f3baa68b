"""One natural person, one account; a number is a credential that can be replaced."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app import identity
from app.identity.model import PHONE_LEVEL, REAL_NAME, Person
from app.kernel import FixedClock, Refusal, from_wire
from app.plumbing import Actor, House
from app.plumbing import house as house_of
from app.plumbing.db import metadata
from tests.conftest import Headers, bearer, sign_in

OLD, NEW = "13812345678", "13912345678"


class Carrier:
    """A real-name service that knows since when somebody holds a number, or does not."""

    def __init__(self, since: date | None) -> None:
        self.since = since

    def identify(self, phone: str, proof: str | None) -> Person:
        if proof is None:
            return Person(phone, PHONE_LEVEL)
        return Person(proof, REAL_NAME, self.since)


def me(client: FlaskClient, headers: Headers) -> dict[str, Any]:
    answer = client.get("/v1/me", headers=headers)
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json()


def code_for(client: FlaskClient, phone: str) -> str:
    return client.post("/v1/auth/otp", json={"phone": phone}).get_json()["dev_code"]


def attempt(client: FlaskClient, phone: str, **more: Any) -> Any:
    body = {"grant_type": "otp", "phone": phone, "code": code_for(client, phone)} | more
    return client.post("/v1/auth/token", json=body)


def verify(client: FlaskClient, headers: Headers, proof: str) -> Any:
    return client.post("/v1/me/verification", json={"proof": proof}, headers=headers)


def test_a_proof_raises_the_level(client: FlaskClient, resident: Headers) -> None:
    assert me(client, resident)["level"] == "phone"
    assert verify(client, resident, "Li Hua").get_json()["level"] == "real_name"
    assert verify(client, resident, "Li Hua").status_code == 200
    other = verify(client, resident, "Wang Fang")
    assert (other.status_code, other.get_json()["code"]) == (403, "another_person")


def test_a_second_account_of_one_person_is_refused(client: FlaskClient) -> None:
    first, second = bearer(sign_in(client, OLD)), bearer(sign_in(client, NEW))
    verify(client, first, "Li Hua")
    refused = verify(client, second, "Li Hua")
    assert (refused.status_code, refused.get_json()["code"]) == (409, "person_has_account")
    assert me(client, second)["level"] == "phone"


def test_signing_in_with_a_proof_leads_to_the_persons_one_account(client: FlaskClient) -> None:
    first = me(client, bearer(sign_in(client, OLD, proof="Li Hua")))
    second = me(client, bearer(sign_in(client, NEW, proof="Li Hua")))
    assert first["id"] == second["id"]
    assert (second["level"], second["phone"]) == ("real_name", "139****5678")
    stranger = me(client, bearer(sign_in(client, OLD)))
    assert stranger["id"] != first["id"]


def test_a_replaced_telephone_is_signed_out(client: FlaskClient) -> None:
    lost = sign_in(client, OLD, proof="Li Hua")
    sign_in(client, NEW, proof="Li Hua")
    body = {"grant_type": "refresh_token", "refresh_token": lost["refresh_token"]}
    assert client.post("/v1/auth/token", json=body).status_code == 400


def test_an_account_known_by_its_number_is_adopted_by_the_first_proof(client: FlaskClient) -> None:
    first = me(client, bearer(sign_in(client, OLD)))
    second = me(client, bearer(sign_in(client, OLD, proof="Li Hua")))
    assert second["id"] == first["id"]
    assert second["level"] == "real_name"


def test_a_number_is_changed_with_its_code_and_a_proof(client: FlaskClient) -> None:
    headers = bearer(sign_in(client, OLD, proof="Li Hua"))
    change = {"phone": NEW, "code": code_for(client, NEW), "proof": "Wang Fang"}
    wrong_code = {**change, "code": f"{(int(change['code']) + 1) % 1_000_000:06d}"}

    refused = client.post("/v1/me/phone", json=wrong_code, headers=headers)
    assert (refused.status_code, refused.get_json()["code"]) == (403, "wrong_code")
    refused = client.post("/v1/me/phone", json=change, headers=headers)
    assert (refused.status_code, refused.get_json()["code"]) == (403, "another_person")
    changed = client.post("/v1/me/phone", json={**change, "proof": "Li Hua"}, headers=headers)
    assert changed.status_code == 200
    assert changed.get_json()["phone"] == "139****5678"
    assert me(client, bearer(sign_in(client, NEW)))["id"] == changed.get_json()["id"]


def test_wrong_codes_for_a_change_are_counted(client: FlaskClient, resident: Headers) -> None:
    code = code_for(client, NEW)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for each in [wrong] * 5 + [code]:
        body = {"phone": NEW, "code": each, "proof": "Li Hua"}
        assert client.post("/v1/me/phone", json=body, headers=resident).status_code == 403


def test_a_number_that_slept_needs_a_proof(client: FlaskClient, clock: FixedClock) -> None:
    first = me(client, bearer(sign_in(client, OLD, proof="Li Hua")))
    clock.instant += timedelta(days=180)
    assert attempt(client, OLD).status_code == 200
    clock.instant += timedelta(days=180, seconds=1)

    refused = attempt(client, OLD)
    assert (refused.status_code, refused.get_json()["code"]) == (403, "step_up_required")
    assert me(client, bearer(sign_in(client, OLD, proof="Li Hua")))["id"] == first["id"]
    assert attempt(client, OLD).status_code == 200


def test_the_code_is_still_good_after_a_step_up_was_asked_for(
    client: FlaskClient, clock: FixedClock
) -> None:
    sign_in(client, OLD, proof="Li Hua")
    clock.instant += timedelta(days=181)
    body = {"grant_type": "otp", "phone": OLD, "code": code_for(client, OLD)}
    assert client.post("/v1/auth/token", json=body).status_code == 403
    assert client.post("/v1/auth/token", json=body | {"proof": "Li Hua"}).status_code == 200


def test_a_recycled_number_opens_the_new_holders_own_account(
    client: FlaskClient, clock: FixedClock
) -> None:
    former = me(client, bearer(sign_in(client, OLD, proof="Li Hua")))
    clock.instant += timedelta(days=200)
    latter = me(client, bearer(sign_in(client, OLD, proof="Wang Fang")))
    assert latter["id"] != former["id"]
    back = me(client, bearer(sign_in(client, NEW, proof="Li Hua")))
    assert back["id"] == former["id"]
    assert me(client, bearer(sign_in(client, OLD)))["id"] == latter["id"]


@pytest.mark.parametrize(
    ("held_since", "same"),
    [(date(2020, 1, 1), True), (date(2026, 9, 1), False), (None, False)],
)
def test_a_sleeping_account_of_a_number_goes_only_to_who_held_it_then(
    make_app: Callable[..., Flask], clock: FixedClock, held_since: date | None, same: bool
) -> None:
    client = make_app(ports={"person": Carrier(held_since)}).test_client()
    first = me(client, bearer(sign_in(client, OLD)))
    clock.instant += timedelta(days=300)
    second = me(client, bearer(sign_in(client, OLD, proof="Li Hua")))
    assert (second["id"] == first["id"]) is same


def test_production_without_a_real_name_service_checks_no_proofs(
    make_app: Callable[..., Flask],
) -> None:
    app = make_app()
    token = sign_in(app.test_client(), OLD)
    production = make_app(app_env="production").test_client()
    refused = verify(production, bearer(token), "Li Hua")
    assert (refused.status_code, refused.get_json()["code"]) == (503, "no_person_port")


def test_eight_accounts_proving_one_person_at_once(app: Flask, client: FlaskClient) -> None:
    headers = [bearer(sign_in(client, f"1380000{i:04d}")) for i in range(8)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda each: verify(app.test_client(), each, "Li Hua"), headers))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7


def test_eight_numbers_of_one_person_at_once(app: Flask, client: FlaskClient) -> None:
    phones = [f"1380000{i:04d}" for i in range(8)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda p: attempt(app.test_client(), p, proof="Li"), phones))
    assert {answer.status_code for answer in answers} <= {200, 409}
    subjects = {
        me(client, bearer(answer.get_json()))["id"]
        for answer in answers
        if answer.status_code == 200
    }
    assert len(subjects) == 1


def test_the_profile_is_optional_and_can_be_cleared(client: FlaskClient, resident: Headers) -> None:
    def patch(body: dict[str, Any]) -> Any:
        return client.patch("/v1/me", json=body, headers=resident)

    whole = patch({"birth_year": 1985, "district": "环翠区"}).get_json()
    assert (whole["birth_year"], whole["district"]) == (1985, "环翠区")
    assert patch({"birth_year": None}).get_json()["district"] == "环翠区"
    assert patch({}).get_json()["birth_year"] is None
    assert patch({"phone": NEW}).status_code == 422
    assert patch({"birth_year": 2027}).get_json()["code"] == "bad_birth_year"
    assert patch({"birth_year": 1885}).status_code == 422
    assert patch({"birth_year": True}).status_code == 422
    for district in ("", "x" * 41, "a\x00b", "li\nne"):
        assert patch({"district": district}).status_code == 422


def test_below_fourteen_a_guardian_is_needed(client: FlaskClient, resident: Headers) -> None:
    young = client.patch("/v1/me", json={"birth_year": 2013}, headers=resident)
    assert (young.status_code, young.get_json()["code"]) == (403, "guardian_required")
    assert client.patch("/v1/me", json={"birth_year": 2012}, headers=resident).status_code == 200


def test_closing_erases_who_it_was_and_frees_the_number(client: FlaskClient, house: House) -> None:
    token = sign_in(client, OLD, proof="Li Hua")
    client.patch("/v1/me", json={"birth_year": 1985, "district": "Jingqu"}, headers=bearer(token))
    wire = me(client, bearer(token))["id"]
    raw = from_wire("res", wire)
    assert raw is not None
    with house.work(Actor("test")) as work:
        identity.close(work, raw)
        assert not identity.active(work, raw)
        assert identity.count_residents(work) == 0

    assert client.get("/v1/me", headers=bearer(token)).get_json()["code"] == "account_closed"
    for answer in (
        client.get("/v1/me/bindings", headers=bearer(token)),
        client.patch("/v1/me", json={}, headers=bearer(token)),
        verify(client, bearer(token), "Li Hua"),
        client.post(
            "/v1/me/phone",
            json={"phone": NEW, "code": code_for(client, NEW), "proof": "Li Hua"},
            headers=bearer(token),
        ),
    ):
        assert answer.status_code == 401
    renewal = {"grant_type": "refresh_token", "refresh_token": token["refresh_token"]}
    assert client.post("/v1/auth/token", json=renewal).status_code == 400
    with house.work(Actor("test")) as work, pytest.raises(Refusal):
        identity.close(work, raw)
    with house.look(Actor("test")) as work:
        row = work.db.execute(sa.text("SELECT * FROM resident")).mappings().one()
        kept = {name for name, value in row.items() if value is not None}
    assert kept == {
        *("id", "status", "level", "opened_at", "closed_at", "earning_frozen", "spending_frozen")
    }
    assert me(client, bearer(sign_in(client, OLD, proof="Li Hua")))["id"] != wire


def test_nothing_that_names_a_person_is_kept_in_clear(
    client: FlaskClient, house: House, register: Callable[..., tuple[str, str]]
) -> None:
    wire, secret = register()
    token = sign_in(client, OLD, proof="Li Hua 370000198501010011")
    binding = {"provider": wire, "subject": "card-0417-2233", "proof": "seen"}
    assert client.post("/v1/me/bindings", json=binding, headers=bearer(token)).status_code == 201
    code = code_for(client, NEW)

    told = (OLD, NEW, "Li Hua", "card-0417-2233", secret, token["refresh_token"], code, "127.0.0.1")
    with house.look(Actor("test")) as work:
        kept = [
            value if isinstance(value, bytes) else str(value).encode()
            for table in metadata.sorted_tables
            for row in work.db.execute(sa.select(table))
            for value in row
            if value is not None
        ]
    assert len(kept) > 20
    for text in told:
        assert not any(text.encode() in value for value in kept), text


def test_the_number_is_sealed_with_the_key_of_the_house(app: Flask, client: FlaskClient) -> None:
    sign_in(client, OLD)
    with house_of(app).look(Actor("test")) as work:
        sealed = work.db.scalar(sa.text("SELECT phone_sealed FROM resident"))
        assert work.keys.decrypt(bytes(sealed)) == OLD


@pytest.mark.parametrize("district", ["x" * 41, "x" * 40 + "\n", "a\0b", "a\n", ""])
def test_a_district_is_a_line_of_forty_characters(
    client: FlaskClient, resident: Headers, district: str
) -> None:
    answer = client.patch("/v1/me", json={"district": district}, headers=resident)
    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["pointer"] == "/district"
    answer = client.patch("/v1/me", json={"district": "环" * 40}, headers=resident)
    assert answer.get_json()["district"] == "环" * 40
