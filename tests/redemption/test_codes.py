"""One-time codes: a minute, the newest only, once, whatever the outcome; and nothing in them."""

import re

import pytest
import sqlalchemy as sa

from app.plumbing.db import metadata
from tests.conftest import Headers
from tests.merchants.test_qr import read
from tests.redemption.market import BUS, COMMAND, CUP, Market

# Crockford's letters; 26 of them are 130 bits.
CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")


def test_a_code_is_good_for_59_seconds_and_not_for_60(market: Market) -> None:
    shop, person = market.shop(), market.person()
    for seconds, status in ((59, 201), (60, 409), (61, 409)):
        voucher = market.take(person)
        code = market.show(person, voucher)
        held = market.points(person)
        market.wait(seconds=seconds)
        answer = market.send("/v1/redemptions", shop, {"code": code})
        assert answer.status_code == status
        if status == 409:
            # The code has lapsed, the hold has not: a fresh code is good.
            assert answer.get_json()["code"] == "code_expired"
            assert (market.points(person), market.status(person, voucher)) == (held, "shown")
            market.redeem(shop, market.show(person, voucher))


def test_the_answer_says_when_a_code_ends(market: Market) -> None:
    person = market.person()
    path = f"/v1/me/vouchers/{market.take(person)['id']}/code"
    assert market.post(path, person)["expires_at"] == "2026-03-10T12:01:00+08:00"


def test_only_the_newest_code_counts(market: Market) -> None:
    shop, person = market.shop(), market.person()
    voucher = market.take(person)
    older, newer = market.show(person, voucher), market.show(person, voucher)
    assert market.refused("/v1/redemptions", shop, {"code": older}) == "code_expired"
    assert market.refused("/v1/redemptions", shop, {"code": older}) == "code_used"
    market.redeem(shop, newer)
    assert market.refused("/v1/redemptions", shop, {"code": newer}) == "code_used"


def test_a_code_of_a_voucher_that_ended_is_no_longer_good(market: Market) -> None:
    shop, operator = market.shop(), market.operator()
    for ending in ("cancel", "freeze", "expire"):
        person = market.person()
        voucher = market.take(person)
        code = market.show(person, voucher)
        if ending == "cancel":
            market.post(f"/v1/me/vouchers/{voucher['id']}/cancel", person)
        elif ending == "freeze":
            market.post(f"{market.of(person, voucher)}/freeze", operator, {"note": "Asked."})
        else:
            market.wait(days=7)
            market.job("redemption.expire_vouchers")
        assert market.refused("/v1/redemptions", shop, {"code": code}) == "code_expired"


def wrong_merchant(market: Market) -> tuple[str, str, Headers, Headers]:
    return BUS, "not_your_benefit", market.shop("harbour_cafe"), market.shop()


def wrong_store(market: Market) -> tuple[str, str, Headers, Headers]:
    market.clock.instant = market.clock.instant.replace(day=14, hour=2)  # a Saturday, 10:00
    elsewhere = market.shop("weihai_museum")
    return "museum_guided_tour", "wrong_store", elsewhere, elsewhere


def outside_hours(market: Market) -> tuple[str, str, Headers, Headers]:
    shop = market.shop("shell_cinema")
    market.clock.instant = market.clock.instant.replace(day=11, hour=1, minute=59)  # 9:59
    return "cinema_discount", "outside_hours", shop, shop


def on_hold(market: Market) -> tuple[str, str, Headers, Headers]:
    shop = market.shop()
    return BUS, "not_redeemable", shop, shop


@pytest.mark.parametrize("story", [wrong_merchant, wrong_store, outside_hours, on_hold])
def test_a_refused_presentation_burns_the_code_and_stands_in_the_history(
    market: Market, story: object
) -> None:
    assert callable(story)
    benefit, refusal, first, second = story(market)
    person = market.person(200)
    voucher = market.take(person, benefit)
    code = market.show(person, voucher)
    market.hold_spending(person, story is on_hold)
    market.wait(seconds=1)
    assert market.refused("/v1/redemptions", first, {"code": code}) == refusal
    market.hold_spending(person, held=False)
    market.wait(seconds=1)
    assert market.refused("/v1/redemptions", second, {"code": code}) == "code_used"
    assert market.history(person, voucher)[-2:] == [
        ("shown", "redeemed", refusal),
        ("shown", "redeemed", "code_used"),
    ]
    assert market.points(person)[1] == voucher["points"]


