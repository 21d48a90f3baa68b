"""What else officers see and do: alerts, differences, vouchers, messages; and words of changes."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.kernel import to_wire
from app.plumbing import House
from tests.conftest import Headers
from tests.pages.conftest import Browser
from tests.pages.offices import officer, proposal
from tests.redemption.market import CUP, Market

Browse = Callable[..., Browser]
CAFE = "less_is_more"


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    return make_app(access_seconds=10 * 366 * 86400)


@pytest.fixture
def reader(market: Market) -> Headers:
    return market.operator("Reader")


def test_a_difference_is_closed_by_two(market: Market, house: House, browse: Browse) -> None:
    shop = market.shop(CAFE)
    done = market.redeemed(shop, market.person(), CUP)
    market.days_pass()
    lines = {"lines": [{"redemption": done["id"], "amount": "5.00"}]}
    market.post("/v1/settlements/2026-03-10/reconcile", shop, lines)
    wang, li = officer(house, browse, "Wang"), officer(house, browse, "Li")
    page = wang.get("/city/differences").text
    assert "Amounts differ" in page
    assert "¥2.00" in page
    assert "¥5.00" in page
    (found,) = market.get("/v1/differences", market.operator())["items"]
    form = "/city/propose/difference_resolution"
    assert "Amounts differ: Less_Is_More" in wang.get(f"{form}?difference={found['id']}").text
    why = {"resolution": "theirs", "why": "The price had changed."}
    wang.post(form, {"difference": found["id"], **why})
    asked = proposal(wang)
    page = li.get(f"/city/approvals/{asked}").text
    assert "Closed: Their count stands" in page
    assert "Owed to the merchant" in page
    assert "¥3.00</ins>" in page
    li.post(f"/city/approvals/{asked}/approve")
    assert "Their count stands" in li.get("/city/differences?status=closed").text
    assert "Nobody counts otherwise." in li.get("/city/differences").text


def test_an_alert_is_closed_by_two(market: Market, house: House, browse: Browse) -> None:
    shop, person = market.shop(), market.person(200)
    for _ in range(4):
        market.redeemed(shop, person)
    market.redeemed(shop, person, CUP)
    market.job("redemption.watch")
    alerts = market.get("/v1/alerts?status=open", market.operator())["items"]
    assert alerts
    wang, li = officer(house, browse, "Wang"), officer(house, browse, "Li")
    assert "Same resident and merchant again and again" in wang.get("/city/alerts").text
    form = "/city/propose/alert_closing"
    wang.get(f"{form}?alert={alerts[0]['id']}")
    wang.post(form, {"alert": alerts[0]["id"], "note": "A regular.", "why": "I asked them."})
    asked = proposal(wang)
    page = li.get(f"/city/approvals/{asked}").text
    assert "Same resident and merchant again and again: Weihai_Bus" in page
    assert "A regular.</ins>" in page
    li.post(f"/city/approvals/{asked}/approve")
    assert "A regular." in li.get("/city/alerts?status=closed").text


def test_a_voucher_is_stopped_and_goes_on(market: Market, house: House, browse: Browse) -> None:
    person = market.person()
    voucher = market.take(person)
    desk = officer(house, browse, "Wang")
    desk.get("/city/vouchers")
    typed = {
        "resident": to_wire("res", market.id_of(person)),
        "voucher": voucher["id"],
        "note": "We look into it.",
    }
    page = desk.post("/city/vouchers", typed | {"step": "freeze"}).text
    assert "The voucher is stopped." in page
    assert market.status(person, voucher) == "frozen"
    answer = desk.post("/city/vouchers", typed | {"step": "freeze"})
    assert answer.status_code == 409
    assert voucher["id"] in answer.text
    assert "The voucher can go on." in desk.post("/city/vouchers", typed | {"step": "thaw"}).text
    assert market.status(person, voucher) == "issued"
    nobody = desk.post("/city/vouchers", {"note": "?", "step": "freeze"})
    assert nobody.status_code == 404
    assert desk.post("/city/vouchers", typed | {"step": "burn"}).status_code == 404


def test_codes_are_put_into_a_pool(market: Market, house: House, browse: Browse) -> None:
    desk = officer(house, browse, "Wang")
    page = desk.get("/city/benefits").text
    assert "/city/benefits/e_book/licences" in page
    assert "propose/benefit_stock?benefit=e_book" not in page
    path = "/city/benefits/e_book/licences"
    desk.get(path)
    assert desk.post(path, {"codes": " "}).status_code == 422
    page = desk.post(path, {"codes": "ONE-1\r\nTWO-2\n\n"}).text
    assert "2 codes added, 2 free now." in page
    assert market.get("/v1/benefits/e_book")["stock_left"] == 2
    assert "ONE-1" not in page


@pytest.mark.parametrize(
    "path",
    [
        "/city/more",
        "/city/alerts",
        "/city/differences?book=partner",
        "/city/payouts?book=partner&status=paid",
        "/city/webhooks",
        "/city/merchants",
        "/city/benefits",
        "/city/propose/exchange_correction",
        "/city/propose/merchant_closing?merchant=weihai_bus&fixed=merchant",
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_desk_opens_when_it_is_empty(
    house: House, browse: Browse, path: str, language: str
) -> None:
    desk = officer(house, browse, "Wang")
    desk.speak(language)
    assert desk.get(path).status_code == 200


def test_a_message_that_is_not_there_is_not_sent_again(house: House, browse: Browse) -> None:
    desk = officer(house, browse, "Wang")
    desk.get("/city/vouchers")
    assert 'role="alert"' in desk.post("/city/webhooks/evt_nothing/replay").text
