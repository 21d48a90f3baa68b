"""A bank's inquiry is contested: the bank hears of it, and of the answer."""

from typing import Any

import pytest

from tests.conftest import Headers
from tests.credit.counter import DEMO, Counter
from tests.objections.court import MINE, Court


@pytest.fixture
def counter(court: Court) -> Counter:
    found = Counter(court.market.app, court.market.clock, court.market.client)
    found.close()
    found.graded(court.resident, 120)
    return found


@pytest.fixture
def bank(counter: Counter) -> Headers:
    return counter.bank()


@pytest.fixture
def inquiry(court: Court, counter: Counter, bank: Headers) -> str:
    return str(counter.ask(bank, counter.agree(court.resident))["inquiry_id"])


def told(counter: Counter, bank: Headers) -> list[tuple[str, Any, bool]]:
    """(type, decision, valid) of the events about an inquiry."""
    return [
        (each["type"], each["data"]["decision"], each["data"]["valid"])
        for each in counter.events(bank)
        if each["type"].startswith("inquiry.")
    ]


def contested(court: Court, inquiry: str, **more: str) -> dict[str, Any]:
    """An objection, and a while passes."""
    found = court.contest("inquiry", inquiry, **more)
    court.market.wait(minutes=1)
    return found


def valid(counter: Counter, bank: Headers, inquiry: str) -> bool:
    return bool(counter.get(f"/v1/credit/inquiries/{inquiry}", bank)["valid"])


def test_an_answer_is_contested_and_found_right(
    court: Court, counter: Counter, bank: Headers, inquiry: str
) -> None:
    found = contested(court, inquiry, wish="human_review")
    assert told(counter, bank) == [("inquiry.disputed", "open", True)]
    wang = court.market.operator("Wang")
    seen = court.market.get(f"/v1/objections/{found['id']}", wang)
    assert seen["explanation"]["id"] == inquiry
    court.reject(wang, found)
    assert told(counter, bank)[1:] == [("inquiry.decided", "rejected", True)]
    assert valid(counter, bank, inquiry)


def test_an_answer_is_taken_back_by_two_officers(
    court: Court, counter: Counter, bank: Headers, inquiry: str
) -> None:
    found = contested(court, inquiry)
    maker, checker = court.market.operator("Wang"), court.market.operator("Li")
    proposed = court.propose(maker, found, "withdraw")
    assert proposed["difference"][1] == {
        "field": f"answer of {inquiry}",
        "before": "valid",
        "after": "withdrawn",
    }
    assert court.approve(maker, proposed, 403)["code"] == "same_operator"
    court.approve(checker, proposed)
    assert told(counter, bank)[1:] == [("inquiry.decided", "upheld", False)]
    assert not valid(counter, bank, inquiry)


def test_an_answer_may_stand_though_the_resident_was_right_to_ask(
    court: Court, counter: Counter, bank: Headers, inquiry: str
) -> None:
    found = contested(court, inquiry, wish="explain")
    assert court.uphold(found, "none")["status"] == "upheld"
    assert valid(counter, bank, inquiry)
    assert told(counter, bank)[1:] == [("inquiry.decided", "rejected", True)]


def test_what_is_withdrawn_is_told_too(
    court: Court, counter: Counter, bank: Headers, inquiry: str
) -> None:
    court.withdraw(contested(court, inquiry))
    assert told(counter, bank)[1:] == [("inquiry.decided", "withdrawn", True)]


def test_nobody_contests_an_inquiry_of_somebody_else(
    court: Court, counter: Counter, bank: Headers, inquiry: str
) -> None:
    other = counter.person()
    for subject in (inquiry, "inq_01m80dm0wde0y95z0eh04byx4k", "inq_1"):
        body = {"inquiry_id": subject, "reason": "?"}
        assert court.market.refused(MINE, other, body, 404) == "unknown_inquiry"
    assert told(counter, bank) == []


def test_a_bank_does_not_learn_that_a_neutral_answer_was_about_somebody(
    court: Court, counter: Counter
) -> None:
    """Another bank's consent: the resident sees who asked in vain, and contests that."""
    stranger = counter.bank(DEMO)
    asked = counter.ask(stranger, counter.agree(court.resident))["inquiry_id"]
    path = f"/v1/credit/inquiries/{asked}"
    before = counter.get(path, stranger)
    found = contested(court, asked)
    assert counter.get(f"/v1/me/inquiries/{asked}", court.resident)["contest"] == "open"
    assert counter.get(path, stranger) == before
    assert court.uphold(found, "withdraw")["status"] == "upheld"
    assert not counter.get(f"/v1/me/inquiries/{asked}", court.resident)["valid"]
    assert counter.get(path, stranger) == before
    assert told(counter, stranger) == []
