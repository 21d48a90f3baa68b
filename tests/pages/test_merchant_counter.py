"""The counter: a code comes in by letters or by photo, and one answer goes out."""

import re
from collections.abc import Callable
from io import BytesIO

from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests.pages.conftest import Browser
from tests.pages.counters import at_a_store, at_the_office
from tests.pages.pictures import on_a_table, saved
from tests.redemption.market import BUS, CUP, Market

Browse = Callable[..., Browser]


def _sent(counter: Browser, code: str, **more: str) -> str:
    counter.get("/shop")
    return counter.post("/shop/redeem", {"code": code} | more).get_data(as_text=True)


def _photo(counter: Browser, file: BytesIO, name: str = "code.jpg") -> str:
    counter.get("/shop")
    answer = counter.post(
        "/shop/redeem", {"photo": (file, name)}, content_type="multipart/form-data"
    )
    return answer.get_data(as_text=True)


def _number(page: str) -> str:
    return re.findall(r"rdm_\w+", page)[0]


def test_a_good_code_is_green_with_what_to_collect(market: Market, browse: Browse) -> None:
    counter, person = at_the_office(market, browse), market.person()
    voucher = market.take(person)
    page = _sent(counter, market.show(person, voucher))
    assert "Redeemed: give it" in page
    assert "One-cent bus ride" in page
    assert "Collect ¥0.01" in page
    assert market.status(person, voucher) == "redeemed"
    reloaded = counter.get(f"/shop/redemptions/{_number(page)}?fresh=1").get_data(as_text=True)
    assert "Redeemed: give it" in reloaded
    assert market.points(person)[0] == "80.00"


def test_codes_are_typed_as_people_type(market: Market, browse: Browse) -> None:
    counter, person = at_the_office(market, browse), market.person()
    code = market.show(person, market.take(person)).lower()
    groups = " - ".join(code[at : at + 4] for at in range(0, len(code), 4))
    assert "Redeemed: give it" in _sent(counter, f"  {groups} ")


def test_a_used_code_is_red_with_the_reason(market: Market, browse: Browse) -> None:
    counter, person = at_the_office(market, browse), market.person()
    code = market.show(person, market.take(person))
    _sent(counter, code)
    page = _sent(counter, code)
    assert "Give nothing" in page
    assert "This code has been used" in page


def test_the_same_form_sent_twice_gives_one_answer(market: Market, browse: Browse) -> None:
    counter, person = at_the_office(market, browse), market.person()
    code = market.show(person, market.take(person))
    counter.get("/shop")
    form = counter.tokens() | {"code": code}
    for _ in range(2):
        assert "Redeemed: give it" in counter.post("/shop/redeem", form).get_data(as_text=True)
    assert market.points(person) == ("80.00", "0.00")


def test_a_code_comes_without_a_key_of_its_own(market: Market, browse: Browse) -> None:
    counter, person = at_the_office(market, browse), market.person()
    counter.get("/shop/about")  # a page whose forms have no key
    code = market.show(person, market.take(person))
    assert "Redeemed: give it" in counter.post("/shop/redeem", {"code": code, "once": ""}).text


def test_another_merchants_benefit_is_red(market: Market, browse: Browse) -> None:
    market.shop()
    counter, person = at_the_office(market, browse, "less_is_more"), market.person()
    page = _sent(counter, market.show(person, market.take(person)))
    assert "another merchant" in page


def test_a_photo_is_read(market: Market, browse: Browse) -> None:
    counter, person = at_the_office(market, browse), market.person()
    code = market.show(person, market.take(person))
    assert "Redeemed: give it" in _photo(counter, saved(on_a_table(code, turned=23, blur=1)))


def test_a_photo_without_a_code_leaves_the_scanner_open(market: Market, browse: Browse) -> None:
    counter = at_the_office(market, browse)
    page = _photo(counter, BytesIO(b"hello"), "hello.txt")
    assert "This is not a photo" in page
    assert "Take a photo of the code" in page
    assert "There is no code yet" in _sent(counter, "")


def test_photos_have_a_limit_of_their_own(market: Market, browse: Browse) -> None:
    counter = at_the_office(market, browse)
    counter.get("/shop")
    told = {}
    for size in (3, 13):
        photo = FileStorage(BytesIO(b"x" * (size << 20)), "code.jpg")
        boundary, body = encode_multipart(counter.tokens() | {"photo": photo})
        kind = f'multipart/form-data; boundary="{boundary}"'
        told[size] = counter.client.post("/shop/redeem", data=body, content_type=kind).text
    assert "This is not a photo" in told[3]
    assert "too large" in told[13]


