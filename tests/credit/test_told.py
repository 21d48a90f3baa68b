"""What banks are told without asking: ended consents, corrected grades, contested answers."""

from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import Headers
from tests.credit.counter import DEMO, WENDENG, Counter

CHANGES = "credit.tell_changes"


@pytest.fixture
def person(counter: Counter) -> Headers:
    return counter.person()


@pytest.fixture
def bank(counter: Counter) -> Headers:
    return counter.bank()


def kinds(events: list[dict[str, Any]]) -> list[str]:
    return [each["type"] for each in events]


def test_a_revocation_is_told_to_its_recipient_at_once(
    counter: Counter, person: Headers, bank: Headers
) -> None:
    consent, other = counter.agree(person), counter.bank(DEMO)
    answer = counter.revoke(person, consent)
    (told,) = counter.events(bank)
    assert told["type"] == "consent.revoked"
    assert told["party"] == WENDENG
    assert told["data"]["consent"] == consent
    assert told["data"]["at"] == told["timestamp"]
    assert answer["told"]
    assert counter.events(other) == []
    counter.revoke(person, consent)
    assert len(counter.events(bank)) == 1


def test_a_bank_that_stands_for_itself_is_told_under_its_own_id(
    counter: Counter, person: Headers
) -> None:
    bank = counter.bank(None, "Savings Bank of the Hill")
    consent = counter.agree(person, "Savings Bank of the Hill")
    answer = counter.ask(bank, consent)
    assert answer["grade"] == "deep"
    counter.revoke(person, consent)
    (told,) = counter.events(bank)
    assert told["party"] == counter.wire(bank)


def test_a_corrected_grade_is_told_once_to_who_had_asked(
    counter: Counter, person: Headers, bank: Headers
) -> None:
    first = counter.ask(bank, counter.agree(person))
    silent = counter.bank(DEMO)
    counter.agree(person, DEMO)
    counter.clock.instant += timedelta(hours=1)
    counter.graded(person, 60)
    assert counter.job(CHANGES) == 1
    (told,) = counter.events(bank)
    assert told["type"] == "grade.corrected"
    data = told["data"]
    assert data["inquiry"] == first["inquiry_id"]
    assert data["application_reference"] == "loan 1"
    assert data["reason"] == "reversal"
    assert data["before"] == {"grade": "deep", "factor": first["factor"]}
    assert data["after"]["grade"] == "medium"
    assert counter.job(CHANGES) == 0
    assert counter.events(bank) == [told]
    assert counter.events(silent) == []
    kept = counter.get(f"/v1/credit/inquiries/{first['inquiry_id']}", bank)
    assert kept["changed"]["type"] == "grade.corrected"
    assert kept["valid"] is True
    assert kept["jws"] == first["jws"]
    newest = counter.disclosures(person)[0]
    assert (newest["about"], newest["who"]["id"]) == (first["inquiry_id"], WENDENG)
    counter.graded(person, 120)
    counter.job(CHANGES)
    (back,) = counter.events(bank, told["sequence"])
    assert back["data"]["before"] == data["after"]
    assert back["data"]["after"]["grade"] == "deep"


def test_a_grade_that_is_gone_is_withdrawn(
    counter: Counter, person: Headers, bank: Headers
) -> None:
    first = counter.ask(bank, counter.agree(person))
    counter.graded(person, 0)
    counter.job(CHANGES)
    (told,) = counter.events(bank)
    assert told["type"] == "grade.withdrawn"
    assert told["data"]["after"] is None
    kept = counter.get(f"/v1/credit/inquiries/{first['inquiry_id']}", bank)
    assert kept["valid"] is False
    (mine,) = counter.get("/v1/me/inquiries", person)["items"]
    assert mine["changed"]["type"] == "grade.withdrawn"


def test_after_a_revocation_no_new_grade_is_told_only_that_the_old_is_not_so(
    counter: Counter, person: Headers, bank: Headers
) -> None:
    consent = counter.agree(person)
    counter.ask(bank, consent)
    counter.revoke(person, consent)
    counter.clock.instant += timedelta(minutes=1)
    counter.graded(person, 60)
    counter.job(CHANGES)
    _, told = counter.events(bank)
    assert told["type"] == "grade.corrected"
    assert told["data"]["after"] is None


def test_what_was_not_told_is_not_corrected(counter: Counter, person: Headers) -> None:
    bank = counter.bank()
    counter.ask(bank, counter.agree(person, fields=["factor"]))
    counter.graded(person, 6)
    counter.job(CHANGES)
    (told,) = counter.events(bank)
    assert told["data"]["before"]["grade"] is None
    assert told["data"]["after"]["grade"] is None
    assert told["data"]["after"]["factor"] < told["data"]["before"]["factor"]


def test_a_correction_before_the_question_is_no_news(counter: Counter, person: Headers) -> None:
    bank = counter.bank()
    counter.graded(person, 60)
    assert counter.ask(bank, counter.agree(person))["grade"] == "medium"
    counter.job(CHANGES)
    assert counter.events(bank) == []


def test_a_contested_answer_and_its_decision_are_told(
    counter: Counter, person: Headers, bank: Headers
) -> None:
    first = counter.ask(bank, counter.agree(person))
    body = {"kind": "inquiry", "subject": first["inquiry_id"], "reason": "I did not apply."}
    found = counter.post("/v1/me/objections", person, body, 201)
    counter.clock.instant += timedelta(minutes=1)
    counter.post(f"/v1/me/objections/{found['id']}/withdraw", person, {})
    opened, decided = counter.events(bank)
    assert kinds([opened, decided]) == ["inquiry.disputed", "inquiry.decided"]
    assert opened["data"]["inquiry"] == first["inquiry_id"]
    assert decided["data"]["decision"] == "withdrawn"
    assert decided["data"]["valid"] is True


def test_an_event_may_be_asked_for_again_by_its_bank_alone(
    counter: Counter, person: Headers, bank: Headers
) -> None:
    counter.revoke(person, counter.agree(person))
    (told,) = counter.events(bank)
    path = f"/v1/credit/events/{told['id']}/replay"
    assert counter.post(path, bank, {})["status"] == "waiting"
    counter.post(path, counter.bank(DEMO), {}, 404)
