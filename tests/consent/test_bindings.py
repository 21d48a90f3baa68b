"""This card, meter or account is mine: one holder at a time, from a day on."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import consent, identity
from app.consent.model import Held
from app.kernel import FixedClock, from_wire
from app.plumbing import Actor, House
from tests.conftest import Headers, bearer, sign_in

TODAY = date(2026, 3, 10)
Register = Callable[..., tuple[str, str]]


@pytest.fixture
def bus(register: Register) -> str:
    return register("provider", "威海公交")[0]


@pytest.fixture
def other(client: FlaskClient) -> Headers:
    return bearer(sign_in(client, "13900000002"))


def bind(client: FlaskClient, headers: Headers, provider: str, **more: Any) -> Any:
    body = {"provider": provider, "subject": "card-1", "proof": "the card itself"} | more
    return client.post("/v1/me/bindings", json=body, headers=headers)


def unbind(client: FlaskClient, headers: Headers, binding: str) -> Any:
    return client.delete(f"/v1/me/bindings/{binding}", headers=headers)


def listed(client: FlaskClient, headers: Headers) -> list[dict[str, Any]]:
    return client.get("/v1/me/bindings", headers=headers).get_json()["items"]


def holders(house: House, provider: str, subject: str = "card-1") -> tuple[Held, ...]:
    with house.look(Actor("test")) as work:
        found = identity.find_client(work, provider)
        assert found is not None
        key = consent.subject_hash(work, found.id, subject)
        return consent.holders(work, found.id, [key]).get(key, ())


def test_a_card_is_bound_from_today(client: FlaskClient, resident: Headers, bus: str) -> None:
    answer = bind(client, resident, bus)
    assert answer.status_code == 201
    body = answer.get_json()
    assert body["id"].startswith("bnd_")
    assert (body["provider"], body["provider_name"]) == (bus, "威海公交")
    assert (body["from"], body["until"]) == ("2026-03-10", None)
    assert listed(client, resident) == [body]


def test_today_is_the_citys_day(client: FlaskClient, bus: str, clock: FixedClock) -> None:
    clock.instant = clock.instant.replace(hour=16)  # midnight in the city has passed
    headers = bearer(sign_in(client))
    assert bind(client, headers, bus).get_json()["from"] == "2026-03-11"


@pytest.mark.parametrize(
    ("days", "status"), [(-401, 422), (-400, 201), (0, 201), (400, 201), (401, 422)]
)
def test_the_first_day_is_near(
    client: FlaskClient, resident: Headers, bus: str, days: int, status: int
) -> None:
    day = (TODAY + timedelta(days=days)).isoformat()
    answer = bind(client, resident, bus, **{"from": day})
    assert answer.status_code == status
    if status == 422:
        assert answer.get_json()["code"] == "bad_from"
        assert answer.get_json()["errors"][0]["pointer"] == "/from"
    else:
        assert answer.get_json()["from"] == day


def test_only_providers_are_bound_to(
    client: FlaskClient, resident: Headers, register: Register
) -> None:
    for provider in (register("merchant", "Shop")[0], "cli_" + "0" * 26, "nonsense"):
        answer = bind(client, resident, provider)
        assert (answer.status_code, answer.get_json()["code"]) == (404, "unknown_provider")


def test_a_bound_card_is_nobody_elses_and_nobody_is_named(
    client: FlaskClient, resident: Headers, other: Headers, bus: str, register: Register
) -> None:
    bind(client, resident, bus)
    mine = bind(client, resident, bus)
    assert (mine.status_code, mine.get_json()["code"]) == (409, "already_bound")
    theirs = bind(client, other, bus)
    assert (theirs.status_code, theirs.get_json()["code"]) == (409, "subject_bound")
    assert "res_" not in theirs.get_data(as_text=True)

    elsewhere = register("provider", "Metro")[0]
    assert bind(client, other, elsewhere).status_code == 201
    assert bind(client, other, bus, subject="card-2").status_code == 201


def test_an_ended_binding_keeps_its_last_day(
    client: FlaskClient, resident: Headers, bus: str, house: House
) -> None:
    binding = bind(client, resident, bus, **{"from": "2026-01-01"}).get_json()["id"]
    assert unbind(client, resident, binding).status_code == 204
    assert unbind(client, resident, binding).status_code == 204
    assert listed(client, resident)[0]["until"] == "2026-03-10"
    (held,) = holders(house, bus)
    days = [date(2025, 12, 31), date(2026, 1, 1), TODAY, date(2026, 3, 11)]
    assert [held.covers(day) for day in days] == [False, True, True, False]


def test_a_binding_ended_before_it_began_covers_no_day(
    client: FlaskClient, resident: Headers, other: Headers, bus: str, house: House
) -> None:
    binding = bind(client, resident, bus, **{"from": "2026-05-01"}).get_json()["id"]
    unbind(client, resident, binding)
    (held,) = holders(house, bus)
    assert held.empty
    assert not any(held.covers(date(2026, 4, 29) + timedelta(days=i)) for i in range(5))
    assert bind(client, other, bus).status_code == 201


def test_a_new_holder_waits_thirty_days(
    client: FlaskClient, resident: Headers, other: Headers, bus: str, house: House
) -> None:
    binding = bind(client, resident, bus, **{"from": "2026-01-01"}).get_json()["id"]
    unbind(client, resident, binding)

    cooling = bind(client, other, bus)
    assert (cooling.status_code, cooling.get_json()["code"]) == (409, "subject_cooling")
    assert cooling.get_json()["free_from"] == "2026-04-09"
    assert bind(client, other, bus, **{"from": "2025-06-01"}).status_code == 409
    assert bind(client, other, bus, **{"from": "2026-04-08"}).status_code == 409
    assert bind(client, other, bus, **{"from": "2026-04-09"}).status_code == 201
    former, latter = holders(house, bus)
    assert former.resident_id != latter.resident_id
    assert (former.until_day, latter.from_day) == (TODAY, date(2026, 4, 9))


def test_the_same_holder_binds_again_at_once(
    client: FlaskClient, resident: Headers, bus: str
) -> None:
    unbind(client, resident, bind(client, resident, bus).get_json()["id"])
    assert bind(client, resident, bus).status_code == 201
    assert len(listed(client, resident)) == 2


def test_nobody_ends_anothers_binding(
    client: FlaskClient, resident: Headers, other: Headers, bus: str
) -> None:
    binding = bind(client, resident, bus).get_json()["id"]
    for headers, each in ((other, binding), (resident, "bnd_x"), (resident, "bnd_" + "0" * 26)):
        answer = unbind(client, headers, each)
        assert (answer.status_code, answer.get_json()["code"]) == (404, "unknown_binding")
    assert listed(client, resident)[0]["until"] is None


def test_bindings_come_in_pages(client: FlaskClient, resident: Headers, bus: str) -> None:
    made = [bind(client, resident, bus, subject=f"card-{i}").get_json()["id"] for i in range(5)]
    seen, cursor = [], ""
    while cursor is not None:
        page = client.get(f"/v1/me/bindings?limit=2{cursor}", headers=resident).get_json()
        seen += [each["id"] for each in page["items"]]
        cursor = page["next_cursor"] and f"&cursor={page['next_cursor']}"
    assert sorted(seen) == sorted(made)
    assert seen == sorted(made, reverse=True)
    for bad in ("x", "W10", "WyJ6eiJd", "WzFd"):
        answer = client.get(f"/v1/me/bindings?cursor={bad}", headers=resident)
        assert (answer.status_code, answer.get_json()["code"]) == (422, "bad_cursor")


def test_there_is_an_end_to_bindings(
    client: FlaskClient, resident: Headers, bus: str, house: House
) -> None:
    me = from_wire("res", client.get("/v1/me", headers=resident).get_json()["id"])
    with house.work(Actor("test")) as work:
        found = identity.find_client(work, bus)
        assert found is not None
        assert me is not None
        consent.hold_many(work, found.id, [(f"meter-{i}", me, TODAY) for i in range(100)])
    refused = bind(client, resident, bus)
    assert (refused.status_code, refused.get_json()["code"]) == (409, "too_many_bindings")


class Registry:
    """A provider that knows which secret is printed on which card."""

    def owns(self, provider: str, subject: str, proof: str) -> bool:
        return provider.startswith("cli_") and proof == f"printed on {subject}"


def test_a_proof_is_asked_of_the_provider(make_app: Callable[..., Flask]) -> None:
    for ports, app_env, proof, status in (
        ({}, "development", " ", 403),
        ({}, "development", "x", 201),
        ({}, "production", "printed on card-1", 403),
        ({"ownership": Registry()}, "production", "x", 403),
        ({"ownership": Registry()}, "production", "printed on card-1", 201),
    ):
        headers = bearer(sign_in(make_app().test_client()))
        app = make_app(ports=ports, app_env=app_env)
        with app.extensions["weitan"].work(Actor("command")) as work:
            provider, _ = identity.create_client(work, "provider", "Bus")
        answer = bind(app.test_client(), headers, provider, proof=proof)
        assert answer.status_code == status
        if status == 403:
            assert answer.get_json()["code"] == "ownership_unproven"


def test_eight_residents_after_one_card(app: Flask, client: FlaskClient, bus: str) -> None:
    everybody = [bearer(sign_in(client, f"1370000{i:04d}")) for i in range(8)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda each: bind(app.test_client(), each, bus), everybody))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    assert {a.get_json()["code"] for a in answers if a.status_code == 409} == {"subject_bound"}


def test_one_resident_binding_one_card_eight_times_at_once(
    app: Flask, client: FlaskClient, resident: Headers, bus: str
) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: bind(app.test_client(), resident, bus), range(8)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    assert len(listed(client, resident)) == 1


def test_many_subjects_are_found_in_one_look(
    client: FlaskClient, resident: Headers, bus: str, house: House
) -> None:
    with house.work(Actor("test")) as work:
        found = identity.find_client(work, bus)
        assert found is not None
        residents = [identity.demo_resident(work, f"1360000{i:04d}") for i in range(20)]
        rows = [(f"c{i}", residents[i % 20], TODAY) for i in range(2000)]
        consent.hold_many(work, found.id, rows)
    with house.look(Actor("test")) as work:
        keys = consent.subject_hashes(work, found.id, [f"c{i}" for i in range(0, 3000, 3)])
        held = consent.holders(work, found.id, [*keys, *keys])
        assert len(held) == 667
        assert held[keys[1]] == (Held(residents[3], TODAY, None),)
        assert consent.holders(work, found.id, []) == {}
        assert consent.holders(work, bytes(16), keys) == {}


def test_closing_ends_every_binding(
    client: FlaskClient, resident: Headers, bus: str, house: House
) -> None:
    for i in range(3):
        bind(client, resident, bus, subject=f"card-{i}")
    me = from_wire("res", client.get("/v1/me", headers=resident).get_json()["id"])
    assert me is not None
    with house.work(Actor("test")) as work:
        assert consent.end_all(work, me) == 3
        assert consent.end_all(work, me) == 0
    assert {each["until"] for each in listed(client, resident)} == {"2026-03-10"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"subject": ""},
        {"subject": "x" * 201},
        {"subject": None},
        {"from": "yesterday"},
        {"from": "2026-02-30"},
        {"until": "2026-12-31"},
        {"proof": 5},
    ],
)
def test_a_binding_is_well_formed(
    client: FlaskClient, resident: Headers, bus: str, wrong: dict[str, Any]
) -> None:
    answer = bind(client, resident, bus, **wrong)
    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["pointer"] == f"/{next(iter(wrong))}"
