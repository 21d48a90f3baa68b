"""The file of each merchant and day: what is in it, who reads it, and that it never changes."""

import csv
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Any

from app.kernel import from_wire, local_midnight
from app.plumbing import Work
from app.redemption import store
from app.scheduler import all_jobs
from tests.conftest import Headers
from tests.redemption.crowds import contest, post, strays, tally
from tests.redemption.market import BUS, CUP, Market

DAY = "/v1/settlements/2026-03-10"
LAST_WEEK = date(2026, 3, 3)


def the_csv(market: Market, shop: Headers, day: str = "2026-03-10") -> bytes:
    answer = market.client.get(f"/v1/settlements/{day}?format=csv", headers=shop)
    assert answer.status_code == 200
    return answer.get_data()


def lines(told: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["kind"], each["amount"]) for each in told["lines"]]


def days(market: Market, shop: Headers) -> list[str]:
    return [each["day"] for each in market.get("/v1/settlements", shop)["items"]]


def test_a_day_ends_at_midnight_of_the_city(market: Market) -> None:
    shop, person = market.shop(), market.person(90)
    midnight = local_midnight(date(2026, 3, 11), market.house.rules.pack.zone)
    market.clock.instant = midnight - timedelta(seconds=1)
    last = market.redeemed(shop, person)
    assert market.job("redemption.close_days") == 0
    market.clock.instant = midnight
    first = market.redeemed(shop, person)
    assert (last["day"], first["day"]) == ("2026-03-10", "2026-03-11")
    assert market.job("redemption.close_days") == 1
    told = market.get(DAY, shop)
    assert [each["redemption"] for each in told["lines"]] == [last["id"]]
    assert told["lines"][0]["at"] == "2026-03-10T23:59:59+08:00"
    market.days_pass()
    told = market.get("/v1/settlements/2026-03-11", shop)
    assert [each["redemption"] for each in told["lines"]] == [first["id"]]


def test_json_and_csv_say_the_same_and_are_named_by_their_hashes(market: Market) -> None:
    shop, person = market.shop(), market.person(60)
    done = market.redeemed(market.at_store("weihai_bus"), person)
    market.days_pass()
    told = market.get(DAY, shop)
    table = the_csv(market, shop)
    assert told["sha256"] == sha256(table).hexdigest()
    row = next(csv.DictReader(io.StringIO(table.decode())))
    assert {name: each or "" for name, each in told["lines"][0].items()} == row
    assert row["redemption"] == done["id"]
    assert (row["store"], row["points"], row["cash"]) == (done["store_id"], "20.00", "0.01")
    asked = market.client.get(DAY, headers=shop | {"Accept": "text/csv"})
    assert (asked.mimetype, asked.get_data()) == ("text/csv", table)
    assert asked.headers["X-Content-SHA256"] == told["sha256"]
    for path, answer in ((f"{DAY}?format=csv", asked), (DAY, market.client.get(DAY, headers=shop))):
        known = shop | {"If-None-Match": answer.headers["ETag"]}
        again = market.client.get(path, headers=known)
        assert (again.status_code, again.get_data()) == (304, b"")


def test_totals_are_split_by_funder_and_benefit(market: Market) -> None:
    market.clock.instant = datetime(2026, 3, 10, 13, tzinfo=UTC)  # nine in the evening
    shop, person = market.shop(), market.person(100)
    for benefit in (BUS, BUS, CUP, "night_bus_ride"):
        market.redeemed(shop, person, benefit)
    market.days_pass()
    totals = market.get(DAY, shop)["totals"]
    fund, bank = {"count": 2, "amount": "3.98"}, {"count": 2, "amount": "3.00"}
    assert (totals["count"], totals["amount"]) == (4, "6.98")
    assert totals["by_funder"] == {"bank_marketing": bank, "green_fund": fund}
    assert totals["by_benefit"] == {
        "night_bus_ride": {"count": 1, "amount": "1.00"},
        BUS: fund,
        CUP: {"count": 1, "amount": "2.00"},
    }
    (summary,) = market.get("/v1/settlements", shop)["items"]
    assert summary["totals"] == totals
    assert {each["funder"]: each["amount"] for each in summary["payouts"]} == {
        "bank_marketing": "3.00",
        "green_fund": "3.98",
    }


