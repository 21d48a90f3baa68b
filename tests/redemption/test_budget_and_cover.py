"""What funders have set aside: how it is promised, slowed, stopped and given back, and how far it
covers the points that are out."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import Headers
from tests.redemption.market import BUS, CUP, Market
from tests.rules.packs import WEIHAI

TAKE = "/v1/me/vouchers"
PARK, PRINTING, CHARGING = "park_ticket", "library_printing", "charging_discount"
OFFERED = (BUS, CUP, PARK, PRINTING, CHARGING, "museum_guided_tour")
OTHERS = 500_000_00 + 120_000_00  # what the other two funders have granted, in fen


@pytest.fixture
def app(make_app: Callable[..., Flask], tmp_path: Path) -> Flask:
    """A city of six benefits whose green fund has granted 100 yuan: 2 are a reserve, the last 20
    go slowly."""
    pack = tmp_path / "rules" / "weihai"
    shutil.copytree(WEIHAI, pack)
    for each in (pack / "benefits").iterdir():
        if each.stem not in OFFERED:
            each.unlink()
    file = pack / "funders" / "green_fund.toml"
    text = file.read_text(encoding="utf-8").replace("value = 800000", "value = 100")
    file.write_text(text.replace("value = 300000", "value = 100"), encoding="utf-8")
    more = {"rules_folder": tmp_path / "rules", "transparency_seconds": 0}
    return make_app(access_seconds=10 * 366 * 86400, **more)


def used(market: Market) -> int:
    """Fen promised or paid out of the green fund (and of the others)."""
    left: str = market.get("/v1/transparency")["cover"]["budget_left"]
    return OTHERS + 100_00 - int(left.replace(".", ""))


def refused(market: Market, person: Headers, benefit: str) -> str:
    return market.refused(TAKE, person, {"benefit_id": benefit})


def spend_most(market: Market) -> None:
    """80 of the 100 yuan, on four park tickets."""
    for person in (market.person(300), market.person(300)):
        market.take(person, PARK)
        market.take(person, PARK)


def test_a_voucher_promises_its_cost_and_the_reserve_is_never_touched(market: Market) -> None:
    spend_most(market)
    assert used(market) == 80_00
    for person in (market.person(), market.person()):
        for _ in range(4):
            market.take(person)
    last = market.person()
    market.take(last)
    assert used(market) == 80_00 + 9 * 199
    before = market.points(last)
    assert refused(market, last, BUS) == "budget_reached"
    assert market.points(last) == before
    market.take(last, "museum_guided_tour")  # it costs nobody anything
    market.clock.instant += timedelta(days=1)
    assert refused(market, last, BUS) == "budget_reached"
    market.take(last, CUP)  # another funder's


def test_the_last_fifth_is_given_out_a_tenth_a_day(market: Market) -> None:
    spend_most(market)
    one, two = market.person(), market.person()
    market.take(one)
    market.clock.instant += timedelta(days=1)
    # 18.01 are left this morning: 1.80 may go today.
    voucher = market.take(one, PRINTING)
    assert refused(market, two, PRINTING) == "budget_slowed"
    assert refused(market, two, BUS) == "budget_slowed"
    market.post(f"{TAKE}/{voucher['id']}/cancel", one)
    market.take(two, PRINTING)
    assert refused(market, one, PRINTING) == "budget_slowed"
    market.clock.instant += timedelta(days=1)
    market.take(one, PRINTING)
    assert refused(market, two, PRINTING) == "budget_slowed"
    assert used(market) == 80_00 + 199 + 2 * 100


def test_whatever_comes_to_nothing_gives_its_part_back(market: Market) -> None:
    bus, person = market.shop(), market.person()
    cancelled, _expired = market.take(person), market.take(person)
    done = market.redeemed(bus, person)
    assert used(market) == 3 * 199
    market.post(f"{TAKE}/{cancelled['id']}/cancel", person)
    assert used(market) == 2 * 199
    market.post(f"/v1/redemptions/{done['id']}/void", bus)
    assert used(market) == 199
    market.clock.instant += timedelta(days=7)
    assert market.job("redemption.expire_vouchers") == 1
    assert used(market) == 0
    shop = market.shop("coast_charging")
    charged = market.redeemed(shop, person, CHARGING)
    assert used(market) == 5_00
    market.days_pass()
    market.post(f"/v1/redemptions/{charged['id']}/refund", shop, {"points": "33.33"})
    assert used(market) == 5_00 - 1_66  # a third, rounded down
    market.clock.instant += timedelta(days=30)
    market.job("redemption.expire_vouchers")
    assert used(market) == 3_34


def test_cover_before_and_after_anybody_has_chosen(market: Market) -> None:
    """By hand: the six cost 310 points and 29.99 yuan, each once; a ride 20 and 1.99."""
    shop, person = market.shop(), market.person(100)

    def cover() -> tuple[str, str, str]:
        found = market.get("/v1/transparency")["cover"]
        return found["outstanding_cost"], found["budget_left"], found["ratio"]

    # 100 × 29.99 / 310 = 9.674…, rounded up; 620,100.00 / 9.68
    assert cover() == ("9.68", "620100.00", "64059.91")
    voucher = market.take(person)
    # 100 × 1.99 / 20; 620,098.01 / 9.95
    assert cover() == ("9.95", "620098.01", "62321.40")
    done = market.redeem(shop, market.show(person, voucher))
    # 80 points are left; 620,098.01 / 7.96
    assert cover() == ("7.96", "620098.01", "77901.76")
    market.post(f"/v1/redemptions/{done['id']}/void", shop)
    assert cover() == ("9.68", "620100.00", "64059.91")
    done = market.redeemed(market.shop("weihai_parks"), market.person(120), PARK)
    assert done["owed"] == "20.00"
    # 100 × 20 / 120 = 16.66…, rounded up; 620,080.00 / 16.67
    assert cover() == ("16.67", "620080.00", "37197.36")


def test_where_nothing_is_outstanding_there_is_no_ratio(market: Market) -> None:
    shop, person = market.shop(), market.person(20)
    market.redeemed(shop, person)
    found = market.get("/v1/transparency")
    assert (found["outstanding"], found["cover"]["ratio"]) == ("0.00", None)
    assert found["cover"]["outstanding_cost"] == "0.00"
