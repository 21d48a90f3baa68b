"""Partner platforms as residents see them: linked or not, the rate before, the exchange after."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask

from app.kernel import FixedClock, to_wire
from tests.conftest import Headers
from tests.pages.conftest import Browser
from tests.recognition.bourse import CCB, UNIONPAY, Bourse

BrowseAs = Callable[[Headers], Browser]
_QUOTE = re.compile(r'name="quote" value="([^"]+)"')
EXCHANGE = f"/my/partners/{UNIONPAY}/exchange"


@pytest.fixture
def bourse(app: Flask, clock: FixedClock) -> Bourse:
    return Bourse(app, clock, app.test_client())


@pytest.fixture
def browse_as(bourse: Bourse, browse: Callable[..., Browser]) -> BrowseAs:
    return lambda who: browse("resident", to_wire("res", bourse.id_of(who)))


def quoted(mine: Browser, amount: str, direction: str = "out") -> dict[str, str]:
    """Ask for a rate; the form that says yes to it."""
    mine.get(f"{EXCHANGE}?direction={direction}&amount={amount}")
    found = _QUOTE.search(mine.page)
    assert found, mine.page
    return {"direction": direction, "amount": amount, "quote": unescape(found[1])}


def test_linked_ones_come_first_with_todays_rates(bourse: Bourse, browse_as: BrowseAs) -> None:
    mine = browse_as(bourse.rider())
    mine.get("/my/partners")
    assert "1 point becomes 13 low-carbon points" in mine.page
    assert "13.5 low-carbon points become 1 point" in mine.page
    assert mine.page.index("UnionPay") < mine.page.index("CCB")
    assert mine.page.count(">Linked<") == 1
    mine.get(f"/my/partners/{UNIONPAY}")
    assert "My link" in mine.page
    assert mine.get("/my/partners/nobody").status_code == 404


def test_before_linking_the_words_of_the_consent_stand_there(
    bourse: Bourse, browse_as: BrowseAs
) -> None:
    mine = browse_as(bourse.rider())
    mine.get(f"/my/partners/{CCB}")
    text = bourse.get(f"/v1/partners/{CCB}")["consent"]["text_en"]
    assert text[:60] in unescape(mine.page)
    form = {"version": "2025-01", "proof": "eyJub.not.signed", "agree": "yes"}
    assert mine.post(f"/my/partners/{CCB}/link", form).status_code == 403
    assert "The partner does not confirm that the account is yours." in mine.page
    assert "eyJub.not.signed" in mine.page
    mine.get(f"/my/partners/{CCB}")
    form["proof"] = "account 77"  # in development any words prove an account
    unasked = {name: said for name, said in form.items() if name != "agree"}
    assert mine.post(f"/my/partners/{CCB}/link", unasked).status_code == 422
    assert "Linking needs your consent" in mine.page
    mine.post(f"/my/partners/{CCB}/link", form)
    assert "Linked. No act is paid twice from now on." in mine.page
    assert "My link" in mine.page


def test_the_rate_is_shown_with_what_stays_before_anything_moves(
    bourse: Bourse, browse_as: BrowseAs
) -> None:
    person = bourse.rider()
    before = bourse.points(person)
    mine = browse_as(person)
    quoted(mine, "28", "in")
    for said in ("You give", ">28</span> low-carbon points", ">2.07</span> points"):
        assert said in mine.page, said
    quoted(mine, "2.05")
    for said in (">2</span> points", ">26</span> low-carbon points", "0.05 points stay with you"):
        assert said in mine.page, said
    assert "This rate holds until 12:05:00." in mine.page
    assert bourse.points(person) == before


def test_yes_twice_is_one_exchange_and_its_page_waits_for_the_partner(
    bourse: Bourse, browse_as: BrowseAs
) -> None:
    person, seat = bourse.rider(), bourse.partner()
    mine = browse_as(person)
    form = quoted(mine, "2") | mine.tokens()
    first = mine.client.post(EXCHANGE, data=form)
    again = mine.client.post(EXCHANGE, data=form)
    assert first.status_code == again.status_code == 303
    assert first.location == again.location
    (held,) = bourse.get("/v1/me/exchanges", person)["items"]
    mine.get(first.location)
    assert "Waiting for the partner" in mine.page
    assert '<noscript><meta http-equiv="refresh"' in mine.page
    assert mine.client.get(f"{first.location}/state").get_json() == {"waiting": True}
    bourse.confirm(seat, held)
    assert mine.client.get(f"{first.location}/state").get_json() == {"waiting": False}
    mine.get(first.location)
    assert ">Done<" in mine.page
    assert "data-watch" not in mine.page
    mine.get("/my/exchanges")
    assert first.location in mine.page


def test_a_rate_that_has_gone_stale_is_said_and_the_amount_stays(
    bourse: Bourse, browse_as: BrowseAs
) -> None:
    person = bourse.rider()
    mine = browse_as(person)
    form = quoted(mine, "2")
    bourse.wait(minutes=6)
    assert mine.post(EXCHANGE, form).status_code == 409
    assert "The rate shown has expired." in mine.page
    assert 'value="2"' in mine.page
    assert bourse.get("/v1/me/exchanges", person)["items"] == []


def test_more_than_there_is_is_said_before_and_refused_after(
    bourse: Bourse, browse_as: BrowseAs
) -> None:
    person = bourse.rider()
    mine = browse_as(person)
    for amount, said in (
        ("0", "Enter a number above 0"),
        ("0.5", "The least that is exchanged is worth 1.00 points"),
    ):
        assert mine.get(f"{EXCHANGE}?direction=out&amount={amount}").status_code in (409, 422)
        assert said in mine.page, amount
    form = quoted(mine, "201")
    assert mine.post(EXCHANGE, form).status_code == 409
    assert "You may still exchange 200.00 points today." in mine.page


def test_points_spent_meanwhile_are_not_enough(bourse: Bourse, browse_as: BrowseAs) -> None:
    person = bourse.rider()
    mine = browse_as(person)
    form = quoted(mine, "150")
    for benefit in ("cinema_discount", "park_ticket", "park_ticket"):
        bourse.take(person, benefit)
    assert mine.post(EXCHANGE, form).status_code == 409
    assert "You need 43.10 more points for this." in mine.page
    mine.get(f"{EXCHANGE}?direction=out&amount=150")
    assert "which is not enough for this" in mine.page


def test_without_a_link_there_is_the_way_to_one(bourse: Bourse, browse_as: BrowseAs) -> None:
    mine = browse_as(bourse.rider())
    mine.get(f"/my/partners/{CCB}/exchange")
    assert "link your account there first" in mine.page
    mine.get("/my/exchanges")
    assert "You have exchanged nothing yet." in mine.page


def test_a_link_ends_after_its_consequences_were_read(bourse: Bourse, browse_as: BrowseAs) -> None:
    person = bourse.rider()
    mine = browse_as(person)
    mine.get(f"/my/partners/{UNIONPAY}/unlink")
    assert "An exchange on its way is taken back." in mine.page
    mine.post(f"/my/partners/{UNIONPAY}/unlink")
    assert "The link has ended." in mine.page
    assert "Not linked" in mine.page
    assert bourse.get("/v1/me/links", person)["items"][0]["status"] == "ended"


def test_who_pays_what_is_told_in_sums_is_chosen(bourse: Bourse, browse_as: BrowseAs) -> None:
    mine = browse_as(bourse.rider(CCB))
    path = f"/my/partners/{CCB}"
    mine.get(path)
    assert "Who gives the points" in mine.page
    mine.post(f"{path}/payer", {"behaviour": "household_electricity_saving", "payer": "partner"})
    assert "Noted. It holds from tomorrow." in mine.page
    assert "From Mar 11: The partner gives the points" in mine.page
    mine.post(f"{path}/payer", {"behaviour": "bus_ride", "payer": "partner"})
    assert "Here each act is told apart" in mine.page