def test_a_file_never_changes_and_what_comes_later_is_in_a_later_one(market: Market) -> None:
    shop, person = market.shop("coast_charging"), market.person(300)
    one = market.redeemed(shop, person, "charging_discount")
    market.days_pass()
    before = (market.get(DAY, shop), the_csv(market, shop))
    assert lines(before[0]) == [("redemption", "5.00")]
    two = market.redeemed(shop, person, "charging_discount")
    market.post(f"/v1/redemptions/{two['id']}/void", shop)
    market.post(f"/v1/redemptions/{one['id']}/refund", shop, {"points": "25.00"})
    market.days_pass()
    assert (market.get(DAY, shop), the_csv(market, shop)) == before
    told = market.get("/v1/settlements/2026-03-11", shop)
    assert sorted(lines(told)) == [("redemption", "5.00"), ("refund", "-1.25"), ("void", "-5.00")]
    assert {each["redemption"] for each in told["lines"] if each["kind"] == "refund"} == {one["id"]}
    assert told["totals"]["by_kind"]["refund"] == {"count": 1, "amount": "-1.25"}
    assert told["totals"]["amount"] == "-1.25"


def test_vouchers_are_settled_with_their_file_and_nothing_else_is(market: Market) -> None:
    shop, person = market.shop("coast_charging"), market.person(300)
    bus = market.shop()
    ride, gone = (market.redeemed(bus, person) for _ in range(2))
    charge = market.redeemed(shop, person, "charging_discount")
    unused = market.take(person)
    market.post(f"/v1/redemptions/{gone['id']}/void", bus)
    market.post(f"/v1/redemptions/{charge['id']}/refund", shop)
    market.days_pass()
    every = [each["of"] for each in (ride, gone, charge)] + [unused]
    stand = [market.status(person, each) for each in every]
    assert stand == ["settled", "voided", "refunded", "issued"]
    told = market.get(f"/v1/me/vouchers/{ride['of']['id']}", person)["history"]
    assert (told[-1]["from"], told[-1]["to"]) == ("redeemed", "settled")
    market.days_pass()
    again = market.get(f"/v1/me/vouchers/{ride['of']['id']}", person)["history"]
    assert again == told


def test_days_without_redemptions_have_files_and_missed_days_are_made_up_for(
    market: Market,
) -> None:
    shop, person = market.shop(), market.person(60)
    market.redeemed(shop, person)
    market.clock.instant += timedelta(days=2)
    market.redeemed(shop, person)
    market.days_pass(2)
    assert days(market, shop) == [f"2026-03-{n}" for n in (13, 12, 11, 10)]
    empty = market.get("/v1/settlements/2026-03-11", shop)
    assert (empty["lines"], empty["totals"]["amount"]) == ([], "0.00")
    assert the_csv(market, shop, "2026-03-11").count(b"\n") == 1
    assert len(market.get("/v1/settlements/2026-03-12", shop)["lines"]) == 1
    made = [each["made_at"] for each in market.get("/v1/settlements", shop)["items"]]
    assert made == sorted(made, reverse=True)


def test_a_merchant_that_came_today_has_no_file_of_yesterday(market: Market) -> None:
    old = market.shop("weihai_parks", since=LAST_WEEK)
    new = market.shop()
    assert market.job("redemption.close_days") == 7
    assert days(market, new) == []
    assert days(market, old)[-1] == "2026-03-03"
    assert market.job("redemption.close_days") == 0


def test_what_is_owed_outlives_a_suspension(market: Market) -> None:
    shop, person = market.shop(), market.person(60)
    market.redeemed(shop, person)
    market.approve("merchant_suspension", merchant="weihai_bus")
    market.days_pass()
    assert lines(market.get(DAY, shop)) == [("redemption", "1.99")]
    assert days(market, shop) == ["2026-03-10"]


