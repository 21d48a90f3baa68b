"""What is on offer, and each way in which a benefit is not to be had."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import Headers
from tests.redemption.market import BUS, CUP, Market
from tests.rules.packs import WEIHAI

TAKE = "/v1/me/vouchers"
ENDED = """\
from = 2026-03-10
ended = true
confidence = "assumption"
approved_by = ["tests"]
reference.title = "It ends"
"""
CHANGES = {
    # Not begun, and over.
    "benefits/library_printing": ("from = 2025-01-01", "from = 2026-03-11"),
    "benefits/refill_detergent": (
        "[parameters.cash]",
        "[[parameters.price.values]]\n" + ENDED + "\n[parameters.cash]",
    ),
    "benefits/second_hand_shop": ("stock_total = 4000", "stock_total = 1"),
    "benefits/park_ticket": ("stock_daily = 50", "stock_daily = 1"),
    "benefits/museum_guided_tour": ("person_total = 6", "person_total = 2"),
    "funders/merchant_alliance": ("value = 120000", "value = 30"),
}


@pytest.fixture
def app(make_app: Callable[..., Flask], tmp_path: Path) -> Flask:
    """A city whose pack has some offers that are nearly gone."""
    pack = tmp_path / "rules" / "weihai"
    shutil.copytree(WEIHAI, pack)
    for name, (old, new) in CHANGES.items():
        file = pack / f"{name}.toml"
        text = file.read_text(encoding="utf-8")
        assert old in text, name
        file.write_text(text.replace(old, new), encoding="utf-8")
    return make_app(access_seconds=10 * 366 * 86400, rules_folder=tmp_path / "rules")


def refused(market: Market, person: Headers, benefit: str, status: int = 409) -> str:
    """The code of the refusal; it moves nothing and leaves no voucher."""
    before = market.points(person), market.get(TAKE, person)["items"]
    code = market.refused(TAKE, person, {"benefit_id": benefit}, status)
    assert (market.points(person), market.get(TAKE, person)["items"]) == before
    return code


def test_the_catalogue_shows_what_can_be_had_today(market: Market) -> None:
    items = market.get("/v1/benefits")["items"]
    codes = [each["id"] for each in items]
    assert len(codes) >= 12
    assert not {"library_printing", "refill_detergent"} & set(codes)
    assert [int(float(each["points"])) for each in items] == sorted(
        int(float(each["points"])) for each in items
    )
    nature = market.get("/v1/benefits?category=nature")["items"]
    assert {each["category"] for each in nature} == {"nature"}
    ride = market.get(f"/v1/benefits/{BUS}")
    assert (ride["points"], ride["cash"], ride["stock_left"]) == ("20.00", "0.01", None)
    assert ride["limits"] == {"person_total": None, "person_monthly": None, "person_daily": 4}
    assert ride["values"]["unit_cost"][0]["reference"]["title"]


def test_an_unchanged_catalogue_is_not_sent_again(market: Market) -> None:
    for path in ("/v1/benefits", f"/v1/benefits/{BUS}"):
        tag = market.client.get(path).headers["ETag"]
        answer = market.client.get(path, headers={"If-None-Match": tag})
        assert (answer.status_code, answer.data) == (304, b"")
    tag = market.client.get("/v1/benefits/park_ticket").headers["ETag"]
    market.take(market.person(200), "park_ticket")
    answer = market.client.get("/v1/benefits/park_ticket", headers={"If-None-Match": tag})
    assert (answer.status_code, answer.get_json()["stock_left_today"]) == (200, 0)


def test_a_benefit_that_nobody_offers(market: Market) -> None:
    person = market.person(200)
    assert refused(market, person, "nothing", 404) == "unknown_benefit"
    assert market.get("/v1/benefits/nothing", status=404)["code"] == "unknown_benefit"
    for benefit in ("library_printing", "refill_detergent"):
        assert refused(market, person, benefit) == "not_offered"
        assert market.get(f"/v1/benefits/{benefit}", status=404)["code"] == "unknown_benefit"
    market.wait(days=1)
    market.take(person, "library_printing")


def test_a_benefit_that_two_operators_paused(market: Market) -> None:
    shop, person = market.shop(), market.person()
    voucher = market.take(person)
    market.approve("benefit_pause", benefit=BUS)
    assert refused(market, person, BUS) == "not_offered"
    assert market.get(f"/v1/benefits/{BUS}")["available"] is False
    # What was taken before is good.
    market.redeem(shop, market.show(person, voucher))
    market.approve("benefit_resume", benefit=BUS)
    market.take(person)


def test_the_limits_of_one_person(market: Market) -> None:
    """Of a day, a month and a life; what was cancelled or expired does not count."""
    person, other = market.person(1500), market.person(1500)
    first = market.take(person, CUP)
    answer = market.send(TAKE, person, {"benefit_id": CUP}).get_json()
    assert (answer["code"], answer["limit"]) == ("limit_reached", "person_daily")
    market.post(f"{TAKE}/{first['id']}/cancel", person)
    market.take(person, CUP)
    assert refused(market, person, CUP) == "limit_reached"
    market.take(other, CUP)
    market.wait(hours=12)  # midnight
    market.take(person, CUP)

    for day in range(4):
        market.take(person, "cinema_discount")
        market.wait(days=day % 2)
    answer = market.send(TAKE, person, {"benefit_id": "cinema_discount"}).get_json()
    assert (answer["code"], answer["limit"]) == ("limit_reached", "person_monthly")
    market.clock.instant = market.clock.instant.replace(day=31, hour=15, minute=59)
    assert refused(market, person, "cinema_discount") == "limit_reached"
    market.wait(minutes=1)  # April in the city
    market.take(person, "cinema_discount")

    tours = [market.take(person, "museum_guided_tour") for _ in range(2)]
    answer = market.send(TAKE, person, {"benefit_id": "museum_guided_tour"}).get_json()
    assert (answer["code"], answer["limit"]) == ("limit_reached", "person_total")
    market.wait(days=400)
    market.job("redemption.expire_vouchers")
    assert market.status(person, tours[0]) == "expired"
    market.earn(person, 10000)
    market.take(person, "museum_guided_tour")


def test_the_last_one_and_the_last_one_of_today(market: Market) -> None:
    first, second = market.person(500), market.person(500)
    voucher = market.take(first, "second_hand_shop")
    assert refused(market, second, "second_hand_shop") == "sold_out"
    market.post(f"{TAKE}/{voucher['id']}/cancel", first)
    market.take(second, "second_hand_shop")
    market.approve("benefit_stock", benefit="second_hand_shop", extra=1)
    market.take(first, "second_hand_shop")
    assert market.get("/v1/benefits/second_hand_shop")["stock_left"] == 0

    market.take(first, "park_ticket")
    assert refused(market, second, "park_ticket") == "sold_out_today"
    market.wait(hours=12)
    market.take(second, "park_ticket")


def test_a_budget_that_is_nearly_used_up(market: Market) -> None:
    """Of 30 yuan 0.60 are never touched; where less than 6 are left in the morning, a day may use
    a tenth of what is left."""
    *takers, late = [market.person(100) for _ in range(6)]
    for each in takers:
        voucher = market.take(each, "charging_discount")  # 5 yuan
    assert refused(market, late, "charging_discount") == "budget_reached"
    market.wait(days=1)
    assert refused(market, late, "second_hand_shop") == "budget_slowed"  # 4 yuan of 5
    market.post(f"{TAKE}/{voucher['id']}/cancel", takers[-1])
    market.take(late, "second_hand_shop")


def test_points_that_are_not_there_and_points_on_hold(market: Market) -> None:
    person = market.person(35)
    market.take(person)
    # What is held for the first is no longer there for the second.
    assert refused(market, person, BUS) == "not_enough_points"
    market.take(person, CUP)
    market.earn(person, 10000)
    market.hold_spending(person)
    assert refused(market, person, BUS) == "spending_frozen"


def test_anothers_voucher_is_unknown_on_every_path(market: Market) -> None:
    owner, other = market.person(), market.person()
    voucher = market.take(owner)
    store = {"store_id": market.get("/v1/merchant", market.shop())["stores"][0]["id"]}
    for wire in (voucher["id"], "vch_01jd0000000000000000000000", "nothing"):
        path = f"{TAKE}/{wire}"
        assert market.get(path, other, 404)["code"] == "unknown_voucher"
        for verb, body in (
            ("code", None),
            ("cancel", None),
            ("confirm", store),
            ("licence/replace", None),
        ):
            assert market.refused(f"{path}/{verb}", other, body, 404) == "unknown_voucher"
        body = {"vouchers": [wire]}
        assert market.refused("/v1/me/offline-codes", other, body, 404) == "unknown_voucher"
    assert market.get(TAKE, other)["items"] == []
    assert market.status(owner, voucher) == "issued"
    found = market.of(other, voucher)
    note = {"note": "Asked."}
    assert market.refused(f"{found}/freeze", market.operator(), note, 404) == "unknown_voucher"


def test_vouchers_are_listed_by_state_and_page(market: Market) -> None:
    person = market.person(200)
    taken = [market.take(person)["id"] for _ in range(3)]
    market.post(f"{TAKE}/{taken[0]}/cancel", person)
    first = market.get(f"{TAKE}?limit=2", person)
    rest = market.get(f"{TAKE}?limit=2&cursor={first['next_cursor']}", person)
    assert {each["id"] for each in first["items"] + rest["items"]} == set(taken)
    assert rest["next_cursor"] is None
    assert [e["id"] for e in market.get(f"{TAKE}?status=cancelled", person)["items"]] == taken[:1]
    assert market.get(f"{TAKE}?to=2026-03-09", person)["items"] == []
    assert market.get(f"{TAKE}?status=lost", person, 422)["code"] == "invalid"
