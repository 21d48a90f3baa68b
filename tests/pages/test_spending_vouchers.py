"""Vouchers on the phone: the code and its renewal, what became of it, giving it back, stores that
show a code of their own."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from app.kernel import to_wire
from tests.conftest import Headers
from tests.pages.conftest import Browser
from tests.redemption.market import BUS, CUP, Market

BrowseAs = Callable[[Headers], Browser]
BOOK = "e_book"
_LETTERS = re.compile(r"data-letters[^>]*>([^<]+)<")


@pytest.fixture
def browse_as(market: Market, browse: Callable[..., Browser]) -> BrowseAs:
    return lambda who: browse("resident", to_wire("res", market.id_of(who)))


def letters(mine: Browser) -> str:
    """The code of the newest page, as somebody would type it."""
    found = _LETTERS.search(mine.page)
    assert found
    return found[1]


def renewed(mine: Browser, path: str) -> Any:
    """What the script of a page gets."""
    token = mine.tokens()["csrf_token"]
    return mine.client.post(path, headers={"X-CSRFToken": token})


def test_a_page_has_a_code_in_it_that_a_merchant_takes(market: Market, browse_as: BrowseAs) -> None:
    shop, person = market.shop(), market.person()
    voucher = market.take(person)
    mine = browse_as(person)
    path = f"/my/vouchers/{voucher['id']}"
    mine.get(path)
    assert "To pay: ¥0.01" in mine.page
    assert '<noscript><meta http-equiv="refresh" content="57">' in mine.page
    assert "data:image/svg+xml;base64," in mine.page
    assert mine.client.get(f"{path}/state").get_json() == {"waiting": True}
    market.redeem(shop, letters(mine))
    assert mine.client.get(f"{path}/state").get_json() == {"waiting": False}
    mine.get(path)
    assert "<h1>Redeemed</h1>" in mine.page
    assert "data-renew" not in mine.page


def test_a_script_gets_the_next_code_and_the_one_before_dies(
    market: Market, browse_as: BrowseAs
) -> None:
    shop, person = market.shop(), market.person()
    voucher = market.take(person)
    mine = browse_as(person)
    path = f"/my/vouchers/{voucher['id']}"
    mine.get(path)
    first = letters(mine)
    answer = renewed(mine, f"{path}/code")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    code = answer.get_json()
    assert code["seconds"] == 60
    assert "".join(code["groups"]) == code["code"] != first.replace(" ", "")
    assert market.refused("/v1/redemptions", shop, {"code": first}) == "code_expired"
    market.redeem(shop, code["code"])
    assert renewed(mine, f"{path}/code").status_code == 409
    assert mine.client.post(f"{path}/code").status_code == 400


def test_whose_sign_in_has_ended_gets_no_code(market: Market, browse_as: BrowseAs) -> None:
    person = market.person()
    voucher = market.take(person)
    mine = browse_as(person)
    mine.get(f"/my/vouchers/{voucher['id']}")
    mine.post("/sign-out/resident", follow_redirects=False)
    answer = mine.client.get(f"/my/vouchers/{voucher['id']}/state")
    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in")


def test_nobody_sees_a_voucher_of_somebody_else(market: Market, browse_as: BrowseAs) -> None:
    voucher = market.take(market.person())
    other = browse_as(market.person())
    assert other.get(f"/my/vouchers/{voucher['id']}").status_code == 404
    assert other.get(f"/my/vouchers/{voucher['id']}/state").status_code == 404


def test_ready_ones_come_first(market: Market, browse_as: BrowseAs) -> None:
    person = market.person()
    mine = browse_as(person)
    mine.get("/my/vouchers")
    assert "You have no voucher that is ready" in mine.page
    market.redeemed(market.shop(), person)
    market.take(person, CUP)
    mine.get("/my/vouchers")
    ready, earlier = mine.page.split('id="earlier"')
    assert "2 yuan off coffee" in ready
    assert "One-cent" not in ready
    assert "One-cent bus ride" in earlier
    assert "2 yuan off coffee" not in earlier


def test_long_after_it_was_used_no_page_looks_like_just_now(
    market: Market, browse_as: BrowseAs
) -> None:
    person = market.person()
    done = market.redeemed(market.shop(), person)
    market.wait(minutes=11)
    mine = browse_as(person)
    mine.get(f"/my/vouchers/{done['of']['id']}")
    assert "<h1>Redeemed</h1>" not in mine.page
    assert "Used on Mar 10, 12:00." in mine.page


def test_given_back_its_points_are_there_again(market: Market, browse_as: BrowseAs) -> None:
    person = market.person()
    voucher = market.take(person)
    mine = browse_as(person)
    path = f"/my/vouchers/{voucher['id']}"
    mine.get(f"{path}/cancel")
    assert "20 points come back to you" in mine.page
    mine.post(f"{path}/cancel")
    assert "Given back. Its points are yours again." in mine.page
    assert market.points(person) == ("100.00", "0.00")
    mine.get(f"{path}/cancel")
    assert "cannot be given back" in mine.page
    assert "Yes, give it back" not in mine.page


def test_a_code_for_a_place_without_network_holds_the_voucher(
    market: Market, browse_as: BrowseAs
) -> None:
    person = market.person()
    ride, cup = market.take(person, BUS), market.take(person, CUP)
    mine = browse_as(person)
    mine.get(f"/my/vouchers/{cup['id']}")
    assert "No network where you are going?" not in mine.page
    mine.get(f"/my/vouchers/{ride['id']}")
    assert "No network where you are going?" in mine.page
    mine.get(f"/my/vouchers/{ride['id']}/offline")
    mine.post(f"/my/vouchers/{ride['id']}/offline")
    assert "Take a screenshot now" in mine.page
    mine.get(f"/my/vouchers/{ride['id']}/cancel")
    assert mine.post(f"/my/vouchers/{ride['id']}/cancel").status_code == 409
    assert "An offline code of this voucher may still be used" in mine.page
    mine.get(f"/my/vouchers/{cup['id']}/offline")
    assert mine.post(f"/my/vouchers/{cup['id']}/offline").status_code == 409
    assert "cannot be used offline" in mine.page


def test_a_licence_is_shown_and_replaced_once(market: Market, browse_as: BrowseAs) -> None:
    path = f"/v1/benefits/{BOOK}/licences"
    market.post(path, market.operator(), {"codes": ["FIRST-1", "SECOND-2"]})
    person = market.person()
    voucher = market.take(person, BOOK)
    mine = browse_as(person)
    mine.get(f"/my/vouchers/{voucher['id']}")
    had = "FIRST-1" if "FIRST-1" in mine.page else "SECOND-2"
    assert had in mine.page
    mine.get(f"/my/vouchers/{voucher['id']}/replace")
    mine.post(f"/my/vouchers/{voucher['id']}/replace")
    assert "Here is another code." in mine.page
    assert had not in mine.page
    mine.get(f"/my/vouchers/{voucher['id']}/replace")
    mine.post(f"/my/vouchers/{voucher['id']}/replace")
    assert "A redemption code is replaced once only." in mine.page


def test_on_hold_it_says_so_instead_of_a_code(market: Market, browse_as: BrowseAs) -> None:
    person = market.person()
    voucher = market.take(person)
    market.hold_spending(person)
    mine = browse_as(person)
    assert mine.get(f"/my/vouchers/{voucher['id']}").status_code == 200
    assert "Spending points is on hold" in mine.page
    assert mine.get("/my/code").status_code == 409
    assert "Spending points is on hold" in mine.page


def test_my_own_code_says_which_vouchers_are_ready(market: Market, browse_as: BrowseAs) -> None:
    shop, person = market.shop(), market.person()
    market.take(person)
    mine = browse_as(person)
    mine.get("/my/code")
    code = letters(mine)
    found = market.post("/v1/redemptions/ready", shop, {"code": code})
    assert [each["title_en"] for each in found["items"]] == ["One-cent bus ride"]
    assert renewed(mine, "/my/code").get_json()["code"] != code.replace(" ", "")


def test_at_a_store_that_shows_a_code_the_phone_confirms(
    market: Market, browse_as: BrowseAs
) -> None:
    shop, person = market.shop(), market.person()
    store = market.get("/v1/merchant", shop)["stores"][0]["id"]
    mine = browse_as(person)
    mine.get("/my/stores")
    mine.post("/my/stores")
    assert "There is no code yet." in mine.page
    mine.post("/my/stores", {"code": f"weitan:store:{store}"})
    assert "You have no voucher that is good here." in mine.page
    voucher = market.take(person)
    market.take(person, CUP)
    mine.get(f"/my/stores/{store}")
    assert "Store 1" in mine.page
    form = {"voucher": voucher["id"]}
    mine.post(f"/my/stores/{store}", form)
    assert "Used at Store 1." in mine.page
    assert "<h1>Redeemed</h1>" in mine.page
    mine.get(f"/my/stores/{store}")
    assert mine.post(f"/my/stores/{store}", form).status_code == 409
    assert mine.get("/my/stores/sto_nowhere").status_code == 404