def test_a_residents_own_code_shows_what_is_ready_here(market: Market, browse: Browse) -> None:
    counter, person = at_the_office(market, browse), market.person()
    ride = market.take(person)
    market.take(person, CUP)
    own = market.post("/v1/me/code", person)["code"]
    page = _sent(counter, own)
    assert "Ready here" in page
    assert "One-cent bus ride" in page
    codes = re.findall(r'name="code" value="(\w+)"', page)
    assert len(codes) == page.count('aria-label="Redeem ')
    names = re.findall(r'aria-label="Redeem ([^"]+)"', page)
    pick = codes[names.index("One-cent bus ride")]
    assert "Redeemed: give it" in counter.post("/shop/redeem", {"code": pick}).text
    assert market.status(person, ride) == "redeemed"
    assert "This code has been used" in _sent(counter, own)


def test_nothing_ready_is_said(market: Market, browse: Browse) -> None:
    counter, person = at_the_office(market, browse), market.person()
    own = market.post("/v1/me/code", person)["code"]
    assert "has nothing ready" in _sent(counter, own)


def test_an_office_of_two_stores_says_where_it_stands(market: Market, browse: Browse) -> None:
    counter, person = at_the_office(market, browse, stores=2), market.person()
    page = counter.get("/shop").get_data(as_text=True)
    stores = re.findall(r'/shop\?store=(sto_\w+)"', page)
    assert len(stores) == 2
    page = _sent(counter, market.show(person, market.take(person)), store=stores[1])
    assert f"/shop?store={stores[1]}" in page  # the next one is scanned there, too
    assert "There is no such store" in _sent(counter, "ABCD", store="sto_x")


def test_what_became_of_a_key_is_asked(market: Market, browse: Browse) -> None:
    counter, person = at_the_office(market, browse), market.person()
    counter.get("/shop")
    key, code = counter.tokens()["once"], market.show(person, market.take(person))
    page = counter.get(f"/shop/asked?key={key}").get_data(as_text=True)
    assert "No answer yet" in page
    assert 'data-again="10"' in page
    counter.get("/shop")
    counter.post("/shop/redeem", {"code": code, "once": key})
    assert "Redeemed: give it" in counter.get(f"/shop/asked?key={key}").get_data(as_text=True)
    counter.post("/shop/redeem", {"code": code, "once": "another"})
    assert "has been used" in counter.get("/shop/asked?key=another").get_data(as_text=True)


def test_a_code_that_is_given_up_is_never_redeemed(market: Market, browse: Browse) -> None:
    counter, person = at_the_office(market, browse), market.person()
    voucher = market.take(person)
    counter.get("/shop")
    key, code = counter.tokens()["once"], market.show(person, voucher)
    counter.get(f"/shop/asked?key={key}")
    assert "This try was given up" in counter.post("/shop/asked", {"key": key}).text
    assert "This try was given up" in counter.post("/shop/redeem", {"code": code, "once": key}).text
    assert market.status(person, voucher) == "shown"


def test_giving_up_undoes_what_was_redeemed(market: Market, browse: Browse) -> None:
    counter, person = at_the_office(market, browse), market.person()
    voucher = market.take(person)
    counter.get("/shop")
    key = counter.tokens()["once"]
    counter.post("/shop/redeem", {"code": market.show(person, voucher)})
    counter.get("/shop/about")
    assert "Undone" in counter.post("/shop/asked", {"key": key}).text
    assert market.status(person, voucher) == "voided"


def test_only_a_merchant_comes_to_the_counter(browse: Browse) -> None:
    assert "Client number" in browse().get("/shop").text


def test_a_store_sees_its_counter_and_not_the_books(market: Market, browse: Browse) -> None:
    counter, person = at_a_store(market, browse), market.person()
    assert "Store 1" in counter.get("/shop").text
    assert "Redeemed: give it" in _sent(counter, market.show(person, market.take(person, BUS)))
    for path in ("/shop/settlements", "/shop/terminals", "/shop/statements/2026-03"):
        answer = counter.get(path)
        assert answer.status_code == 403, path
        assert "Not at this counter" in answer.text
        assert "office" in answer.text
