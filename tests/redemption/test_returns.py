"""Void on the day, refund later, and where the points go when they come back."""

from typing import Any

from app import ledger
from tests.conftest import Headers
from tests.redemption.market import BUS, COMMAND, CUP, Market

CHARGE, CHARGER = "charging_discount", "coast_charging"  # 100 points, 7 days, in part
SHOP, SPRING = "second_hand_shop", "second_spring"  # 90 points, 14 days, in part
YEAR = 365


def path(done: dict[str, Any], verb: str) -> str:
    return f"/v1/redemptions/{done['id']}/{verb}"


def lots(market: Market, person: Headers) -> list[tuple[str, str]]:
    found = market.get("/v1/me/points", person)["lots"]
    return [(each["expires_on"], each["points"]) for each in found]


def old_points(market: Market, person: Headers, hundredths: int, days: int) -> None:
    """Points earned so many days ago."""
    who = market.id_of(person)
    with market.house.work(COMMAND) as work:
        due = work.today.fromordinal(work.today.toordinal() - days)
        change = ledger.Change(who, next(market.keys).to_bytes(16), due, hundredths)
        ledger.adjust(work, ledger.lock(work, [who]), [change])


def test_the_day_is_cut_at_midnight_in_the_city(market: Market) -> None:
    """15:59:59 UTC is the last second of the day, 16:00 UTC the first of the next."""
    shop, person = market.shop(), market.person()
    market.clock.instant = market.clock.instant.replace(hour=15, minute=59, second=0)
    early, late = (market.redeemed(shop, person) for _ in range(2))
    market.clock.instant = market.clock.instant.replace(second=59)
    assert market.post(path(early, "void"), shop)["status"] == "voided"
    market.wait(seconds=1)
    # Before the file is made, too: the day is over whether or not a job has run.
    assert market.refused(path(late, "void"), shop) == "too_late_to_void"
    assert market.history(person, late["of"])[-1] == ("redeemed", "voided", "too_late_to_void")


def test_what_was_given_back_once_is_not_given_back_again(market: Market) -> None:
    shop = market.shop(CHARGER)
    for first in ("void", "refund"):
        person = market.person(100)
        done = market.redeemed(shop, person, CHARGE)
        state = "voided" if first == "void" else "refunded"
        assert market.post(path(done, first), shop)["status"] == state
        for again in ("void", "refund"):
            assert market.refused(path(done, again), shop) == f"already_{state}"
        assert market.points(person) == ("100.00", "0.00")


def test_a_refund_goes_by_the_rule_of_the_benefit(market: Market) -> None:
    bus, charger, cinema = market.shop(), market.shop(CHARGER), market.shop("shell_cinema")
    person = market.person(500)
    ride = market.redeemed(bus, person)
    charge = market.redeemed(charger, person, CHARGE)
    film = market.redeemed(cinema, person, "cinema_discount")
    assert market.refused(path(ride, "refund"), bus) == "not_refundable"
    assert market.refused(path(film, "refund"), cinema, {"points": "10.00"}) == "no_part"
    for points in ("0", "0.00", "100.01", "999999.99"):
        answer = market.send(path(charge, "refund"), charger, {"points": points})
        told = answer.get_json()
        assert (answer.status_code, told["code"]) == (422, "bad_points")
        assert told["errors"][0]["pointer"] == "/points"
    for points in ("-1", "1.001", "1000000", "098", "x", "", "1\n"):
        answer = market.send(path(charge, "refund"), charger, {"points": points})
        assert (answer.status_code, answer.get_json()["code"]) == (422, "invalid")
    market.wait(days=4)
    assert market.refused(path(film, "refund"), cinema) == "too_late_to_refund"
    market.wait(days=3)
    assert market.post(path(charge, "refund"), charger)["status"] == "refunded"


def test_a_refund_in_part_returns_its_part_of_the_cost_rounded_down(market: Market) -> None:
    shop, person = market.shop(CHARGER), market.person(100)
    done = market.redeemed(shop, person, CHARGE)
    told = market.post(path(done, "refund"), shop, {"points": "33.33"})
    assert (told["status"], told["points_returned"]) == ("refunded", "33.33")
    assert told["owed"] == "3.34"  # 5.00 less 1.66 (1.6665)
    assert market.points(person) == ("33.33", "0.00")
    assert market.refused(path(done, "refund"), shop) == "already_refunded"


