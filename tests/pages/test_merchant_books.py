"""What came of the day at a counter: undoing, refunds, totals, files, accesses, its own code."""

import hashlib
import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from tests.conftest import Headers
from tests.pages.conftest import Browser
from tests.pages.counters import newest_access
from tests.redemption.market import Market

Browse = Callable[..., Browser]
FIVE_YUAN = "five_yuan_voucher"
DAY = "2026-03-10"


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    """An application whose tokens outlive the days that a test lets pass."""
    return make_app(access_seconds=10 * 366 * 86400)


@pytest.fixture
def shop(market: Market) -> Headers:
    return market.shop()


@pytest.fixture
def office(market: Market, shop: Headers, browse: Browse) -> Callable[[], Browser]:
    """The office's browser, signed in now."""
    return lambda: browse("merchant", newest_access(market, shop))


Office = Callable[[], Browser]


def test_todays_is_undone_after_a_page_that_says_what_happens(
    market: Market, shop: Headers, office: Office
) -> None:
    person, mine = market.person(), office()
    done = market.redeemed(shop, person)
    page = mine.get(f"/shop/redemptions/{done['id']}/undo").text
    assert "20 points back" in page
    assert "Give back the ¥0.01" in page
    page = mine.post(f"/shop/redemptions/{done['id']}/undo").text
    assert "Undone. The customer has the points back." in page
    assert market.points(person)[0] == "100.00"
    assert "/undo" not in page
    mine.get(f"/shop/redemptions/{done['id']}/undo")
    assert "was undone before" in mine.post(f"/shop/redemptions/{done['id']}/undo").text


def test_earlier_ones_are_refunded_and_a_bad_part_is_told(market: Market, browse: Browse) -> None:
    cafe, person = market.shop("less_is_more"), market.person()
    done = market.redeemed(cafe, person, FIVE_YUAN)
    market.days_pass()
    mine = browse("merchant", newest_access(market, cafe))
    page = mine.get(f"/shop/redemptions/{done['id']}").text
    assert f"{done['id']}/refund" in page
    assert "/undo" not in page
    mine.get(f"/shop/redemptions/{done['id']}/refund")
    page = mine.post(f"/shop/redemptions/{done['id']}/refund", {"points": "1000"}).text
    assert "at most what was paid" in page
    assert 'value="1000"' in page
    page = mine.post(f"/shop/redemptions/{done['id']}/refund", {"points": "5"}).text
    assert "Refunded. The customer has the points back." in page
    assert market.get(f"/v1/redemptions/{done['id']}", cafe)["points_returned"] == "5.00"


def test_the_day_says_what_is_in_the_till(market: Market, shop: Headers, office: Office) -> None:
    mine = office()
    assert "Nothing was redeemed today yet." in mine.get("/shop/redemptions").text
    market.redeemed(shop, market.person())
    page = mine.get("/shop/redemptions").text
    assert "One-cent bus ride" in page
    assert "¥0.01" in page
    market.days_pass()
    mine = office()
    assert "Nothing was redeemed today yet." in mine.get("/shop/redemptions").text
    assert "One-cent bus ride" in mine.get("/shop/redemptions?all=1").text


def test_totals_between_two_days(market: Market, shop: Headers, office: Office) -> None:
    market.redeemed(shop, market.person())
    mine = office()
    page = mine.get("/shop/totals").text
    assert "One-cent bus ride" in page
    assert "Redeemed 1 " in page
    assert (
        "Nothing was redeemed on these days."
        in mine.get("/shop/totals?from=2026-01-01&to=2026-01-31").text
    )
    answer = mine.get("/shop/totals?from=yesterday&to=2026-01-31")
    assert answer.status_code == 422
    assert 'value="yesterday"' in answer.text


def test_a_day_has_its_file_to_look_at_and_to_keep(
    market: Market, shop: Headers, office: Office
) -> None:
    market.redeemed(shop, market.person())
    assert "There is no file yet" in office().get("/shop/settlements").text
    market.days_pass()
    mine = office()
    assert f"/shop/settlements/{DAY}" in mine.get("/shop/settlements").text
    page = mine.get(f"/shop/settlements/{DAY}").text
    answer = mine.get(f"/shop/settlements/{DAY}/file.csv")
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="settlement-{DAY}.csv"'
    assert answer.headers["Cache-Control"] == "no-store"
    digest = hashlib.sha256(answer.get_data()).hexdigest()
    assert digest in page
    theirs = market.client.get(f"/v1/settlements/{DAY}?format=csv", headers=shop).get_data()
    assert answer.get_data() == theirs


