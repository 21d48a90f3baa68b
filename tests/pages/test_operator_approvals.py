"""One officer proposes, another one decides; what would change is readable."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.plumbing import House
from tests.conftest import Headers
from tests.pages.conftest import Browser
from tests.pages.offices import officer, proposal
from tests.redemption.market import CUP, Market

Browse = Callable[..., Browser]
PAY = "/city/propose/payout_payment"
STOCK = "/city/propose/benefit_stock"
CAFE = "less_is_more"


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    return make_app(access_seconds=10 * 366 * 86400)


@pytest.fixture
def reader(market: Market) -> Headers:
    """An officer who asks the API itself."""
    return market.operator("Reader")


@pytest.fixture
def owed(market: Market, reader: Headers) -> dict[str, Any]:
    """What the city owes the café, and may pay by now."""
    market.redeemed(market.shop(CAFE), market.person(), CUP)
    market.days_pass()
    market.clock.instant += timedelta(days=10)
    (found,) = market.get("/v1/payouts", reader)["items"]
    return dict(found)


@pytest.fixture
def wang(owed: dict[str, Any], house: House, browse: Browse) -> Browser:
    return officer(house, browse, "Wang")


@pytest.fixture
def li(owed: dict[str, Any], house: House, browse: Browse) -> Browser:
    return officer(house, browse, "Li")


def propose_payment(wang: Browser, owed: dict[str, Any]) -> str:
    wang.get(f"{PAY}?payout={owed['id']}&fixed=payout")
    page = wang.post(PAY, {"payout": owed["id"], "transfer": "T 1", "why": "Paid today."}).text
    assert "It is done when another officer agrees." in page
    return proposal(wang)


def test_a_payout_is_noted_as_paid_by_two(
    market: Market, reader: Headers, owed: dict[str, Any], wang: Browser, li: Browser
) -> None:
    page = wang.get("/city/payouts").text
    assert "Less_Is_More" in page
    assert "¥2.00" in page
    assert f"{PAY}?payout={owed['id']}" in page
    assert "¥2.00: Less_Is_More" in wang.get(f"{PAY}?payout={owed['id']}").text
    asked = propose_payment(wang, owed)
    assert "You proposed this, so another officer decides." in wang.page
    assert "/approve" not in wang.page
    refused = wang.post(f"/city/approvals/{asked}/approve").text
    assert "You proposed this, so somebody else has to decide." in refused
    assert market.get("/v1/payouts", reader)["items"] == [owed]

    assert "¥2.00 to Less_Is_More" in li.get("/city/approvals").text
    page = li.get(f"/city/approvals/{asked}").text
    assert "<del>To be paid</del>" in page
    assert "Paid, transfer T 1</ins>" in page
    assert "Paid today." in page
    assert "Wang" in page
    assert "Approved and done." in li.post(f"/city/approvals/{asked}/approve").text
    (paid,) = market.get("/v1/payouts?status=paid", reader)["items"]
    assert (paid["id"], paid["transfer"]) == (owed["id"], "T 1")
    assert "T 1" in li.get("/city/payouts?status=paid").text
    assert "This has been decided meanwhile." in li.post(f"/city/approvals/{asked}/approve").text


def test_a_checker_says_no_and_why(
    market: Market, reader: Headers, owed: dict[str, Any], wang: Browser, li: Browser
) -> None:
    asked = propose_payment(wang, owed)
    page = li.get(f"/city/approvals/{asked}/reject").text
    assert "Nothing changes" in page
    page = li.post(f"/city/approvals/{asked}/reject", {"reason": " "}).text
    assert 'role="alert"' in page
    page = li.post(f"/city/approvals/{asked}/reject", {"reason": "No such transfer."}).text
    assert "Rejected. Nothing has changed." in page
    assert "No such transfer." in wang.get(f"/city/approvals/{asked}").text
    assert market.get("/v1/payouts", reader)["items"] == [owed]


def test_a_maker_takes_it_back(owed: dict[str, Any], wang: Browser, li: Browser) -> None:
    asked = propose_payment(wang, owed)
    assert "/withdraw" not in li.get(f"/city/approvals/{asked}").text
    wang.get(f"/city/approvals/{asked}")
    assert "Taken back." in wang.post(f"/city/approvals/{asked}/withdraw").text
    assert "Nothing waits for a decision." in wang.get("/city/approvals").text


def test_a_form_sent_twice_proposes_once(
    market: Market, reader: Headers, owed: dict[str, Any], wang: Browser
) -> None:
    wang.get(PAY)
    form = wang.tokens() | {"payout": owed["id"], "transfer": "T 1", "why": "Paid."}
    for _ in range(2):
        assert wang.client.post(PAY, data=form).status_code == 303
    assert len(market.get("/v1/approvals", reader)["items"]) == 1


def test_what_is_wrong_is_marked_and_what_was_typed_stays(wang: Browser) -> None:
    wang.get(STOCK)
    typed = {"benefit": "second_hand_shop", "extra": "many", "why": "The shop has more."}
    answer = wang.post(STOCK, typed)
    assert answer.status_code == 422
    assert 'value="many"' in answer.text
    assert "The shop has more." in answer.text
    field = answer.text.partition('id="extra"')[2].partition(">")[0]
    assert 'aria-invalid="true"' in field
    assert '<option value="second_hand_shop" selected>' in answer.text


def test_more_stock_says_of_what(market: Market, wang: Browser, li: Browser) -> None:
    wang.get(STOCK)
    typed = {"benefit": "second_hand_shop", "extra": "500", "why": "The shop has more."}
    wang.post(STOCK, typed)
    asked = proposal(wang)
    page = li.get(f"/city/approvals/{asked}").text
    assert "Stock in all: 10 yuan off second-hand goods" in page
    assert "<del>4,000</del>" in page
    assert ">4,500</ins>" in page
    li.post(f"/city/approvals/{asked}/approve")
    assert market.get("/v1/benefits/second_hand_shop")["stock_left"] == 4500


def test_a_merchant_goes_live_by_two(market: Market, wang: Browser, li: Browser) -> None:
    form = "/city/propose/merchant_onboarding"
    wang.get(form)
    typed = {
        "code": "sea_books",
        "name": "海边书店",
        "name_en": "Seaside Books",
        "licence_no": "91371000MA3C123456",
        "settlement_account": "6222020200112345678",
        "responsible_person": "Zhang San",
        "stores.0.code": "main",
        "stores.0.name": "Main",
        "stores.0.district": "环翠区",
        "stores.0.address": "1 Sea Road",
        "checks.licence": "yes",
        "checks.settlement_account": "yes",
        "checks.responsible_person": "yes",
        "why": "All is in order.",
    }
    answer = wang.post(form, typed)
    assert answer.status_code == 422  # one check is missing
    assert "海边书店" in answer.text
    page = wang.post(form, typed | {"checks.store_location": "yes"}).text
    assert "6222020200112345678" not in page
    assert "Zhang San" not in page
    asked = proposal(wang)
    li.get(f"/city/approvals/{asked}")
    li.post(f"/city/approvals/{asked}/approve")
    page = li.get("/city/merchants/sea_books").text
    assert "Seaside Books" in page
    assert "1 Sea Road" in page


def test_there_are_forms_of_known_kinds_only(wang: Browser) -> None:
    assert wang.get("/city/propose/everything").status_code == 404
    assert wang.post("/city/propose/everything").status_code == 404
