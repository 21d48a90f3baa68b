"""What may be sent twice: the same key and body answer as before and do nothing more."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from tests.conftest import Headers
from tests.redemption.market import BUS, COMMAND, Market

Asked = tuple[str, Headers, Any]
CHARGE, CHARGER, PASS = "charging_discount", "coast_charging", "shared_bike_pass"


def take(market: Market) -> Asked:
    return "/v1/me/vouchers", market.person(), {"benefit_id": BUS}


def cancel(market: Market) -> Asked:
    person = market.person()
    return f"/v1/me/vouchers/{market.take(person)['id']}/cancel", person, {}


def confirm(market: Market) -> Asked:
    store = market.get("/v1/merchant", market.shop())["stores"][0]["id"]
    person = market.person()
    path = f"/v1/me/vouchers/{market.take(person)['id']}/confirm"
    return path, person, {"store_id": store}


def replace(market: Market) -> Asked:
    licences = {"codes": ["one", "two", "three"]}
    market.post(f"/v1/benefits/{PASS}/licences", market.operator(), licences)
    person = market.person()
    return f"/v1/me/vouchers/{market.take(person, PASS)['id']}/licence/replace", person, {}


def redeem(market: Market) -> Asked:
    person = market.person()
    return "/v1/redemptions", market.shop(), {"code": market.show(person, market.take(person))}


def bring_in(market: Market) -> Asked:
    person = market.person()
    body = {"vouchers": [market.take(person)["id"]]}
    code = market.post("/v1/me/offline-codes", person, body, 201)["items"][0]["code"]
    read = {"code": code, "read_at": market.clock.instant.isoformat()}
    return "/v1/redemptions/offline", market.shop(), {"presentations": [read]}


def void(market: Market) -> Asked:
    shop = market.shop()
    done = market.redeemed(shop, market.person())
    return f"/v1/redemptions/{done['id']}/void", shop, {"reason": "A mistake."}


def refund(market: Market) -> Asked:
    shop = market.shop(CHARGER)
    done = market.redeemed(shop, market.person(), CHARGE)
    return f"/v1/redemptions/{done['id']}/refund", shop, {"points": "10.00"}


def fill(market: Market) -> Asked:
    return f"/v1/benefits/{PASS}/licences", market.operator(), {"codes": ["one"]}


def freeze(market: Market) -> Asked:
    person = market.person()
    path = f"{market.of(person, market.take(person))}/freeze"
    return path, market.operator(), {"note": "Asked."}


def thaw(market: Market) -> Asked:
    path, operator, note = freeze(market)
    market.post(path, operator, note)
    return path.replace("freeze", "thaw"), operator, note


POSTS = [take, cancel, confirm, replace, redeem, bring_in, void, refund, fill, freeze, thaw]


def kept(market: Market) -> int:
    """How many transfers, vouchers, redemptions and steps there are."""
    with market.house.look(COMMAND) as work:
        tables = ("transfer", "voucher", "voucher_event", "redemption", "licence", "presentation")
        counts = [work.db.scalar(sa.text(f"SELECT count(*) FROM {name}")) for name in tables]
    return sum(counts)


@pytest.mark.parametrize("begin", POSTS)
def test_the_same_key_and_body_are_answered_as_before(
    market: Market, begin: Callable[[Market], Asked]
) -> None:
    path, who, body = begin(market)
    first = market.send(path, who, body, "the key")
    assert first.status_code in (200, 201)
    assert "Idempotency-Replayed" not in first.headers
    before = kept(market)
    market.wait(minutes=10)
    again = market.send(path, who, body, '"the key"')
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (again.status_code, again.data) == (first.status_code, first.data)
    other = market.send(path, who, {"another": "body"}, "the key")
    assert (other.status_code, other.get_json()["code"]) == (422, "idempotency_key_reused")
    assert kept(market) == before


def test_a_refusal_is_replayed_too_and_a_new_key_is_decided_anew(market: Market) -> None:
    """A burnt code: the first answer for the first key, `code_used` for any other."""
    bus, cafe = market.shop(), market.shop("harbour_cafe")
    person = market.person()
    body = {"code": market.show(person, market.take(person))}
    first = market.send("/v1/redemptions", cafe, body, "k")
    assert (first.status_code, first.get_json()["code"]) == (409, "not_your_benefit")
    again = market.send("/v1/redemptions", cafe, body, "k")
    assert (again.headers["Idempotency-Replayed"], again.data) == ("true", first.data)
    assert market.refused("/v1/redemptions", cafe, body) == "code_used"
    assert market.refused("/v1/redemptions", bus, body) == "code_used"


def test_an_answer_that_is_an_error_moved_nothing(market: Market) -> None:
    """peers.md 31: a repeated refund answered 409, yet money moved."""
    shop = market.shop(CHARGER)
    person = market.person(100)
    done = market.redeemed(shop, person, CHARGE)
    path = f"/v1/redemptions/{done['id']}/refund"
    market.post(path, shop, {"points": "40.00"})
    before = market.points(person), market.get("/v1/me/points/entries", person)
    for body in (None, {"points": "40.00"}, {"points": "60.00"}):
        assert market.refused(path, shop, body) == "already_refunded"
    assert (market.points(person), market.get("/v1/me/points/entries", person)) == before


def test_a_key_is_its_callers_own(market: Market) -> None:
    for person in (market.person(), market.person()):
        answer = market.send("/v1/me/vouchers", person, {"benefit_id": BUS}, "1")
        assert (answer.status_code, answer.headers.get("Idempotency-Replayed")) == (201, None)
