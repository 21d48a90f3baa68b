"""Rules change while vouchers live: what was promised stays promised."""

from collections.abc import Callable
from pathlib import Path

from flask import Flask

from tests.redemption.crowds import scarce
from tests.redemption.market import CUP, Market

ENDED = """
[[parameters.price.values]]
from = 2026-03-10
ended = true
confidence = "assumption"
approved_by = ["tests"]
reference.title = "It ends"

[parameters.cash]"""
LONG = {"access_seconds": 10 * 366 * 86400}


def test_a_voucher_outlives_its_benefit(
    market: Market, make_app: Callable[..., Flask], tmp_path: Path
) -> None:
    shop, person = market.shop(), market.person(60)
    kept = market.take(person, CUP)
    market.wait(seconds=1)
    other = market.take(person)
    changes = {"own_cup_coffee": ("[parameters.cash]", ENDED)}
    later = make_app(rules_folder=scarce(tmp_path, **changes), **LONG)
    market.client = later.test_client()

    assert market.get(f"/v1/me/vouchers/{kept['id']}", person)["points"] == "15.00"
    assert [each["id"] for each in market.get("/v1/me/vouchers", person)["items"]] == [
        other["id"],
        kept["id"],
    ]
    market.get(f"/v1/benefits/{CUP}", status=404)
    assert market.refused("/v1/me/vouchers", person, {"benefit_id": CUP}) == "not_offered"
    assert market.redeem(shop, market.show(person, kept))["status"] == "redeemed"


def test_a_stock_of_the_day_may_come_in_the_middle_of_a_day(
    market: Market, make_app: Callable[..., Flask], tmp_path: Path
) -> None:
    person = market.person(60)
    first, second = market.take(person), market.take(person)
    changes = {"one_cent_bus_ride": ("limits = {", "limits = { stock_daily = 2,")}
    later = make_app(rules_folder=scarce(tmp_path, **changes), **LONG)
    market.client = later.test_client()

    for voucher in (first, second):
        market.post(f"/v1/me/vouchers/{voucher['id']}/cancel", person)
    assert market.points(person) == ("60.00", "0.00")
    assert market.get("/v1/benefits/one_cent_bus_ride")["stock_left_today"] == 2


def test_codes_and_told_outcomes_are_forgotten_after_a_quarter(market: Market) -> None:
    shop = market.shop()
    key = {"Idempotency-Key": "k1"} | shop
    assert market.client.post("/v1/redemptions", json={"code": "x"}, headers=key).status_code == 409
    person = market.person()
    market.show(person, market.take(person))
    assert market.job("redemption.forget_codes") == 0
    assert market.get("/v1/redemptions/by-key/k1", shop)["code"] == "unknown_code"
    market.wait(days=91)
    assert market.job("redemption.forget_codes") == 2
    assert market.get("/v1/redemptions/by-key/k1", shop, 404)["code"] == "unknown_key"