def test_a_month_has_its_statement(market: Market, shop: Headers, office: Office) -> None:
    market.redeemed(shop, market.person())
    market.days_pass()
    mine = office()
    assert "/shop/statements/2026-03" in mine.get("/shop/settlements").text
    page = mine.get("/shop/statements/2026-03").text
    assert f"/shop/settlements/{DAY}" in page
    assert "payable on" in page
    assert mine.get("/shop/statements/march").status_code == 404


def _compared(mine: Browser, text: str | bytes) -> Any:
    sent = text.encode() if isinstance(text, str) else text
    mine.get(f"/shop/settlements/{DAY}")
    where = f"/shop/settlements/{DAY}/reconcile"
    return mine.post(
        where, {"file": (BytesIO(sent), "ours.csv")}, content_type="multipart/form-data"
    )


def test_files_are_compared_in_words(market: Market, shop: Headers, office: Office) -> None:
    person = market.person()
    done = [market.redeemed(shop, person), market.redeemed(shop, market.person())]
    done.append(market.redeemed(shop, market.person()))
    market.days_pass()
    mine = office()
    own = mine.get(f"/shop/settlements/{DAY}/file.csv").text
    assert "Both files agree" in _compared(mine, "\ufeff" + own).text  # as spreadsheets save it
    amount = own.splitlines()[1].split(",")[4]
    rows = ["redemption,kind,amount"]
    rows += [f"{done[0]['id']},redemption,77.00"] + [f"{done[1]['id']},redemption,{amount}"] * 2
    page = _compared(mine, "\n".join([*rows, "rdm_ours,redemption,1.00"])).text
    for said in (
        "Amounts differ",
        "You: ¥77.00",
        "Listed more than once",
        "You have it, we do not",
        "We have it, you do not",
    ):
        assert said in page, said
    states = f"redemption,kind,amount\n{done[0]['id']},void,-{amount}\n"
    assert "States differ" in _compared(mine, states).text


def test_a_file_that_cannot_be_read_is_told(market: Market, shop: Headers, office: Office) -> None:
    market.redeemed(shop, market.person())
    market.days_pass()
    mine = office()
    unread = _compared(mine, b"\xff\xfe\x00")
    assert unread.status_code == 422
    assert "The file is not UTF-8" in unread.text
    assert "The file cannot be read" in _compared(mine, "a,b\n1,2\n").text
    assert "Choose another one" in mine.post(f"/shop/settlements/{DAY}/reconcile").text


def test_an_access_is_let_in_and_ended(market: Market, office: Office) -> None:
    mine = office()
    store = re.findall(r'option value="(sto_\w+)"', mine.get("/shop/terminals/new").text)[0]
    secret = "a secret that only the till knows"
    asked = {"label": "Till 2", "store_id": store, "role": "staff", "secret_sha256": "x"}
    answer = mine.post("/shop/terminals/new", asked)
    assert answer.status_code == 422
    assert 'value="Till 2"' in answer.text
    asked["secret_sha256"] = hashlib.sha256(secret.encode()).hexdigest()
    page = mine.post("/shop/terminals/new", asked).text
    number = re.findall(r"Its client number is (cli_\w+)", page)[0]
    body = {"grant_type": "client_credentials"}
    token = market.client.post("/v1/auth/token", json=body, auth=(number, secret))
    assert token.status_code == 200
    assert "Till 2" in mine.get(f"/shop/terminals/{number}/end?label=Till+2").text
    assert "It has ended" in mine.post(f"/shop/terminals/{number}/end").text
    assert market.client.post("/v1/auth/token", json=body, auth=(number, secret)).status_code == 401


def test_ones_own_seat_stays(market: Market, shop: Headers, office: Office) -> None:
    mine = office()
    me = newest_access(market, shop)
    mine.get(f"/shop/terminals/{me}/end")
    assert "access you are using" in mine.post(f"/shop/terminals/{me}/end").text


def test_the_code_for_the_counter(market: Market, browse: Browse, office: Office) -> None:
    assert 'src="data:image/svg+xml,' in office().get("/shop/store-code").text
    two = market.shop("shell_books", stores=2)
    mine = browse("merchant", newest_access(market, two))
    page = mine.get("/shop/store-code").text
    assert "Choose a store." in page
    stores = re.findall(r"store=(sto_\w+)", page)
    assert 'src="data:image/svg+xml,' in mine.get(f"/shop/store-code?store={stores[1]}").text
