"""What a bank reports of an answer, and what its resident sees that it changed."""

from typing import Any

import pytest

from tests.conftest import Headers
from tests.credit.counter import DEMO, OFFER, Counter

OUTCOMES = "/v1/credit/outcomes"


@pytest.fixture
def person(counter: Counter) -> Headers:
    return counter.person()


@pytest.fixture
def bank(counter: Counter) -> Headers:
    return counter.bank()


def mine(counter: Counter, person: Headers) -> dict[str, Any]:
    (found,) = counter.get("/v1/me/inquiries", person)["items"]
    return dict(found)


def test_the_resident_sees_what_the_answer_changed_in_yuan_a_year(
    counter: Counter, person: Headers, bank: Headers
) -> None:
    asked = counter.ask(bank, counter.agree(person))
    body = {
        "inquiry_id": asked["inquiry_id"],
        "used": True,
        "decided": "granted",
        "limit": "300000.00",
        "rate_bp": 415,
    }
    said = counter.post(OUTCOMES, bank, body | {"application_reference": "loan 1"})
    assert said["decided"] == "granted"
    effect = mine(counter, person)["effect"]
    assert effect == {
        "limit": "300000.00",
        "limit_more": "50000.00",
        "rate_bp": 415,
        "rate_less_bp": 65,
        "yearly_saving": "1950.00",
        "yearly_interest": "12450.00",
    }


def test_what_is_not_reported_is_taken_from_the_answer_or_the_offer(
    counter: Counter, person: Headers, bank: Headers
) -> None:
    asked = counter.ask(bank, counter.agree(person))
    body = {"inquiry_id": asked["inquiry_id"], "used": True, "decided": "granted"}
    counter.post(OUTCOMES, bank, body)
    effect = mine(counter, person)["effect"]
    assert effect["limit"] == asked["terms"]["limit"]
    assert effect["yearly_saving"] == asked["terms"]["yearly_saving"]
    counter.post(OUTCOMES, bank, body | {"used": False})
    effect = mine(counter, person)["effect"]
    assert effect["limit"] == OFFER["amount"]
    assert effect["yearly_saving"] == "0.00"


def test_a_later_report_takes_the_place_of_the_first_and_both_are_kept(
    counter: Counter, person: Headers, bank: Headers
) -> None:
    asked = counter.ask(bank, counter.agree(person))
    body = {"inquiry_id": asked["inquiry_id"], "used": False, "decided": "refused"}
    counter.post(OUTCOMES, bank, body)
    assert mine(counter, person)["outcome"]["decided"] == "refused"
    assert mine(counter, person)["effect"] is None
    counter.post(OUTCOMES, bank, body | {"decided": "withdrawn"})
    assert mine(counter, person)["outcome"]["decided"] == "withdrawn"
    export = counter.get("/v1/me/export", person)
    (kept,) = export["sections"]["inquiries"]
    assert [each["decided"] for each in kept["outcomes"]] == ["refused", "withdrawn"]


def test_a_neutral_answer_may_have_an_outcome_too(counter: Counter, bank: Headers) -> None:
    person = counter.person(None)
    asked = counter.ask(bank, counter.agree(person))
    body = {"inquiry_id": asked["inquiry_id"], "used": True, "decided": "granted"}
    counter.post(OUTCOMES, bank, body)
    effect = mine(counter, person)["effect"]
    assert effect["limit_more"] == effect["yearly_saving"] == "0.00"


def test_only_its_own_bank_reports_and_of_the_same_application(
    counter: Counter, person: Headers, bank: Headers
) -> None:
    asked = counter.ask(bank, counter.agree(person))
    body = {"inquiry_id": asked["inquiry_id"], "used": True, "decided": "granted"}
    assert counter.post(OUTCOMES, counter.bank(DEMO), body, 404)["code"] == "unknown_inquiry"
    other = body | {"application_reference": "loan 2"}
    assert counter.post(OUTCOMES, bank, other, 409)["code"] == "other_application"
    counter.post(OUTCOMES, bank, body | {"inquiry_id": "inq_" + "0" * 26}, 404)
    for wrong in ({"used": "yes"}, {"decided": "maybe"}, {"limit": "0.00"}, {"rate_bp": "4"}):
        counter.post(OUTCOMES, bank, body | wrong, 422)
    assert mine(counter, person)["outcome"] is None
