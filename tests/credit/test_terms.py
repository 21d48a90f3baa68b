"""Terms: exact to the fen, within the ceilings, and never worse than without carbon data."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import rulebook
from app.credit.terms import Offer, Terms, terms
from app.rulebook import Bank, Credit, NotInForce
from tests.rules.packs import GOOD, WEIHAI

DAY = date(2026, 3, 31)
CREDITS = {name: rulebook.load(pack).credit for name, pack in (("good", GOOD), ("w", WEIHAI))}
WEIHAI_CREDIT, GOOD_CREDIT = CREDITS["w"], CREDITS["good"]
WENDENG = WEIHAI_CREDIT.banks["wendeng_rural_commercial_bank"]
HARBOUR = GOOD_CREDIT.banks["harbour_bank"]
GUARANTEES = ("none", "guarantor", "mortgage", "pledge", "collateral")
PRESS = Offer(25_000_000, 435, 12, "branch", "guarantor")
untimed = settings(max_examples=150, deadline=None)
credits = pytest.mark.parametrize("credit", CREDITS.values(), ids=CREDITS.keys())
offers = st.builds(
    Offer,
    st.one_of(st.integers(0, 40_000_000), st.integers(0, 100_000_000)),
    st.one_of(st.integers(0, 120), st.integers(0, 3600)),
    st.integers(1, 360),
    st.sampled_from(("online", "branch", "mixed")),
    st.sampled_from(GUARANTEES),
)
factors = st.one_of(st.none(), st.integers(0, 1000))


def wendeng(offer: Offer, grade: str | None = "deep", factor: int | None = 400) -> Terms:
    return terms(WEIHAI_CREDIT, WENDENG, "low_carbon", grade, factor, offer, DAY)


def harbour(offer: Offer, grade: str | None = "bright", factor: int | None = 600) -> Terms:
    return terms(GOOD_CREDIT, HARBOUR, "sail_loan", grade, factor, offer, DAY)


def test_the_example_of_the_press_is_exact():
    """T3: 250,000 yuan, 20 percent and 65 basis points."""
    assert wendeng(PRESS) == Terms(
        limit=30_000_000,
        limit_uplift_pct=20,
        rate_discount_bp=65,
        rate_bp=370,
        yearly_saving=195_000,
        guarantee="none",
        bound_by=None,
    )


def test_the_same_loan_purely_online_is_bound_by_the_law():
    """T4."""
    found = wendeng(PRESS._replace(channel="online"))

    assert (found.limit, found.yearly_saving) == (20_000_000, 130_000)
    assert found.bound_by == "online_ceiling"


@pytest.mark.parametrize(
    ("channel", "amount", "limit", "bound_by"),
    [
        ("online", 16_666_666, 19_999_999, None),
        ("online", 16_666_667, 20_000_000, None),
        ("online", 16_666_668, 20_000_000, "online_ceiling"),
        ("branch", 25_000_001, 30_000_000, "programme_ceiling"),
        ("branch", 30_000_000, 30_000_000, "programme_ceiling"),
        ("branch", 50_000_000, 50_000_000, "programme_ceiling"),
        ("branch", 1, 1, None),
        ("branch", 4, 4, None),
        ("branch", 5, 6, None),
        ("branch", 0, 0, None),
    ],
)
def test_a_limit_is_rounded_down_and_then_cut(
    channel: str, amount: int, limit: int, bound_by: str | None
):
    found = wendeng(PRESS._replace(channel=channel, amount=amount))

    assert (found.limit, found.bound_by) == (limit, bound_by)


@pytest.mark.parametrize(
    ("rate_bp", "given", "bound_by"),
    [(66, 65, None), (65, 65, None), (64, 64, "rate_floor"), (0, 0, "rate_floor")],
)
def test_a_rate_never_falls_below_nothing(rate_bp: int, given: int, bound_by: str | None):
    found = wendeng(PRESS._replace(rate_bp=rate_bp))

    assert (found.rate_discount_bp, found.rate_bp) == (given, rate_bp - given)
    assert found.yearly_saving == 30_000_000 * given // 10_000
    assert found.bound_by == bound_by


def test_a_yearly_saving_is_rounded_down_to_the_fen():
    found = wendeng(PRESS._replace(amount=128), "deep", 0)

    assert (found.limit, found.rate_discount_bp) == (153, 50)
    assert found.yearly_saving == 0  # 0.765 fen


def test_the_most_of_the_city_cuts_a_table_that_says_more():
    """The bank's table says 30 percent and 100 basis points; the city allows 25 and 90."""
    found = harbour(Offer(10_000_000, 500, 12, "branch", "guarantor"))

    assert (found.limit, found.limit_uplift_pct) == (12_500_000, 25)
    assert (found.rate_discount_bp, found.bound_by) == (90, "max_uplift")