def test_a_statement_is_the_sum_of_the_files_of_its_month(market: Market) -> None:
    shop, person = market.shop(since=date(2026, 3, 9)), market.person(100)
    for _ in range(3):
        market.redeemed(shop, person)
        market.days_pass()
    told = market.get("/v1/statements/2026-03", shop)
    assert [each["day"] for each in told["days"]] == [f"2026-03-{n:02}" for n in range(9, 13)]
    assert told["totals"]["amount"] == "5.97"
    assert told["totals"]["by_funder"] == {"green_fund": {"count": 3, "amount": "5.97"}}
    assert told["missing"] == [], "before it came, no file of it is missing"
    assert market.get("/v1/statements/2026-02", shop)["days"] == []
    for month in ("2026-13", "march", "202603", "9999-12"):
        assert market.get(f"/v1/statements/{month}", shop, 404)["code"] == "not_closed"


def test_the_books_are_open_to_the_merchants_own_office_only(market: Market) -> None:
    shop, person = market.shop(), market.person(60)
    terminal, other = market.at_store("weihai_bus"), market.shop("weihai_parks")
    market.redeemed(shop, person)
    market.days_pass()
    for path in ("/v1/settlements", DAY, "/v1/statements/2026-03"):
        assert market.get(path, terminal, 403)["code"] == "office_only"
    told = market.get(DAY, other)
    assert (told["party"], told["lines"]) == ("weihai_parks", [])
    assert market.get(DAY, person, 403)["code"] == "wrong_scope"
    for day in ("2026-03-11", "1999-01-01", "9999-12-31", "nonsense"):
        assert market.get(f"/v1/settlements/{day}", shop, 404)["code"] == "not_closed"


def test_records_of_three_years_ago_are_still_there(market: Market) -> None:
    shop, person = market.shop(), market.person(60)
    market.redeemed(shop, person)
    market.days_pass()
    before = (market.get(DAY, shop), the_csv(market, shop))
    market.clock.instant += timedelta(days=3 * 366)
    for name in all_jobs():
        if name != "redemption.close_days":
            market.job(name)
    assert (market.get(DAY, shop), the_csv(market, shop)) == before
    assert market.get("/v1/redemptions?to=2026-03-10", shop)["items"][0]["owed"] == "1.99"


def test_a_refund_and_the_settlement_of_its_voucher_take_turns(market: Market) -> None:
    shop, person = market.shop("coast_charging"), market.person(300)
    for acts in (slice(None), slice(None, None, -1)):
        done = market.redeemed(shop, person, "charging_discount")
        mine = (from_wire("res", market.get("/v1/me", person)["id"]), done["of"]["id"])
        market.clock.instant += timedelta(days=1)

        def held(work: Work, mine: tuple[bytes, str] = mine) -> None:
            store.find(work, mine[0], from_wire("vch", mine[1]) or b"", lock=True)

        def give_back(refund: str = f"/v1/redemptions/{done['id']}/refund") -> Any:
            return post(market, refund, shop)

        both = [partial(market.job, "redemption.close_days"), give_back][acts]
        answers = contest(market.house, held, *both)
        assert tally(answers) == {"ran": 1, "refunded": 1}
        assert market.status(person, done["of"]) == "refunded"
        market.job("redemption.close_days")
    assert strays(market.house) == []


def test_two_who_close_the_days_at_once_make_each_file_once(market: Market) -> None:
    shop, person = market.shop(since=LAST_WEEK), market.person(60)
    market.redeemed(shop, person)
    market.clock.instant += timedelta(days=1)
    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(market.job, ["redemption.close_days"] * 2))
    assert sum(made) == 8
    assert len(days(market, shop)) == 8
    assert lines(market.get(DAY, shop)) == [("redemption", "1.99")]
