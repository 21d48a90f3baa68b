"""What two operators change of an offer; and what becomes of vouchers when an account closes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.redemption.crowds import scarce
from tests.redemption.market import BUS, Market

TAKE = "/v1/me/vouchers"
SHOP = "second_hand_shop"


@pytest.fixture
def app(make_app: Callable[..., Flask], tmp_path: Path) -> Flask:
    """A city with one piece of one benefit."""
    rules = scarce(tmp_path, second_hand_shop=("stock_total = 4000", "stock_total = 1"))
    return make_app(access_seconds=10 * 366 * 86400, rules_folder=rules)


def proposed(market: Market, kind: str, payload: dict[str, Any], status: int = 201) -> Any:
    body = {"kind": kind, "payload": payload, "reason": "Spring."}
    return market.post("/v1/approvals", market.operator(), body, status)


def offer(market: Market, benefit: str) -> dict[str, Any]:
    return market.get(f"/v1/benefits/{benefit}")


def test_two_operators_add_to_the_stock(market: Market) -> None:
    market.take(market.person(), SHOP)
    late, more = market.person(), {"benefit": SHOP, "extra": 2}
    assert market.refused(TAKE, late, {"benefit_id": SHOP}) == "sold_out"
    told = proposed(market, "benefit_stock", more)
    assert told["difference"] == [{"field": f"{SHOP}.stock_total", "before": "1", "after": "3"}]
    assert market.refused(TAKE, late, {"benefit_id": SHOP}) == "sold_out"
    first = market.approve("benefit_stock", **more)
    assert first["result"] == more
    market.take(late, SHOP)
    assert offer(market, SHOP)["stock_left"] == 1
    second = market.post(f"/v1/approvals/{told['id']}/approve", market.operator("Checker"))
    assert second["difference"] == [{"field": f"{SHOP}.stock_total", "before": "3", "after": "5"}]
    assert offer(market, SHOP)["stock_left"] == 3


def test_two_operators_pause_a_benefit_and_resume_it(market: Market) -> None:
    shop, person, bus = market.shop(), market.person(), {"benefit": BUS}
    voucher = market.take(person)
    done = market.approve("benefit_pause", **bus)
    assert done["difference"] == [{"field": f"{BUS}.paused", "before": "false", "after": "true"}]
    assert done["result"] == bus | {"paused": True}
    assert not offer(market, BUS)["available"]
    assert market.refused(TAKE, person, {"benefit_id": BUS}) == "not_offered"
    assert market.redeem(shop, market.show(person, voucher))["status"] == "redeemed"
    assert proposed(market, "benefit_pause", bus, 409)["code"] == "nothing_to_change"
    market.approve("benefit_resume", **bus)
    assert offer(market, BUS)["available"]
    market.take(person)
    assert proposed(market, "benefit_resume", bus, 409)["code"] == "nothing_to_change"


def test_more_stock_does_not_resume_what_is_paused(market: Market) -> None:
    market.approve("benefit_pause", benefit=SHOP)
    market.approve("benefit_stock", benefit=SHOP, extra=5)
    assert market.refused(TAKE, market.person(), {"benefit_id": SHOP}) == "not_offered"
    market.approve("benefit_resume", benefit=SHOP)
    assert offer(market, SHOP)["stock_left"] == 6


def test_a_payload_that_is_wrong_is_pointed_at(market: Market) -> None:
    def told(kind: str, payload: dict[str, Any], status: int = 422) -> tuple[str, list[str]]:
        found = proposed(market, kind, payload, status)
        return found["code"], [each["pointer"] for each in found.get("errors", [])]

    for extra in (None, 0, -1, True, "7", [1], 10_000_001):
        wrong = told("benefit_stock", {"benefit": SHOP, "extra": extra})
        assert wrong == ("bad_payload", ["/payload/extra"])
    for kind in ("benefit_stock", "benefit_pause", "benefit_resume"):
        for benefit in (None, 7, "", " ", "b" * 201, {"a": 1}):
            payload = {"benefit": benefit, "extra": 1}
            assert told(kind, payload) == ("bad_payload", ["/payload/benefit"])
        assert told(kind, {"benefit": "moon_trip", "extra": 1}, 404)[0] == "unknown_benefit"
    assert told("benefit_stock", {"benefit": BUS, "extra": 1}, 409)[0] == "no_stock_limit"


def test_closing_an_account_gives_its_open_vouchers_back(market: Market) -> None:
    shop, person, other = market.shop(), market.person(400), market.person()
    used, gone = market.redeemed(shop, person), market.take(person, SHOP)
    shown = market.show(person, market.take(person))
    frozen = market.take(person, "charging_discount")
    path = f"{market.of(person, frozen)}/freeze"
    market.post(path, market.operator(), {"note": "A question."})
    assert market.refused(TAKE, other, {"benefit_id": SHOP}) == "sold_out"
    lost = market.client.delete("/v1/me", headers=person).get_json()
    assert "open vouchers (given back today)" in lost["erased"]
    assert (lost["lost"]["available"], lost["lost"]["held"]) == ("170.00", "210.00")
    assert market.status(person, gone) == "issued"
    closed = market.client.delete("/v1/me?confirm=true", headers=person).get_json()
    assert (closed["closed"], closed["lost"]["held"]) == (True, "0.00")
    assert closed["lost"]["available"] == "380.00"
    assert market.refused("/v1/redemptions", shop, {"code": shown}) == "code_expired"
    assert market.take(other, SHOP)["status"] == "issued"
    market.days_pass()
    (line,) = market.get("/v1/settlements/2026-03-10", shop)["lines"]
    assert line["redemption"] == used["id"]
