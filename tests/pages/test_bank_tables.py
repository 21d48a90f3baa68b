"""What everybody may know, as the bank's clerks read it: products, a calculation, the scorecard."""

from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from flask import Flask

from app.kernel import FixedClock
from tests.credit.counter import Counter
from tests.pages.banking import OFFER, Clerk
from tests.pages.conftest import Browser


@pytest.fixture
def clerk(app: Flask, clock: FixedClock, browse: Callable[..., Browser]) -> Clerk:
    return Clerk(Counter(app, clock, app.test_client()), browse)


def test_products_have_our_table_and_its_source(clerk: Clerk) -> None:
    page = clerk.read("/bank/products")
    rows = clerk.counter.get("/v1/credit/products", clerk.bank)["items"]
    assert len(rows) == 3
    for each in rows:
        assert each["title_en"] in page
        assert f"−{each['table']['rows'][-1]['discount_bp']} BP" in page
    assert "Our table" in page
    assert "¥200,000.00" in page
    assert "Assumption until the city sets its own" in page


def test_the_calculator_stands_both_side_by_side(clerk: Clerk) -> None:
    assert "Without carbon data" not in clerk.read("/bank/calculator")
    asked = OFFER | {"product": "low_carbon", "grade": "deep", "factor": "720"}
    page = clerk.read(f"/bank/calculator?{urlencode(asked)}")
    assert "¥187,500.00" in page
    assert "¥37,500.00 more" in page
    assert "3.55%" in page
    assert 'value="150,000"' in page
    assert clerk.inquiries() == []


def test_an_offer_above_the_ceiling_says_what_bound_it(clerk: Clerk) -> None:
    asked = OFFER | {"product": "low_carbon", "grade": "", "factor": "", "amount": "250000"}
    page = clerk.read(f"/bank/calculator?{urlencode(asked)}")
    assert page.count("The ceiling of loans made online") == 2


def test_a_calculation_that_cannot_be_made_says_why(clerk: Clerk) -> None:
    asked = OFFER | {"product": "low_carbon", "grade": "deep", "factor": "1200"}
    answer = clerk.browser.get(f"/bank/calculator?{urlencode(asked)}")
    assert answer.status_code == 422
    assert 'value="1200" aria-invalid="true"' in clerk.page


def test_the_scorecard_can_be_read(clerk: Clerk) -> None:
    page = clerk.read("/bank/scorecard")
    found = clerk.counter.get("/v1/credit/scorecard", clerk.bank)
    card = found["card"]
    for each in card["parts"]:
        assert each["title_en"] in page
        assert each["words_en"] in page
    assert all(each["reason_en"] in page for each in card["never_used"])
    assert all(each["staff_en"] in page for each in found["reasons"])
    assert card["principle_en"] in page


def test_only_a_bank_sits_at_this_desk(clerk: Clerk, browse: Callable[..., Browser]) -> None:
    somebody = browse().client.get("/bank/inquiries")
    assert somebody.status_code == 303
    assert somebody.location == "/staff?next=/bank/inquiries"
