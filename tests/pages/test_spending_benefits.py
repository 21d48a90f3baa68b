"""Benefits as residents see them: what can be had, what is missing, and taking one once."""

from collections.abc import Callable

import pytest

from app.kernel import to_wire
from tests.conftest import Headers
from tests.pages.conftest import Browser
from tests.redemption.market import BUS, CUP, Market

BOOK = "e_book"


BrowseAs = Callable[[Headers], Browser]


@pytest.fixture
def browse_as(market: Market, browse: Callable[..., Browser]) -> BrowseAs:
    return lambda who: browse("resident", to_wire("res", market.id_of(who)))


def test_what_can_be_had_comes_first_and_what_is_missing_is_said(
    market: Market, browse_as: BrowseAs
) -> None:
    mine = browse_as(market.person(points=18))
    page = mine.get("/my/benefits").get_data(as_text=True)
    assert "You have 18 points" in page
    assert "You need 2 more points" in page
    assert page.index("2 yuan off coffee") < page.index("One-cent bus ride")
    market.post("/v1/me/vouchers", market.person(), {"benefit_id": CUP}, 201)
    assert "299 left today" in mine.get("/my/benefits").get_data(as_text=True)


def test_a_category_shows_its_own(market: Market, browse_as: BrowseAs) -> None:
    mine = browse_as(market.person())
    page = mine.get("/my/benefits?category=food").get_data(as_text=True)
    assert "coffee" in page
    assert "One-cent bus ride" not in page
    assert "Nothing of this kind" in mine.get("/my/benefits?category=x").get_data(as_text=True)


def test_too_few_points_have_no_button_and_the_way_to_more(
    market: Market, browse_as: BrowseAs
) -> None:
    page = browse_as(market.person(points=18)).get(f"/my/benefits/{BUS}").get_data(as_text=True)
    assert "You need 2 more points" in page
    assert "Take it for" not in page
    assert "/my/behaviours" in page


def test_one_benefit_tells_all_that_holds(market: Market, browse_as: BrowseAs) -> None:
    mine = browse_as(market.person())
    page = mine.get("/my/benefits/refill_detergent").get_data(as_text=True)
    for said in ("70", "¥3.50", "every day", "09:00–20:30", "3 a month", "for 5 days", "21 days"):
        assert said in page, said
    page = mine.get("/my/benefits/library_printing").get_data(as_text=True)
    assert "Tue to Sun" in page
    assert mine.get("/my/benefits/nothing").status_code == 404


def test_taken_twice_by_one_form_it_is_one_voucher(market: Market, browse_as: BrowseAs) -> None:
    person = market.person()
    mine = browse_as(person)
    mine.get(f"/my/benefits/{CUP}")
    form = mine.tokens()
    first = mine.client.post(f"/my/benefits/{CUP}", data=form)
    again = mine.client.post(f"/my/benefits/{CUP}", data=form)
    assert first.status_code == again.status_code == 303
    assert first.location == again.location
    assert len(market.get("/v1/me/vouchers", person)["items"]) == 1
    assert market.points(person)[1] == "15.00"


def test_without_the_token_of_a_form_nothing_is_taken(market: Market, browse_as: BrowseAs) -> None:
    person = market.person()
    assert browse_as(person).client.post(f"/my/benefits/{CUP}").status_code == 400
    assert market.get("/v1/me/vouchers", person)["items"] == []


def test_what_ran_out_meanwhile_is_said_in_words(market: Market, browse_as: BrowseAs) -> None:
    person = market.person()
    market.post(f"/v1/benefits/{BOOK}/licences", market.operator(), {"codes": ["only"]})
    mine = browse_as(person)
    assert "Take it for" in mine.get(f"/my/benefits/{BOOK}").get_data(as_text=True)
    market.take(market.person(), BOOK)
    answer = mine.post(f"/my/benefits/{BOOK}")
    assert answer.status_code == 409
    assert "There is none of this left." in answer.get_data(as_text=True)
    assert "Take it for" not in answer.get_data(as_text=True)
    assert "None left" in mine.get("/my/benefits").get_data(as_text=True)
    assert market.points(person) == ("100.00", "0.00")


def test_points_that_went_meanwhile_are_said_in_words(market: Market, browse_as: BrowseAs) -> None:
    person = market.person(points=20)
    mine = browse_as(person)
    mine.get(f"/my/benefits/{BUS}")
    market.take(person, CUP)
    answer = mine.post(f"/my/benefits/{BUS}")
    assert answer.status_code == 409
    page = answer.get_data(as_text=True)
    assert "You need 15.00 more points for this." in page
    assert "Take it for" not in page


def test_a_gift_is_done_at_once(market: Market, browse_as: BrowseAs) -> None:
    market.shop("seagrass_restoration")
    mine = browse_as(market.person())
    mine.get("/my/benefits/seagrass_donation")
    page = mine.post("/my/benefits/seagrass_donation").get_data(as_text=True)
    assert "<h1>Done</h1>" in page
    mine.speak("zh")
    page = mine.get("/my/vouchers").get_data(as_text=True)
    assert "已使用" in page
    assert "守护海草床" in page
