"""Codes for readers without a connection: few, of low value, signed, and counted when they come."""

from datetime import timedelta
from typing import Any

import jwt

from tests.conftest import Headers
from tests.redemption.market import BUS, CUP, Market

PATH = "/v1/me/offline-codes"


def make(market: Market, person: Headers, *vouchers: dict[str, Any]) -> list[str]:
    body = {"vouchers": [each["id"] for each in vouchers]}
    return [each["code"] for each in market.post(PATH, person, body, 201)["items"]]


def bring(market: Market, shop: Headers, *codes: str, ago: int = 0) -> list[dict[str, Any]]:
    """Bring codes in that were read `ago` seconds ago."""
    read_at = (market.clock.instant - timedelta(seconds=ago)).isoformat()
    body = {"presentations": [{"code": each, "read_at": read_at} for each in codes]}
    return list(market.post("/v1/redemptions/offline", shop, body)["results"])


def told(results: list[dict[str, Any]]) -> list[str]:
    return [each["code"] or each["status"] for each in results]


def alerts(market: Market) -> list[str]:
    return [each["kind"] for each in market.get("/v1/alerts", market.operator())["items"]]


def test_a_reader_checks_an_offline_code_with_our_public_keys_alone(market: Market) -> None:
    person = market.person()
    voucher = market.take(person)
    [code] = make(market, person, voucher)
    known = jwt.PyJWKSet.from_dict(market.get("/.well-known/jwks.json"))
    head = jwt.get_unverified_header(code)
    assert head["typ"] == "voucher+jwt"
    claims = jwt.decode(
        code, known[head["kid"]].key, algorithms=["EdDSA"], options={"verify_exp": False,
        "verify_iat": False, "require": ["exp", "iat", "jti", "iss"]}, issuer="weitan",
    )  # fmt: skip
    assert (claims["benefit"], claims["merchant"]) == (BUS, "weihai_bus")
    assert claims["exp"] - claims["iat"] == 24 * 3600
    # Nothing in it tells whose it is, and it opens no door.
    assert set(claims) == {"iss", "jti", "benefit", "merchant", "iat", "exp"}
    assert len(claims["jti"]) >= 22
    answer = market.client.get("/v1/me", headers={"Authorization": f"Bearer {code}"})
    assert answer.status_code == 401


def test_what_was_read_offline_is_redeemed_when_it_comes_in(market: Market) -> None:
    shop, person = market.shop(), market.person()
    voucher = market.take(person)
    [code] = make(market, person, voucher)
    market.wait(hours=30)
    [done] = bring(market, shop, code, ago=7 * 3600)
    assert (done["status"], done["redemption"]["cash_due"]) == ("redeemed", "0.01")
    assert market.status(person, voucher) == "redeemed"
    assert alerts(market) == []


def test_a_code_read_too_late_or_too_early_is_refused(market: Market) -> None:
    shop, person = market.shop(), market.person()
    late, never = market.take(person), market.take(person)
    codes = make(market, person, late, never)
    market.wait(hours=25)
    assert told(bring(market, shop, codes[0])) == ["code_expired"]
    assert told(bring(market, shop, codes[1], ago=26 * 3600)) == ["code_expired"]
    assert told(bring(market, shop, "x.y.z", market.show(person, late))) == ["unknown_code"] * 2
    assert alerts(market) == []


def test_a_code_that_comes_in_twice_is_found_and_raises_an_alert(market: Market) -> None:
    shop, person = market.shop(), market.person()
    voucher = market.take(person)
    [code] = make(market, person, voucher)
    assert told(bring(market, shop, code, code)) == ["redeemed", "code_used"]
    assert told(bring(market, shop, code)) == ["code_used"]
    assert alerts(market) == ["twice"]
    assert market.points(person) == ("80.00", "0.00")


def test_a_voucher_used_online_and_offline_is_found_too(market: Market) -> None:
    shop, person = market.shop(), market.person()
    voucher = market.take(person)
    [code] = make(market, person, voucher)
    market.redeem(shop, market.show(person, voucher))
    assert told(bring(market, shop, code)) == ["code_used"]
    assert alerts(market) == ["twice"]


def test_a_newer_code_or_a_giving_back_does_not_cheat_the_merchant_who_read_one(
    market: Market,
) -> None:
    """Ride with an offline code, ask for a fresh one, give the voucher back: the reader could not
    know of it, so the merchant is paid, and the points stay until its upload can come no more."""
    shop, person = market.shop(), market.person()
    voucher = market.take(person)
    [code] = make(market, person, voucher)
    market.show(person, voucher)
    cancel = f"/v1/me/vouchers/{voucher['id']}/cancel"
    assert market.refused(cancel, person) == "offline_code_alive"
    market.wait(hours=24, minutes=1)
    assert market.refused(cancel, person) == "offline_code_alive"
    assert told(bring(market, shop, code, ago=3600)) == ["redeemed"]


def test_a_code_that_nobody_brings_in_frees_its_voucher_after_the_upload_time(
    market: Market,
) -> None:
    person = market.person()
    voucher = market.take(person)
    make(market, person, voucher)
    market.wait(hours=24 + 72)
    assert market.post(f"/v1/me/vouchers/{voucher['id']}/cancel", person)["status"] == "cancelled"
    assert market.points(person) == ("100.00", "0.00")


def test_what_was_read_in_time_comes_in_after_the_vouchers_last_day(market: Market) -> None:
    shop, person = market.shop(), market.person()
    kept, lost = market.take(person), market.take(person)
    market.wait(days=6, hours=11)  # an hour before the end of its last day
    codes = make(market, person, kept, lost)
    market.wait(hours=20)
    market.job("redemption.expire_vouchers")
    assert market.points(person)[1] == "40.00"
    assert told(bring(market, shop, codes[0], ago=19 * 3600 + 1800)) == ["redeemed"]
    market.wait(hours=4 + 72)
    market.job("redemption.expire_vouchers")
    assert market.status(person, lost) == "expired"
    assert market.points(person) == ("80.00", "0.00")


def test_at_most_ten_are_on_a_phone_and_of_low_value_only(market: Market) -> None:
    person = market.person(1000)
    rides = []
    for _ in range(3):
        rides += [market.take(person) for _ in range(4)]
        market.wait(days=1)
    make(market, person, *rides[2:12])
    make(market, person, *rides[2:4])  # the same ones again: a phone lost them
    body = {"vouchers": [rides[1]["id"]]}
    assert market.refused(PATH, person, body) == "too_many_offline_codes"
    cup = market.take(person, CUP)
    market.wait(days=1)
    assert market.refused(PATH, person, {"vouchers": [cup["id"]]}) == "not_for_offline"
    other = market.person()
    assert market.refused(PATH, other, {"vouchers": [cup["id"]]}, 404) == "unknown_voucher"
    mine = market.take(other)
    market.post(f"/v1/me/vouchers/{mine['id']}/cancel", other)
    assert market.refused(PATH, other, {"vouchers": [mine["id"]]}) == "wrong_state"
    market.hold_spending(other)
    assert market.refused(PATH, other, {"vouchers": [mine["id"]]}) == "spending_frozen"