def test_points_go_back_to_the_lots_they_came_from(market: Market) -> None:
    shop = market.shop(CHARGER)
    for way in ("cancel", "expire", "void", "refund"):
        person = market.person(70)
        old_points(market, person, 6000, 3 * YEAR // 2)
        before = lots(market, person)
        assert len(before) == 2
        voucher = market.take(person, CHARGE)
        assert lots(market, person) == [(before[1][0], "30.00")]
        if way == "cancel":
            market.post(f"/v1/me/vouchers/{voucher['id']}/cancel", person)
        elif way == "expire":
            market.wait(days=30)
            market.job("redemption.expire_vouchers")
        else:
            market.post(path(market.redeem(shop, market.show(person, voucher)), way), shop)
        assert lots(market, person) == before


def test_a_refund_in_part_goes_back_in_the_reverse_order_of_taking(market: Market) -> None:
    shop, person = market.shop(CHARGER), market.person(70)
    old_points(market, person, 6000, 3 * YEAR // 2)
    (older, _), (newer, _) = lots(market, person)
    done = market.redeemed(shop, person, CHARGE)  # 60 of the older, 40 of the newer
    market.post(path(done, "refund"), shop, {"points": "50.00"})
    assert lots(market, person) == [(older, "10.00"), (newer, "70.00")]


def test_points_whose_lot_has_expired_meanwhile_get_a_few_days_once(market: Market) -> None:
    person = market.person(0)
    market.clock.instant = market.clock.instant.replace(day=25)
    old_points(market, person, 2000, 2 * YEAR)
    assert lots(market, person) == [("2026-03-31", "20.00")]
    first = market.take(person)
    market.wait(days=7)  # 1 April; the voucher's last day was 31 March
    market.job("redemption.expire_vouchers")
    assert market.status(person, first) == "expired"
    assert lots(market, person) == [("2026-04-08", "20.00")]
    second = market.take(person)
    market.wait(days=8)
    market.job("redemption.expire_vouchers")
    assert market.status(person, second) == "expired"
    assert (lots(market, person), market.points(person)) == ([], ("0.00", "0.00"))


def test_what_comes_back_pays_debt_first(market: Market) -> None:
    person = market.person(20)
    voucher = market.take(person)
    market.earn(person, -500)
    assert market.get("/v1/me/points", person)["debt"] == "5.00"
    market.post(f"/v1/me/vouchers/{voucher['id']}/cancel", person)
    told = market.get("/v1/me/points", person)
    assert (told["debt"], told["available"]) == ("0.00", "15.00")


def test_what_was_undone_may_be_had_again(market: Market) -> None:
    shop, person = market.shop("harbour_cafe"), market.person()
    done = market.redeemed(shop, person, CUP)  # one a day
    assert market.refused("/v1/me/vouchers", person, {"benefit_id": CUP}) == "limit_reached"
    market.post(path(done, "void"), shop)
    market.take(person, CUP)


def test_another_merchants_redemption_is_unknown_and_another_stores_is_not_ours(
    market: Market,
) -> None:
    market.shop(stores=2)
    first, second = market.at_store("weihai_bus"), market.at_store("weihai_bus", "store_2")
    stranger, person = market.shop("harbour_cafe"), market.person()
    done = market.redeemed(first, person)
    for verb in ("void", "refund"):
        assert market.refused(path(done, verb), stranger, status=404) == "unknown_redemption"
        assert market.refused(path(done, verb), second, status=403) == "not_your_store"
        nowhere = f"/v1/redemptions/nothing/{verb}"
        assert market.refused(nowhere, first, status=404) == "unknown_redemption"
    for who in (stranger, second):
        assert market.get(f"/v1/redemptions/{done['id']}", who, 404)["code"] == "unknown_redemption"
        assert market.get("/v1/redemptions", who)["items"] == []
        assert market.get("/v1/redemptions/totals", who)["owed"] == "0.00"
    assert market.get("/v1/redemptions/totals", market.shop())["items"][0]["benefit"] == BUS


def test_totals_are_net_of_what_was_given_back(market: Market) -> None:
    shop = market.shop(SPRING)
    done = [market.redeemed(shop, market.person(), SHOP) for _ in range(3)]
    market.post(path(done[0], "void"), shop)
    market.post(path(done[1], "refund"), shop, {"points": "45.00"})
    [told] = market.get("/v1/redemptions/totals?from=2026-03-10&to=2026-03-10", shop)["items"]
    assert (told["redeemed"], told["voided"], told["refunded"]) == (1, 1, 1)
    assert told["owed"] == "6.00"  # 4.00 and half of 4.00
    assert market.get("/v1/redemptions/totals?to=2026-03-09", shop)["items"] == []
