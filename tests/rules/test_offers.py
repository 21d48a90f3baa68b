"""What points buy: what loaded offers promise, and the offers of Weihai."""

import json
import shutil
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from app import rulebook
from app.rulebook import BadRule, NotInForce, Offers
from app.rulebook.offers import Limits
from app.rulebook.vocabulary import BENEFIT_CATEGORIES, REDEMPTION_PARAMETERS
from tests.rules.packs import GOOD, SET_N, WEIHAI, copy_good

OFFERS = rulebook.load(GOOD).offers
FERRY = OFFERS.benefits["ferry_ride"]
WEIHAI_OFFERS = rulebook.load(WEIHAI).offers
LAST_YEAR, THIS_YEAR = date(2025, 12, 31), date(2026, 1, 1)
DAY = date(2026, 3, 10)


def local(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


def without_offers(folder: Path) -> Path:
    for each in ("benefits", "funders"):
        shutil.rmtree(folder / each)
    (folder / "redemption.toml").unlink()
    return folder


def test_points_come_in_hundredths_and_money_in_fen_of_the_day():
    assert [FERRY.price(day) for day in (LAST_YEAR, THIS_YEAR)] == [1250, 1000]
    assert (FERRY.cash(DAY), FERRY.unit_cost(DAY)) == (1, 499)
    funder = OFFERS.funders["town"]
    budgets = [funder.granted(day) for day in (date(2024, 12, 31), LAST_YEAR, THIS_YEAR)]
    assert budgets == [0, 100_050, 200_000]
    assert OFFERS.count("code_seconds", DAY) == 60
    assert OFFERS.fen("offline_cost", DAY) == 500


def test_a_benefit_is_offered_while_price_cash_and_cost_have_a_value():
    assert not FERRY.offered(date(2025, 1, 31))
    assert FERRY.offered(date(2025, 2, 1))
    assert FERRY.offered(date(2029, 12, 31))
    assert not FERRY.offered(date(2030, 1, 1))
    with pytest.raises(NotInForce):
        FERRY.price(date(2030, 1, 1))


@pytest.mark.parametrize(
    ("instant", "open_"),
    [
        (local("2026-03-06T05:59"), False),  # a Friday
        (local("2026-03-06T06:00"), True),
        (local("2026-03-06T22:29"), True),
        (local("2026-03-06T22:30"), False),
        (local("2026-03-07T07:59"), False),  # a Saturday
        (local("2026-03-07T23:59"), True),
    ],
)
def test_hours_hold_by_weekday_and_their_end_is_outside(instant: datetime, open_: bool):
    assert FERRY.open_at(instant) is open_


def test_what_a_file_leaves_out_is_open():
    poem = OFFERS.benefits["poem"]

    assert (poem.hours, poem.stores, poem.offline, poem.notes) == ((), (), False, ())
    assert poem.limits == Limits()
    assert poem.open_at(local("2026-03-06T03:00"))


def test_the_digest_and_the_text_of_a_rulebook_know_nothing_of_offers(tmp_path: Path):
    whole = rulebook.load(GOOD)

    bare = rulebook.load(without_offers(copy_good(tmp_path)))

    assert (bare.digest, bare.text) == (whole.digest, whole.text)
    assert bare.offers == Offers()
    assert not any(name.startswith(("benefits", "funders")) for name in json.loads(whole.text))
    assert bare.parameters() == whole.parameters()


@pytest.mark.parametrize("file", ["benefits/poem.toml", "funders/town.toml", "redemption.toml"])
def test_any_byte_of_an_offer_changes_the_digest_of_the_offers_alone(file: str, tmp_path: Path):
    folder = copy_good(tmp_path)
    before = rulebook.load(folder)

    with (folder / file).open("a") as written:
        written.write("# a remark\n")

    after = rulebook.load(folder)
    assert after.offers.digest != before.offers.digest
    assert after.digest == before.digest


def test_benefits_without_rules_of_redemption_are_refused(tmp_path: Path):
    folder = copy_good(tmp_path)
    (folder / "redemption.toml").unlink()

    with pytest.raises(BadRule, match=r"redemption\.toml: -: missing"):
        rulebook.load(folder)


def test_a_pack_may_have_rules_of_redemption_and_nothing_on_offer_yet(tmp_path: Path):
    folder = copy_good(tmp_path)
    for each in ("benefits", "funders"):
        shutil.rmtree(folder / each)

    offers = rulebook.load(folder).offers

    assert not offers.benefits
    assert offers.count("offline_codes", DAY) == 10


def test_an_offline_benefit_that_grows_dear_is_refused_for_that_day(tmp_path: Path):
    folder = copy_good(tmp_path)
    path = folder / "benefits" / "ferry_ride.toml"
    dearer = ', { from = 2027-01-01, value = 5.01, confidence = "assumption", '
    dearer += 'approved_by = ["tests"], reference = { title = "Dearer" } }]'
    path.write_text(path.read_text().rstrip()[:-1] + dearer)

    with pytest.raises(BadRule, match="offline: the unit cost is above offline_cost on 2027-01-01"):
        rulebook.load(folder)


def test_a_city_without_offers_is_a_city():
    assert rulebook.load(SET_N).offers == Offers()


# Weihai


def test_weihai_offers_every_kind_in_both_languages():
    benefits = WEIHAI_OFFERS.benefits

    assert len(benefits) >= 14
    assert {each.kind for each in benefits.values()} == {"code", "licence", "immediate"}
    assert {each.category for each in benefits.values()} == set(BENEFIT_CATEGORIES)
    for each in benefits.values():
        chinese = [
            each.title_zh,
            each.words_zh,
            *([each.merchant.name_zh] if each.merchant else []),
        ]
        english = [
            each.title_en,
            each.words_en,
            *([each.merchant.name_en] if each.merchant else []),
        ]
        assert all(any("\u4e00" <= sign <= "\u9fff" for sign in text) for text in chinese)
        assert all(text.isascii() for text in english)
        assert each.offered(DAY)
        assert each.offered(THIS_YEAR)


def test_every_number_of_weihais_offers_has_a_source_and_an_approver_and_is_ours():
    for parameter in WEIHAI_OFFERS.every_parameter:
        for entry in parameter.values:
            assert entry.since <= THIS_YEAR
            assert entry.confidence == "assumption"
            assert entry.approved_by == ("Weitan maintainers (pending city approval)",)
            assert entry.reference.title
    assert all(each.notes for each in WEIHAI_OFFERS.benefits.values())
    assert set(WEIHAI_OFFERS.parameters) == set(REDEMPTION_PARAMETERS)


def test_the_one_cent_bus_ride_costs_a_few_rides():
    ride = WEIHAI_OFFERS.benefits["one_cent_bus_ride"]

    assert (ride.price(DAY), ride.cash(DAY), ride.unit_cost(DAY)) == (2000, 1, 199)
    assert ride.merchant is not None
    assert ride.merchant.code == "weihai_bus"
    assert ride.offline
    assert ride.limits.person_daily == 4
    assert ride.open_at(local("2026-03-10T03:00"))


def test_any_merchant_of_the_city_honours_the_own_cup():
    coffee = WEIHAI_OFFERS.benefits["own_cup_coffee"]

    assert coffee.merchant is None
    assert not coffee.hours
    assert coffee.price(DAY) == 1500


def test_small_benefits_are_within_the_first_week():
    # Two bus rides on five days earn 80 points.
    assert sum(each.price(DAY) <= 8000 for each in WEIHAI_OFFERS.benefits.values()) >= 8


def test_weihai_shows_every_limit_and_way_of_refund():
    benefits = WEIHAI_OFFERS.benefits.values()

    for limit in ("stock_total", "stock_daily", "person_total", "person_daily", "person_monthly"):
        assert any(getattr(each.limits, limit) for each in benefits), limit
    assert sum(each.limits.stock_daily is not None for each in benefits) >= 3
    assert {(each.refund.days > 0, each.refund.partial) for each in benefits} == {
        (False, False),
        (True, False),
        (True, True),
    }
    assert any(each.hours for each in benefits)
    assert any(each.stores for each in benefits)


def test_budgets_of_weihai_grow_and_every_funder_pays_for_something():
    for funder in WEIHAI_OFFERS.funders.values():
        numbers = [entry.number for entry in funder.budget.values]
        assert all(earlier < later for earlier, later in pairwise(numbers))
        assert funder.granted(funder.budget.since - timedelta(days=1)) == 0
        assert funder.granted(DAY) > 0
