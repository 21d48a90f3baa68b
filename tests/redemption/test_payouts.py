"""Who pays what for a file and when, and that two operators say it was paid."""

from datetime import date, timedelta
from typing import Any

from tests.conftest import Headers
from tests.redemption.market import CUP, Market

KNOWN = date(2025, 12, 10)  # ninety days ago: new no longer


def payouts(market: Market, status: str) -> list[dict[str, Any]]:
    return market.get(f"/v1/payouts?status={status}", market.operator())["items"]


def owed(market: Market, shop: Headers, day: str) -> list[tuple[str, str, str, str]]:
    """(funder, amount, brought, status)"""
    every = market.get(f"/v1/settlements?from={day}&to={day}", shop)["items"][0]["payouts"]
    return [(each["funder"], each["amount"], each["brought"], each["status"]) for each in every]


def test_a_file_is_paid_on_the_next_day_and_later_while_its_merchant_is_new(
    market: Market,
) -> None:
    known, person = market.shop(since=KNOWN), market.person(100)
    new = market.shop("corner_cafe", since=KNOWN + timedelta(days=1))
    market.redeemed(known, person)
    market.redeemed(new, person, CUP)
    market.days_pass()
    found = {each["merchant"]: each for each in payouts(market, "due")}
    told = {name: (each["amount"], each["payable_on"]) for name, each in found.items()}
    assert told == {"weihai_bus": ("1.99", "2026-03-11"), "corner_cafe": ("2.00", "2026-03-17")}


def test_each_funder_pays_its_own_and_debts_are_carried_over(market: Market) -> None:
    shop, person = market.shop("coast_charging"), market.person(400)
    done = market.redeemed(shop, person, "charging_discount")
    market.redeemed(shop, person, CUP)
    market.days_pass()
    assert owed(market, shop, "2026-03-10") == [
        ("bank_marketing", "2.00", "0.00", "due"),
        ("merchant_alliance", "5.00", "0.00", "due"),
    ]
    market.post(f"/v1/redemptions/{done['id']}/refund", shop)
    market.days_pass()
    assert owed(market, shop, "2026-03-11") == [("merchant_alliance", "-5.00", "0.00", "carried")]
    market.redeemed(shop, person, "charging_discount")
    market.days_pass()
    assert owed(market, shop, "2026-03-11") == [("merchant_alliance", "-5.00", "0.00", "netted")]
    assert owed(market, shop, "2026-03-12") == [("merchant_alliance", "0.00", "-5.00", "carried")]
    market.redeemed(shop, person, "charging_discount")
    market.days_pass()
    assert owed(market, shop, "2026-03-13") == [("merchant_alliance", "5.00", "0.00", "due")]


def test_two_operators_say_that_a_payout_was_paid(market: Market) -> None:
    shop = market.shop()
    market.redeemed(shop, market.person(60))
    market.days_pass()
    (due,) = payouts(market, "due")
    asked = {"payout": due["id"], "transfer": "ICBC 2026-0317"}
    maker, checker = market.operator("Maker"), market.operator("Checker")
    body = {"kind": "payout_payment", "payload": asked, "reason": "The bank says so."}
    waiting = market.post("/v1/approvals", maker, body, 201)
    assert waiting["difference"] == [
        {"field": "1.99 yuan to weihai_bus", "before": "due", "after": "paid: ICBC 2026-0317"}
    ]
    path = f"/v1/approvals/{waiting['id']}/approve"
    assert market.refused(path, maker, status=403) == "same_operator"
    assert market.refused(path, checker) == "not_payable_yet"
    market.clock.instant += timedelta(days=6)
    done = market.post(path, checker)
    assert done["result"] == {"merchant": "weihai_bus", "amount": "1.99"} | {
        "transfer": "ICBC 2026-0317"
    }
    (paid,) = payouts(market, "paid")
    assert (paid["id"], paid["transfer"]) == (due["id"], "ICBC 2026-0317")
    assert owed(market, shop, "2026-03-10") == [("green_fund", "1.99", "0.00", "paid")]
    assert market.refused("/v1/approvals", maker, body) == "not_due"


def test_a_payment_that_cannot_be_is_refused(market: Market) -> None:
    operator, nobodys = market.operator(), "pay_" + "0" * 26

    def told(payload: dict[str, Any], status: int) -> tuple[str, list[str]]:
        body = {"kind": "payout_payment", "payload": payload, "reason": "Pay."}
        found = market.post("/v1/approvals", operator, body, status)
        return found["code"], [each["pointer"] for each in found.get("errors", [])]

    wrong = ("bad_payload", ["/payload/payout"])
    assert told({}, 422) == told({"payout": 7}, 422) == wrong
    for missing in ({}, {"transfer": ""}, {"transfer": "T" * 81}):
        assert told({"payout": nobodys, **missing}, 422) == ("bad_payload", ["/payload/transfer"])
    for name in ("pay_nothing", nobodys):
        assert told({"payout": name, "transfer": "T"}, 404) == ("unknown_payout", [])


def test_only_operators_see_what_is_to_be_paid(market: Market) -> None:
    for caller in (market.shop(), market.person()):
        for path in ("/v1/payouts", "/v1/differences", "/v1/alerts"):
            assert market.get(path, caller, 403)["code"] == "wrong_scope"
    assert market.get("/v1/payouts?status=lost", market.operator(), 422)["code"] == "invalid"