def test_what_cut_first_is_named_first():
    lower = replace(
        GOOD_CREDIT,
        parameters={
            **GOOD_CREDIT.parameters,
            "max_uplift": replace(
                GOOD_CREDIT.parameters["max_uplift"],
                values=WEIHAI_CREDIT.parameters["max_uplift"].values,
            ),
        },
    )
    offer = Offer(10_000_000, 500, 12, "branch", "guarantor")

    found = terms(lower, HARBOUR, "sail_loan", "bright", 600, offer, DAY)

    assert (found.limit_uplift_pct, found.bound_by) == (30, "max_discount")
    assert harbour(offer._replace(amount=20_000_000, channel="online")).bound_by == "online_ceiling"


@pytest.mark.parametrize("guarantee", GUARANTEES)
def test_no_guarantee_is_needed_up_to_the_ceiling(guarantee: str):
    def needed(**changed: object) -> str:
        return harbour(
            Offer(10_000_000, 500, 12, "branch", guarantee)._replace(**changed)
        ).guarantee

    assert needed() == "none"
    assert needed(amount=30_000_050) == "none"
    assert needed(amount=30_000_051) == guarantee
    assert needed(amount=90_000_000, channel="online") == "none"
    below = harbour(Offer(10_000_000, 500, 12, "branch", guarantee), "bright", 599)
    assert below.guarantee == guarantee


def test_a_grade_without_a_factor_is_a_factor_of_nothing():
    assert wendeng(PRESS, "deep", None) == wendeng(PRESS, "deep", 0)
    assert wendeng(PRESS, None, 1000) == wendeng(PRESS, None, None)


@pytest.mark.parametrize(
    ("bank", "product"),
    [(WENDENG, "zero_carbon"), (WENDENG, "unheard_of"), (Bank("new"), "low_carbon")],
)
def test_a_table_that_says_nothing_changes_nothing(bank: Bank, product: str):
    found = terms(WEIHAI_CREDIT, bank, product, "deep", 1000, PRESS, DAY)

    assert found == wendeng(PRESS, None)


def test_the_table_of_the_day_counts():
    after = terms(GOOD_CREDIT, HARBOUR, "sail_loan", "bright", 600, PRESS, date(2030, 1, 1))

    assert (after.limit, after.rate_bp, after.guarantee) == (PRESS.amount, 435, "guarantor")


def test_there_are_no_terms_before_the_ceilings():
    with pytest.raises(NotInForce):
        terms(GOOD_CREDIT, HARBOUR, "sail_loan", "bright", 600, PRESS, date(2024, 12, 31))


@credits
@untimed
@given(offer=offers)
def test_without_a_grade_an_offer_is_itself_within_the_law(credit: Credit, offer: Offer):
    found = terms(credit, credit.standard, next(iter(credit.products)), None, None, offer, DAY)

    over = offer.channel == "online" and offer.amount > 20_000_000
    assert found == Terms(
        limit=20_000_000 if over else offer.amount,
        limit_uplift_pct=0,
        rate_discount_bp=0,
        rate_bp=offer.rate_bp,
        yearly_saving=0,
        guarantee=offer.guarantee,
        bound_by="online_ceiling" if over else None,
    )


@credits
@untimed
@given(data=st.data())
def test_no_terms_are_worse_than_without_carbon_data(credit: Credit, data: st.DataObject):
    bank = credit.bank(data.draw(st.sampled_from([None, *credit.banks])))
    product = data.draw(st.sampled_from(sorted(credit.products)))
    offer, factor = data.draw(offers), data.draw(factors)
    grades = [None, *(level.code for level in credit.grades)]

    def of(grade: str | None, factor: int | None) -> Terms:
        return terms(credit, bank, product, grade, factor, offer, DAY)

    neutral = of(None, None)
    found = [of(grade, factor) for grade in grades]
    higher = [of(grade, min(1000, (factor or 0) + 100)) for grade in grades]

    for each in (*found, *higher):
        assert_not_worse(neutral, each)
        assert_in_bounds(credit, offer, each)
    for lower, better in [*pairwise(found), *zip(found, higher, strict=True)]:
        assert_not_worse(lower, better)


def assert_not_worse(before: Terms, after: Terms) -> None:
    assert after.limit >= before.limit
    assert after.rate_bp <= before.rate_bp
    assert after.yearly_saving >= before.yearly_saving
    assert after.guarantee in ("none", before.guarantee)


def assert_in_bounds(credit: Credit, offer: Offer, found: Terms) -> None:
    assert 0 <= found.rate_bp == offer.rate_bp - found.rate_discount_bp
    assert found.rate_discount_bp <= credit.count("max_discount", DAY) <= 100
    assert found.limit * 100 <= offer.amount * (100 + credit.count("max_uplift", DAY))
    assert found.limit <= max(credit.fen("programme_ceiling", DAY), offer.amount)
    assert offer.channel != "online" or found.limit <= 20_000_000
    assert found.yearly_saving == found.limit * found.rate_discount_bp // 10_000
