"""The desk of objections: a case is taken, given more time, rejected; a yes takes two."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.kernel import FixedClock
from app.plumbing import House
from tests.activities.desk import Desk
from tests.conftest import Headers
from tests.objections.court import Court
from tests.pages.conftest import Browser
from tests.pages.offices import officer, proposal
from tests.redemption.market import Market

Browse = Callable[..., Browser]
LIST = "/city/objections"
UPHOLD = "/city/propose/objection_upheld"


@pytest.fixture
def court(
    app: Flask,
    client: FlaskClient,
    clock: FixedClock,
    register: Callable[..., tuple[str, str]],
    resident: Headers,
) -> Court:
    desk = Desk.opened(client, register)
    desk.bind(resident)
    return Court(Market(app, clock, client), desk, resident)


@pytest.fixture
def found(court: Court) -> dict[str, Any]:
    """A ride that its resident contests."""
    return court.contest("activity", court.ride(), wish="remove")


@pytest.fixture
def wang(house: House, browse: Browse) -> Browser:
    return officer(house, browse, "Wang")


@pytest.fixture
def li(house: House, browse: Browse) -> Browser:
    return officer(house, browse, "Li")


def lookers(court: Court) -> set[str]:
    return {each["who"]["name"] for each in court.disclosures()}


def test_the_list_says_beforehand_that_a_look_is_noted(
    court: Court, found: dict[str, Any], wang: Browser
) -> None:
    page = wang.get(LIST).text
    assert "The resident's own log will name you and the case." in page.replace("&#39;", "'")
    assert "A record" in page
    assert "by Mar 13" in page
    assert "I was not there." not in page
    assert "Wang" not in lookers(court)
    page = wang.get(f"{LIST}/{found['id']}").text
    assert "I was not there." in page
    assert "City bus ride" in page
    assert "= 80.000 g" in page
    assert "Wang" in lookers(court)


def test_a_case_is_taken_and_given_more_time_once(
    court: Court, found: dict[str, Any], wang: Browser
) -> None:
    path = f"{LIST}/{found['id']}"
    wang.get(f"{path}/take")
    assert "The case is yours." in wang.post(f"{path}/take", {"role": "Carbon officer"}).text
    assert "Wang" in wang.get(LIST).text
    wang.get(f"{path}/extend")
    reason = {"reason": "The bus company has to look."}
    assert "The longer time is noted" in wang.post(f"{path}/extend", reason).text
    assert court.look(found)["extension"] == reason["reason"]
    assert "/extend" not in wang.get(path).text
    wang.get(f"{path}/extend")
    answer = wang.post(f"{path}/extend", reason)
    assert answer.status_code == 409
    assert "The time was extended once" in answer.text
    assert reason["reason"] in answer.text


def test_a_no_takes_one_officer_and_its_reasons(
    court: Court, found: dict[str, Any], wang: Browser
) -> None:
    path = f"{LIST}/{found['id']}/reject"
    assert "This is final here" in wang.get(path).text
    typed = {"answer": "The card was yours.", "role": " "}
    answer = wang.post(path, typed)
    assert answer.status_code == 422
    assert "The card was yours." in answer.text
    assert court.look(found)["status"] == "open"
    wang.post(path, typed | {"role": "Carbon officer"})
    seen = court.look(found)
    assert (seen["status"], seen["answer"]["text"]) == ("rejected", "The card was yours.")
    assert "Not accepted" in wang.get(f"{LIST}?status=rejected").text
    assert "Accept: propose" not in wang.get(f"{LIST}/{found['id']}").text


def test_a_yes_takes_a_second_officer_who_reads_the_answer(
    court: Court, found: dict[str, Any], wang: Browser, li: Browser
) -> None:
    page = wang.get(f"{LIST}/{found['id']}").text
    assert f"{UPHOLD}?objection={found['id']}" in page
    page = wang.get(f"{UPHOLD}?objection={found['id']}&remedies=reverse&remedies=none").text
    assert "Take the record back" in page
    assert "Compute the grade again" not in page
    typed = {
        "objection": found["id"],
        "remedy": "reverse",
        "answer": "You are right.",
        "role": "Carbon officer",
        "why": "The driver says so.",
    }
    wang.post(UPHOLD, typed)
    asked = proposal(wang)
    wang.post(f"/city/approvals/{asked}/approve")
    assert court.look(found)["status"] == "open"
    assert "Li" not in lookers(court)
    assert "will say that you looked" in li.get("/city/approvals").text
    page = li.get(f"/city/approvals/{asked}").text
    assert "Li" in lookers(court)
    assert "<del>8</del>" in page
    assert "You are right.</ins>" in page
    li.post(f"/city/approvals/{asked}/approve")
    seen = court.look(found)
    assert (seen["status"], seen["answer"]["checked_by"]) == ("upheld", "Li")
    assert court.act(found["subject"])["status"] == "reversed"
    page = li.get(f"{LIST}/{found['id']}").text
    assert "Take the record back" in page


def test_what_is_overdue_stands_out(
    court: Court, found: dict[str, Any], clock: FixedClock, house: House, browse: Browse
) -> None:
    assert "No objection here." in officer(house, browse, "A").get(f"{LIST}?overdue=1").text
    court.market.wait(days=10)
    page = officer(house, browse, "B").get(f"{LIST}?overdue=1").text
    assert "overdue since Mar 13" in page


def test_unknown_cases_and_steps_are_not_there(found: dict[str, Any], wang: Browser) -> None:
    assert wang.get(f"{LIST}/obj_nothing").status_code == 404
    assert wang.get(f"{LIST}/{found['id']}/forget").status_code == 404
    assert wang.post(f"{LIST}/{found['id']}/forget").status_code == 404
