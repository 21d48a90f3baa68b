"""The two lists say what is configured now: another bank, provider or platform is in them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from app import credit
from app.plumbing import Actor
from app.plumbing import house as house_of
from tests.recognition.bourse import UNIONPAY, altered

Register = Callable[..., tuple[str, str]]


def lists(client: FlaskClient) -> Any:
    answer = client.get("/v1/privacy/lists")
    assert answer.status_code == 200
    assert answer.cache_control.public
    return answer.get_json()


def banks(found: Any) -> list[list[str]]:
    return [
        [each["legal_name"] for each in purpose["recipients"]]
        for purpose in found["shared"]["purposes"]
    ]


def senders(found: Any, behaviour: str) -> list[str]:
    rows = {row["behaviour"]: row["providers"] for row in found["collected"]["evidence"]}
    return list(rows[behaviour])


def test_every_kind_has_a_class_an_origin_and_a_day_on_which_it_goes(client: FlaskClient) -> None:
    found = lists(client)
    kinds = found["collected"]["kinds"]
    assert len(kinds) > 20
    assert {each["class"] for each in kinds} <= {"C1", "C2"}
    assert all(each["origin_en"] and each["keep"]["reason_zh"] for each in kinds)
    known = {each["code"] for each in kinds}
    shared = found["shared"]
    told = {code for each in [*shared["purposes"], *shared["looks"]] for code in each["data"]}
    assert told <= known
    assert found["recommendations"]["made"] is False


def test_evidence_is_listed_field_by_field_as_the_rules_keep_it(client: FlaskClient) -> None:
    rows = {row["behaviour"]: row for row in lists(client)["collected"]["evidence"]}
    assert len(rows) == 29
    fields = {each["name"]: each for each in rows["bus_ride"]["fields"]}
    assert (fields["line"]["keep"], fields["line"]["days"]) == ("drop", None)
    assert (fields["payment_id"]["keep"], fields["payment_id"]["days"]) == ("hash", 1825)


def test_a_provider_and_a_bank_are_in_it_as_soon_as_they_are_registered(
    app: Flask, client: FlaskClient, register: Register
) -> None:
    assert senders(lists(client), "bus_ride") == []
    register(name="Harbour buses", behaviours=["bus_ride"])
    assert senders(lists(client), "bus_ride") == ["Harbour buses"]
    assert senders(lists(client), "metro_ride") == []
    assert not any(banks(lists(client)))
    wire, _ = register("bank", "Bank of the Sea")
    with house_of(app).work(Actor("command")) as work:
        credit.bind(work, wire, "demo_city_bank")
        name = work.rules.credit.banks["demo_city_bank"].legal_name
    assert banks(lists(client)) == [[name]] * 4


def test_a_platform_is_listed_by_what_its_links_give(
    make_app: Callable[..., Flask], tmp_path: Path
) -> None:
    platforms = {row["code"]: row for row in lists(make_app().test_client())["shared"]["platforms"]}
    assert len(platforms) == 3
    assert "claim_secret" in platforms[UNIONPAY]["data"]
    name = platforms[UNIONPAY]["legal_name"]
    rules = altered(tmp_path, (f'"{name}"', '"Another company"'))
    other = lists(make_app(rules_folder=rules).test_client())["shared"]["platforms"]
    assert {row["legal_name"] for row in other if row["code"] == UNIONPAY} == {"Another company"}