def test_opening_hours_are_those_of_the_city_by_weekday_and_minute(market: Market) -> None:
    shop = market.shop("shell_cinema")  # Monday to Friday, 10:00 to 24:00
    found = []
    for day, hour, minute in ((11, 10, 0), (11, 23, 59), (12, 0, 0), (14, 12, 0), (16, 10, 0)):
        person = market.person(200)
        voucher = market.take(person, "cinema_discount")
        local = market.clock.instant.replace(day=day, hour=(hour - 8) % 24, minute=minute)
        market.clock.instant = local.replace(day=day if hour >= 8 else day - 1)
        code = market.show(person, voucher)
        found.append(market.send("/v1/redemptions", shop, {"code": code}).status_code)
    assert found == [201, 201, 409, 409, 201]


@pytest.mark.parametrize("unread", ["", "0", "x" * 1001, "weitan:store:sto_1"])
def test_what_was_never_shown_is_unknown(market: Market, unread: str) -> None:
    answer = market.send("/v1/redemptions", market.shop(), {"code": unread})
    if 0 < len(unread) <= 1000:
        assert (answer.status_code, answer.get_json()["code"]) == (409, "unknown_code")
    else:
        assert (answer.status_code, answer.get_json()["errors"][0]["pointer"]) == (422, "/code")


def test_a_code_may_be_typed_as_people_type(market: Market) -> None:
    shop, person = market.shop(), market.person(200)
    for typed in (
        lambda code: code.lower(),
        lambda code: " ".join(code[n : n + 4] for n in range(0, 26, 4)),
        lambda code: "-".join(code[n : n + 5] for n in range(0, 26, 5)) + "\n",
        lambda code: code.replace("0", "O").replace("1", "l"),
    ):
        market.redeem(shop, typed(market.show(person, market.take(person))))


def test_a_code_is_130_random_bits_as_text_and_as_a_picture(market: Market) -> None:
    person = market.person(200)
    path = f"/v1/me/vouchers/{market.take(person)['id']}/code"
    shown = [market.post(path, person) for _ in range(8)]
    shown += [market.post("/v1/me/code", person) for _ in range(8)]
    assert all(CODE.fullmatch(each["code"]) for each in shown)
    assert all(read(each["svg"]) == each["code"] for each in shown)
    # Two random codes share few places; a number that is counted up would share nearly all.
    codes = [each["code"] for each in shown]
    assert len({code[place] for code in codes for place in (0, 25)}) > 4
    assert len(set(codes)) == len(codes)


def test_no_code_and_no_licence_is_kept_in_clear(market: Market) -> None:
    shop, person = market.shop(), market.person(400)
    pool = [f"LICENCE-{n}-{'x' * 9}" for n in range(3)]
    path = "/v1/benefits/shared_bike_pass/licences"
    market.post(path, market.operator(), {"codes": pool})
    books = [market.take(person, "shared_bike_pass") for _ in range(2)]
    market.post(f"/v1/me/vouchers/{books[0]['id']}/licence/replace", person)
    rides = [market.take(person) for _ in range(3)]
    offline = market.post("/v1/me/offline-codes", person, {"vouchers": [rides[0]["id"]]}, 201)
    own = market.post("/v1/me/code", person)["code"]
    ready = market.post("/v1/redemptions/ready", shop, {"code": own})["items"]
    secrets = [
        *pool,
        own,
        offline["items"][0]["code"],
        market.show(person, rides[1]),
        *(each["code"] for each in ready),
    ]
    market.redeem(shop, secrets[-1])
    kept = everything(market)
    assert b"one_cent_bus_ride" in kept  # it is read as it is
    assert [each for each in secrets if each.encode() in kept] == []
    assert [each for each in secrets if each.lower().encode() in kept] == []


def everything(market: Market) -> bytes:
    """All that all tables hold."""
    parts: list[bytes] = []
    with market.house.look(COMMAND) as work:
        for table in metadata.sorted_tables:
            for row in work.db.execute(sa.select(table)):
                parts += [v if isinstance(v, bytes) else str(v).encode() for v in row]
    return b"\n".join(parts)


def test_nothing_personal_is_in_a_code_or_its_picture(market: Market) -> None:
    person = market.person()
    voucher = market.take(person, CUP)
    shown = market.post(f"/v1/me/vouchers/{voucher['id']}/code", person)
    who = market.get("/v1/me", person)["id"].removeprefix("res_").upper()
    whole = str(shown)
    for told in (who, who[-8:], voucher["id"].removeprefix("vch_").upper()[-8:], "138000"):
        assert told not in whole
