"""The account on a page: who one is, taking everything along, closing."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from app.kernel import to_wire
from tests.conftest import Headers
from tests.pages.conftest import Browser
from tests.pages.readers import text
from tests.redemption.market import CUP, Market


@pytest.fixture
def person(market: Market) -> Headers:
    return market.person()


@pytest.fixture
def mine(market: Market, person: Headers, browse: Callable[..., Browser]) -> Browser:
    return browse("resident", to_wire("res", market.id_of(person)))


def me(market: Market, person: Headers) -> dict[str, Any]:
    return dict(market.get("/v1/me", person))


def test_what_is_told_of_oneself_is_kept_refused_and_taken_back(
    market: Market, person: Headers, mine: Browser
) -> None:
    mine.get("/my/account")
    assert "Year of birth not told" in text(mine)
    mine.get("/my/account/profile")
    mine.post("/my/account/profile", {"birth_year": "1957", "district": "Wendeng"})
    assert "Saved." in text(mine)
    assert "Year of birth 1957 District Wendeng" in text(mine)
    for wrong in ("2100", "soon", "2020", "9" * 5000):
        answer = mine.post("/my/account/profile", {"birth_year": wrong, "district": "Rushan"})
        assert answer.status_code in (403, 422), wrong
        assert 'value="Rushan"' in mine.page
    mine.post("/my/account/profile", {"birth_year": "", "district": ""})
    found = me(market, person)
    assert (found["birth_year"], found["district"]) == (None, None)


def test_a_new_number_takes_a_code_and_a_proof(
    market: Market, person: Headers, mine: Browser
) -> None:
    mine.get("/my/account/phone")
    mine.post("/my/account/phone", {"phone": "13911112222", "step": "send"})
    code = re.search(r"Your code is (\d{6})", mine.page)
    assert code is not None
    form = {"phone": "13911112222", "proof": "I am I"}
    wrong = "000000" if code[1] != "000000" else "111111"
    assert mine.post("/my/account/phone", form | {"code": wrong}).status_code == 403
    assert 'value="I am I"' in mine.page
    mine.post("/my/account/phone", form | {"code": code[1]})
    assert "Your number is now 139****2222" in text(mine)
    assert "Name checked" in text(mine)
    assert me(market, person)["phone"] == "139****2222"


def test_the_name_is_checked_once_a_person(market: Market, mine: Browser) -> None:
    other = market.person()
    market.post("/v1/me/verification", other, {"proof": "somebody"}, 200)
    mine.get("/my/account/verification")
    assert mine.post("/my/account/verification", {"proof": "somebody"}).status_code == 409
    assert "You have another account already" in text(mine)
    mine.post("/my/account/verification", {"proof": "me alone"})
    assert "Your name is checked" in text(mine)
    assert "/my/account/verification" not in mine.page


def test_everything_comes_as_a_file_in_either_form(mine: Browser) -> None:
    mine.get("/my/export")
    form = mine.tokens()
    page = mine.client.post("/my/export", data=form | {"format": "html"})
    assert page.content_type == "text/html; charset=utf-8"
    assert page.headers["Content-Disposition"].startswith('attachment; filename="weitan-')
    whole = mine.client.post("/my/export", data=form | {"format": "json"})
    assert whole.content_type == "application/json"
    assert ".json" in whole.headers["Content-Disposition"]
    assert "no-store" in whole.headers["Cache-Control"]
    assert whole.json is not None
    assert whole.json["made_at"]
    assert mine.post("/my/export", {"format": "pdf"}).status_code == 422


def test_a_wrong_code_brings_no_file_and_is_asked_for_again(mine: Browser) -> None:
    mine.get("/my/export")
    answer = mine.post("/my/export", {"format": "json", "code": "123456"})
    assert answer.status_code == 403
    assert "The code is wrong, used or too old" in text(mine)
    assert 'name="code"' in mine.page
    # The enter key presses a form's first button.
    assert mine.page.index("Download") < mine.page.index("Send another code")
    sent = mine.post("/my/export", {"format": "json", "step": "send"})
    code = re.search(r"Your code is (\d{6})", sent.text)
    assert code is not None
    form = mine.tokens() | {"format": "json", "code": code[1]}
    assert mine.client.post("/my/export", data=form).content_type == "application/json"


def test_closing_says_what_is_lost_and_does_nothing_yet(
    market: Market, person: Headers, mine: Browser
) -> None:
    market.post("/v1/me/vouchers", person, {"benefit_id": CUP}, 201)
    available = market.points(person)[0].removesuffix(".00")
    mine.get("/my/close")
    for said in (f"Points that nobody gets {available}", "Open vouchers 1", "phone number"):
        assert said in text(mine), said
    assert "What has to stay, and until when" in text(mine)
    mine.post("/my/close")
    assert "Nothing has been closed" in text(mine)
    assert me(market, person)["phone"]
    mine.speak("zh")
    assert "grades, factors" not in mine.get("/my/close").text
    assert "手机号" in mine.page


def test_closed_the_browser_says_goodbye_and_knows_nobody(
    market: Market, person: Headers, mine: Browser
) -> None:
    mine.get("/my/close")
    mine.post("/my/close", {"sure": "yes"})
    assert "Goodbye, and thank you" in text(mine)
    assert market.get("/v1/me", person, 401)["code"] == "account_closed"
    assert mine.client.get("/my/account").location.startswith("/sign-in")
