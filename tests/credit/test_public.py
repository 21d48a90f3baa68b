"""What everybody may read, the route that somebody must have approved, products and seats."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import credit
from app.kernel import Conflict, Invalid, NotFound
from app.settings import BadSetting, Settings
from tests.credit.counter import COMMAND, DEMO, INQUIRIES, OFFER, WENDENG, Counter

CALCULATIONS = "/v1/credit/calculations"
NEEDED = {"APP_ENV": "production", "DATABASE_URL": "x", "SIGNING_KEYS": "x", "DATA_KEYS": "x"}


def calculate(client: FlaskClient, status: int = 200, **more: Any) -> Any:
    body = {"product": "low_carbon", "grade": "deep", "factor": 900, "offer": OFFER} | more
    answer = client.post(CALCULATIONS, json=body)
    assert answer.status_code == status, answer.get_json()
    return answer.get_json()


def test_the_scorecard_says_all_that_decides(client: FlaskClient) -> None:
    answer = client.get("/v1/credit/scorecard")
    found = answer.get_json()
    card = found["card"]
    assert all(
        card[f"{name}_{tongue}"] for name in ("principle", "purpose") for tongue in ("zh", "en")
    )
    assert sum(part["most"] for part in card["parts"]) == card["most"] == 1000
    assert all(part["steps"] and part["source"]["reference"]["title"] for part in card["parts"])
    assert {each["part"] for each in found["reasons"]} == {part["name"] for part in card["parts"]}
    assert card["caps"]
    assert card["never_used"]
    assert len(card["release"]["approved_by"]) >= 2
    assert [each["code"] for each in found["grades"]] == ["light", "medium", "deep"]
    assert found["route"] == {"state": "direct", "approved_by": "development"}
    tag = answer.headers["ETag"]
    assert client.get("/v1/credit/scorecard", headers={"If-None-Match": tag}).status_code == 304


def test_an_offer_without_and_with_side_by_side(client: FlaskClient) -> None:
    found = calculate(client, bank=WENDENG)
    assert found["without"]["limit"] == OFFER["amount"]
    assert found["with"]["rate_bp"] < found["without"]["rate_bp"]
    assert found["table"]["bank"] == WENDENG
    assert found["table"]["reference"]["title"]
    assert "not a credit report" in found["notice"]["en"]
    assert calculate(client)["table"]["bank"] == "standard"
    assert calculate(client, grade=None, factor=None)["with"] == found["without"]


def test_an_online_loan_ends_at_the_ceiling(client: FlaskClient) -> None:
    offer = OFFER | {"channel": "online"}
    found = calculate(client, bank=WENDENG, offer=offer)
    assert found["with"]["limit"] == found["without"]["limit"] == "200000.00"
    assert found["with"]["bound_by"] == "online_ceiling"


def test_what_the_rules_do_not_know_is_refused(client: FlaskClient) -> None:
    for more, code in (
        ({"bank": "no_bank"}, "unknown_bank"),
        ({"product": "no_loan"}, "unknown_product"),
        ({"grade": "golden"}, "unknown_grade"),
    ):
        assert calculate(client, 422, **more)["code"] == code
    for wrong in ({"factor": 1001}, {"factor": -1}, {"factor": "9"}, {"offer": None}):
        calculate(client, 422, **wrong)


def test_a_bank_reads_its_own_tables(counter: Counter) -> None:
    found = counter.get("/v1/credit/products", counter.bank(DEMO))
    assert [each["code"] for each in found["items"]] == sorted(
        each["code"] for each in found["items"]
    )
    assert {each["table"]["bank"] for each in found["items"]} == {DEMO}
    assert all(each["purposes"] and each["table"]["rows"] for each in found["items"])
    assert {each["name"] for each in found["ceilings"]} >= {"online_ceiling", "max_discount"}
    own = counter.get("/v1/credit/products", counter.bank(None))
    assert own["bank"] == "standard"


def test_a_closed_route_answers_nobody(counter: Counter, make_app: Callable[..., Flask]) -> None:
    person, bank = counter.person(), counter.bank()
    consent = counter.agree(person)
    counter.app = make_app(credit_route="closed", credit_route_approved_by="", access_seconds=10**9)
    counter.client = counter.app.test_client()
    for asked in (consent, "cns_" + "0" * 26):
        answer = counter.asked(bank, asked)
        assert (answer.status_code, answer.get_json()["code"]) == (403, "route_closed")
    assert counter.asked(bank, consent, product="moon_loan").get_json()["code"] == "route_closed"
    assert counter.disclosures(person) == []
    assert counter.get(f"/v1/me/consents/{consent}", person)["taken"] == 0
    route = counter.client.get("/v1/credit/scorecard").get_json()["route"]
    assert route == {"state": "closed", "approved_by": None}
    assert counter.get(INQUIRIES, bank)["items"] == []


def test_production_is_closed_until_somebody_puts_a_name_to_it() -> None:
    assert Settings.from_env(NEEDED).credit_route == "closed"
    with pytest.raises(BadSetting, match="CREDIT_ROUTE_APPROVED_BY"):
        Settings.from_env(NEEDED | {"CREDIT_ROUTE": "direct"})
    with pytest.raises(BadSetting, match="closed or direct"):
        Settings.from_env({"CREDIT_ROUTE": "open"})
    name = {"CREDIT_ROUTE": "direct", "CREDIT_ROUTE_APPROVED_BY": "Counsel Zhang"}
    assert Settings.from_env(NEEDED | name).credit_route_approved_by == "Counsel Zhang"
    assert Settings.from_env({}).credit_route == "direct"


def test_a_client_is_seated_once_and_at_a_bank_of_the_rules(
    counter: Counter, register: Callable[..., tuple[str, str]]
) -> None:
    wire, _ = register("bank", "A Bank")
    other, _ = register("partner", "No Bank")
    with counter.house.work(COMMAND) as work:
        assert credit.bind(work, wire) == wire
        for client, code, refused in (
            (other, WENDENG, Invalid),
            (wire, "no_bank", NotFound),
            ("cli_" + "0" * 26, WENDENG, NotFound),
        ):
            with pytest.raises(refused):
                credit.bind(work, client, code)
        assert credit.bind(work, wire, WENDENG) == WENDENG
        with pytest.raises(Conflict):
            credit.bind(work, wire, DEMO)
        bank = work.rules.credit.banks[WENDENG]
        for text in (wire, WENDENG, bank.legal_name, bank.title_zh):
            found = credit.recipient(work, text)
            assert found is not None
            assert found == (WENDENG, bank.legal_name, bank.contact, bank.licence)
        assert credit.recipient(work, other) is None
        assert credit.recipient(work, "Nobody's Bank") is None
