"""Contesting on a page: what it does is said before, it does it, and it can be taken back."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.kernel import FixedClock, to_wire
from app.settings import Settings
from tests.activities.desk import Desk
from tests.conftest import Headers
from tests.objections.court import Court
from tests.pages.conftest import Browser
from tests.pages.readers import text
from tests.redemption.market import Market


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Tokens that outlive a test which sets the clock forward."""
    return replace(settings, access_seconds=2 * 366 * 86_400)


@pytest.fixture
def court(
    app: Flask,
    client: FlaskClient,
    clock: FixedClock,
    register: Callable[..., tuple[str, str]],
    resident: Headers,
) -> Iterator[Court]:
    desk = Desk.opened(client, register)
    desk.bind(resident)
    found = Court(Market(app, clock, client), desk, resident)
    yield found
    assert found.differences() == []


@pytest.fixture
def mine(court: Court, browse: Callable[..., Browser]) -> Browser:
    return browse("resident", to_wire("res", court.market.id_of(court.resident)))


def contest(mine: Browser, act: str) -> str:
    """Contest an act on the pages; the objection's id."""
    mine.get(f"/my/contest?act={act}")
    form = {"act": act, "wish": "remove", "reason": "I was not there."}
    answer = mine.post("/my/contest", form)
    assert answer.status_code == 200
    return answer.request.path.rpartition("/")[2]


def test_what_it_does_is_said_before_and_done_after(court: Court, mine: Browser) -> None:
    act = court.ride()
    mine.get(f"/my/contest?act={act}")
    assert "its points as you can still spend are set aside, not taken" in text(mine)
    assert "8 points" in text(mine)
    assert court.points() == ("8.00", "0.00")
    objection = contest(mine, act)
    assert objection.startswith("obj_")
    assert court.points() == ("0.00", "8.00")
    assert "A person answers by Mar" in text(mine)
    mine.get("/my/objections")
    assert "A record" in text(mine)
    assert "Being looked at" in text(mine)


def test_the_same_form_sent_twice_is_one_objection(court: Court, mine: Browser) -> None:
    act = court.ride()
    mine.get(f"/my/contest?act={act}")
    form = mine.tokens() | {"act": act, "wish": "remove", "reason": "I was not there."}
    first, again = (mine.client.post("/my/contest", data=form) for _ in range(2))
    assert first.location == again.location
    mine.get(f"/my/contest?act={act}")
    anew = mine.post("/my/contest", {"act": act, "reason": "Indeed not.", "wish": "remove"})
    assert anew.status_code == 409
    assert "You contest this already" in text(mine)
    assert "Indeed not." in mine.page


def test_without_a_reason_nothing_is_contested(court: Court, mine: Browser) -> None:
    act = court.ride()
    mine.get(f"/my/contest?act={act}")
    assert mine.post("/my/contest", {"act": act, "wish": "correct"}).status_code == 422
    assert 'value="correct" checked' in mine.page
    assert court.points() == ("8.00", "0.00")
    assert "Choose first what is wrong" in mine.get("/my/contest").text
    assert mine.get("/my/contest?act=act_nothing").status_code == 404


def test_taken_back_all_is_as_before(court: Court, mine: Browser) -> None:
    objection = contest(mine, court.ride())
    mine.get(f"/my/objections/{objection}/withdraw")
    assert "points that were set aside come back" in text(mine)
    mine.post(f"/my/objections/{objection}/withdraw")
    assert "All is as before" in text(mine)
    assert court.points() == ("8.00", "0.00")
    assert "Keep this statement" not in text(mine)


def test_a_statement_stays_beside_the_answer(court: Court, mine: Browser) -> None:
    objection = contest(mine, court.ride())
    court.reject(court.market.operator("Wang"), {"id": objection})
    mine.get(f"/my/objections/{objection}")
    assert "The card was yours." in text(mine)
    assert "Not accepted" in text(mine)
    assert "Carbon account officer" in text(mine)
    mine.post(f"/my/objections/{objection}/comment", {"comment": "It was my brother."})
    assert "Your statement It was my brother." in text(mine)
    too_long = {"comment": "x" * 1001}
    assert mine.post(f"/my/objections/{objection}/comment", too_long).status_code == 422
    assert "x" * 1001 in mine.page


def test_an_answer_that_is_late_is_said_to_be_late(
    court: Court, mine: Browser, clock: FixedClock, browse: Callable[..., Browser]
) -> None:
    objection = contest(mine, court.ride())
    clock.instant += timedelta(days=60)
    later = browse("resident", to_wire("res", court.market.id_of(court.resident)))
    later.get("/my/objections")
    assert "Overdue" in text(later)
    later.get(f"/my/objections/{objection}")
    assert "The answer was due on Mar" in text(later)
