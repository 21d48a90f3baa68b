"""What looks like abuse raises one alert a day and holds a merchant's pay, and no resident."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from app import clearing
from app.plumbing import Work
from tests.conftest import Headers
from tests.redemption.bustle import people, redeem, till
from tests.redemption.crowds import contest, post, tally
from tests.redemption.market import BUS, CUP, Market

CAFE = "corner_cafe"
WATCH = "redemption.watch"
EVENING = datetime(2026, 3, 10, 15, 55, tzinfo=UTC)  # five to midnight in the city


@pytest.fixture
def cafe(market: Market) -> Headers:
    """The office of a café that is owed two yuan for yesterday and has a new file every day."""
    market.clock.instant -= timedelta(days=1)
    shop = market.shop(CAFE)
    market.redeemed(shop, market.person(), CUP)
    market.days_pass()
    return shop


def alerts(market: Market, **more: str) -> list[tuple[str, str, str, int]]:
    """(kind, merchant, day, times)"""
    asked = "&".join(f"{name}={value}" for name, value in more.items())
    items = market.get(f"/v1/alerts?{asked}", market.operator())["items"]
    return [tuple(each[name] for name in ("kind", "merchant", "day", "times")) for each in items]


def pay(market: Market, shop: Headers) -> dict[str, str]:
    """How the pay of each day stands."""
    days = market.get("/v1/settlements", shop)["items"]
    return {each["day"]: one["status"] for each in days for one in each["payouts"]}


def close(market: Market) -> list[dict[str, Any]]:
    """Two operators close every open alert, the newest first; what came of each."""
    found = market.get("/v1/alerts?status=open", market.operator())["items"]
    return [
        market.approve("alert_closing", alert=each["id"], note="Looked into.")["result"]
        for each in found
    ]


def test_a_pair_that_meets_often_is_looked_at(market: Market) -> None:
    shop, person = market.shop(), market.person(200)
    for _ in range(4):
        last = market.redeemed(shop, person)
    gone = market.redeemed(shop, person, CUP)
    market.post(f"/v1/redemptions/{gone['id']}/void", shop)
    assert market.job(WATCH) == 0
    market.redeemed(shop, person, CUP)
    kept = market.points(person), market.status(person, last["of"])
    assert market.job(WATCH) == 1
    assert market.job(WATCH) == 0
    assert alerts(market) == [("repeat_pair", "weihai_bus", "2026-03-10", 5)]
    assert (market.points(person), market.status(person, last["of"])) == kept
    assert market.take(person, "library_printing")["status"] == "issued"
    market.clock.instant += timedelta(hours=13)  # the next day; what was seen is not seen again
    assert market.job(WATCH) == 0


def test_an_alert_holds_what_is_due_and_what_will_be_until_two_have_looked(
    market: Market, cafe: Headers
) -> None:
    other = market.shop()
    market.redeemed(other, market.person())
    redeem(market, till(market, CAFE), people(market, 4), phone="one phone")
    redeem(market, till(market, CAFE), people(market, 4), phone="another phone")
    assert pay(market, cafe) == {"2026-03-09": "due"}
    assert market.job(WATCH) == 2
    assert pay(market, cafe) == {"2026-03-09": "held"}
    market.days_pass()
    assert pay(market, cafe) == {"2026-03-09": "held", "2026-03-10": "held"}
    assert pay(market, other) == {"2026-03-10": "due"}
    first, second = close(market)
    assert first == {"merchant": CAFE, "payouts_released": 0}
    assert second == {"merchant": CAFE, "payouts_released": 2}
    assert pay(market, cafe) == {"2026-03-09": "due", "2026-03-10": "due"}
    assert alerts(market, status="open") == []
    assert {each[1] for each in alerts(market, status="closed")} == {CAFE}


def test_closing_an_alert_takes_two_and_a_note(market: Market, cafe: Headers) -> None:
    redeem(market, till(market, CAFE), people(market, 4), phone="one phone")
    market.job(WATCH)
    (alert,) = market.get("/v1/alerts", market.operator())["items"]
    maker, checker = market.operator(), market.operator("Checker")
    body = {"kind": "alert_closing", "reason": "A family."}
    told = market.post("/v1/approvals", maker, body | {"payload": {"alert": alert["id"]}}, 422)
    assert [each["pointer"] for each in told["errors"]] == ["/payload/note"]
    for name in ("alr_nothing", "alr_" + "0" * 26):
        nothing = body | {"payload": {"alert": name, "note": "?"}}
        assert market.refused("/v1/approvals", maker, nothing, 404) == "unknown_alert"
    body["payload"] = {"alert": alert["id"], "note": "A family of four."}
    waiting = market.post("/v1/approvals", maker, body, 201)
    assert waiting["difference"] == [
        {"field": f"device at {CAFE}", "before": "open", "after": "closed"},
        {"field": "note", "before": None, "after": "A family of four."},
    ]
    path = f"/v1/approvals/{waiting['id']}/approve"
    assert market.refused(path, maker, status=403) == "same_operator"
    assert pay(market, cafe) == {"2026-03-09": "held"}
    market.post(path, checker)
    (closed,) = market.get("/v1/alerts", maker)["items"]
    assert (closed["status"], closed["note"]) == ("closed", "A family of four.")
    assert market.refused("/v1/approvals", maker, body) == "already_closed"
    assert market.job(WATCH) == 0  # the same of the same day is known


def test_many_residents_on_one_phone_are_looked_at(market: Market, cafe: Headers) -> None:
    seat, phone = till(market, CAFE), {"X-Device-Id": "one phone"}
    redeem(market, seat, people(market, 3), phone="one phone")
    redeem(market, seat, people(market, 5))
    assert market.job(WATCH) == 0
    # The fourth shows the account's code, and the café picks the voucher.
    fourth = market.person()
    market.take(fourth, CUP)
    code = market.post("/v1/me/code", fourth | phone)["code"]
    (ready,) = market.post("/v1/redemptions/ready", cafe, {"code": code})["items"]
    market.redeem(cafe, ready["code"])
    assert market.job(WATCH) == 1
    assert alerts(market) == [("device", CAFE, "2026-03-10", 4)]


def test_a_burst_in_the_night_is_one_burst_also_across_midnight(
    market: Market, cafe: Headers
) -> None:
    seat, crowd = till(market, CAFE), people(market, 40)
    redeem(market, seat, crowd[:20])  # noon is no night
    assert market.job(WATCH) == 0
    market.clock.instant = EVENING
    redeem(market, seat, crowd[20:30])
    market.clock.instant += timedelta(minutes=20)
    redeem(market, seat, crowd[30:39])
    assert market.job(WATCH) == 0
    redeem(market, seat, crowd[39:])
    assert market.job(WATCH) == 1
    assert alerts(market) == [("night_burst", CAFE, "2026-03-10", 20)]
    market.clock.instant += timedelta(minutes=10)
    assert market.job(WATCH) == 0
    assert pay(market, cafe) == {"2026-03-09": "held"}


def test_a_day_far_above_the_usual_is_looked_at(market: Market, cafe: Headers) -> None:
    seat = till(market, CAFE)
    redeem(market, seat, people(market, 32))
    assert market.job(WATCH) == 0
    market.days_pass()  # files of 1 and 32: 16 on a usual day
    crowd = people(market, 51)
    redeem(market, seat, crowd[:49])
    assert market.job(WATCH) == 0  # more than three times as many, but too few to tell
    redeem(market, seat, crowd[49:])
    assert market.job(WATCH) == 1
    assert alerts(market) == [("above_usual", CAFE, "2026-03-11", 51)]
    assert market.job(WATCH) == 0


def test_a_day_three_times_the_usual_is_not(market: Market, cafe: Headers) -> None:
    seat = till(market, CAFE)
    redeem(market, seat, people(market, 33))
    market.days_pass()  # 17 on a usual day
    redeem(market, seat, people(market, 51))
    assert market.job(WATCH) == 0
    redeem(market, seat, people(market, 1))
    assert market.job(WATCH) == 1


def test_a_code_used_twice_offline_is_found_when_it_comes_in(market: Market) -> None:
    shop, person = market.shop(), market.person()
    voucher = market.take(person)
    body = {"vouchers": [voucher["id"]]}
    (made,) = market.post("/v1/me/offline-codes", person, body, 201)["items"]
    read = {"code": made["code"], "read_at": market.clock.instant.isoformat()}
    told = market.post("/v1/redemptions/offline", shop, {"presentations": [read, read]})
    assert [each["code"] for each in told["results"]] == [None, "code_used"]
    assert alerts(market) == [("twice", "weihai_bus", "2026-03-10", 2)]
    market.post("/v1/redemptions/offline", shop, {"presentations": [read]})
    assert len(alerts(market)) == 1
    assert market.status(person, voucher) == "redeemed"
    market.days_pass()
    assert pay(market, shop) == {"2026-03-10": "held"}


@pytest.mark.parametrize("order", [slice(None), slice(None, None, -1)])
def test_an_alert_that_comes_while_another_is_closed_holds(
    market: Market, cafe: Headers, order: slice
) -> None:
    seat = till(market, CAFE)
    redeem(market, seat, people(market, 4), phone="one phone")
    market.job(WATCH)
    (alert,) = market.get("/v1/alerts", market.operator())["items"]
    payload = {"alert": alert["id"], "note": "A family."}
    body = {"kind": "alert_closing", "payload": payload, "reason": "Looked into."}
    waiting = market.post("/v1/approvals", market.operator(), body, 201)
    path, checker = f"/v1/approvals/{waiting['id']}/approve", market.operator("Checker")
    redeem(market, seat, people(market, 4), phone="another phone")

    def held(work: Work) -> None:
        clearing.hold(work, "merchant", CAFE)

    acts = [partial(post, market, path, checker), partial(market.job, WATCH)]
    assert tally(contest(market.house, held, *acts[order])) == {"ran": 1, "applied": 1}
    assert len(alerts(market, status="open")) == 1
    assert pay(market, cafe) == {"2026-03-09": "held"}


def test_two_who_watch_at_once_raise_an_alert_once(market: Market, cafe: Headers) -> None:
    for name in ("a", "b"):
        redeem(market, till(market, CAFE), people(market, 4), phone=name)
    market.shop()
    (rider,) = people(market, 1)
    redeem(market, till(market, "weihai_bus"), [rider] * 4, BUS)
    redeem(market, till(market, "weihai_bus"), [rider])
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(market.job, [WATCH] * 4)) == 3
    assert len(alerts(market)) == 3
    assert pay(market, cafe) == {"2026-03-09": "held"}
