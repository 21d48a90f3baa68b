"""The reader at the counter: whose it is, where it stands, and what it does without an answer."""

import json
from base64 import urlsafe_b64decode
from typing import Any

from app import identity, merchants
from app.kernel import from_wire
from tests.conftest import Headers, bearer
from tests.redemption.market import COMMAND, Market

REDEEM = "/v1/redemptions"


def by_key(key: str) -> str:
    return f"{REDEEM}/by-key/{key}"


def present(market: Market, shop: Headers, code: str, key: str) -> tuple[int, str]:
    answer = market.send(REDEEM, shop, {"code": code}, key)
    told = answer.get_json()
    return answer.status_code, told.get("code") or told["status"]


def state(market: Market, shop: Headers, key: str) -> tuple[str, str | None]:
    told = market.get(by_key(key), shop)
    return told["status"], told["code"]


# Without an answer.


def test_a_request_is_asked_for_by_its_own_key(market: Market) -> None:
    """Ask after 5 seconds, then every 10: 404 until it arrives, then the one true state."""
    shop, person = market.shop(), market.person()
    code = market.show(person, market.take(person))
    assert market.get(by_key("k1"), shop, 404)["code"] == "unknown_key"
    done = market.send(REDEEM, shop, {"code": code}, "k1").get_json()
    told = market.get(by_key("k1"), shop)
    assert told == {"status": "redeemed", "code": None, "redemption": done}
    assert present(market, shop, code, "k2") == (409, "code_used")
    assert state(market, shop, "k2") == ("refused", "code_used")
    market.post(f"{REDEEM}/{done['id']}/void", shop)
    assert state(market, shop, "k1") == ("voided", None)
    # A key is its terminal's own.
    assert market.get(by_key("k1"), market.shop(), 404)["code"] == "unknown_key"


def test_what_was_given_up_before_it_arrived_never_happens(market: Market) -> None:
    shop, person = market.shop(), market.person()
    voucher = market.take(person)
    code = market.show(person, voucher)
    for _ in range(2):
        told = market.post(f"{by_key('k')}/cancel", shop)
        assert (told["status"], told["redemption"]) == ("cancelled", None)
    assert state(market, shop, "k") == ("cancelled", None)
    assert present(market, shop, code, "k") == (409, "cancelled_by_terminal")
    assert market.points(person)[1] == "20.00"
    # The late original burnt nothing: with a new key the code is good.
    assert present(market, shop, code, "k2") == (201, "redeemed")
    assert state(market, shop, "k") == ("cancelled", None)


def test_what_was_given_up_after_it_arrived_is_undone(market: Market) -> None:
    shop, person = market.shop(), market.person()
    voucher = market.take(person)
    code = market.show(person, voucher)
    assert present(market, shop, code, "k") == (201, "redeemed")
    for _ in range(2):
        assert market.post(f"{by_key('k')}/cancel", shop)["status"] == "voided"
    assert market.status(person, voucher) == "voided"
    assert market.points(person) == ("100.00", "0.00")
    # A late twin gets the first answer, which was true when it was given; the key tells the rest.
    assert present(market, shop, code, "k") == (201, "redeemed")
    assert state(market, shop, "k") == ("voided", None)


def test_giving_up_what_was_refused_changes_nothing(market: Market) -> None:
    shop = market.shop()
    assert present(market, shop, "never shown", "k") == (409, "unknown_code")
    told = market.post(f"{by_key('k')}/cancel", shop)
    assert (told["status"], told["code"]) == ("refused", "unknown_code")


def test_after_the_day_it_is_too_late_to_give_up(market: Market) -> None:
    shop, person = market.shop(), market.person()
    voucher = market.take(person)
    assert present(market, shop, market.show(person, voucher), "k") == (201, "redeemed")
    market.wait(hours=12)
    assert market.refused(f"{by_key('k')}/cancel", shop) == "too_late_to_void"
    assert state(market, shop, "k") == ("redeemed", None)


def test_a_key_of_another_day_is_not_a_request_of_today(market: Market) -> None:
    """Answers are replayed for a day; a terminal that counts its keys anew is told so, and the
    code it sent is not burnt."""
    shop, person = market.shop(), market.person()
    first = market.show(person, market.take(person))
    assert present(market, shop, first, "0001") == (201, "redeemed")
    market.wait(hours=25)
    second = market.show(person, market.take(person))
    assert present(market, shop, second, "0001") == (422, "idempotency_key_reused")
    assert present(market, shop, second, "0002") == (201, "redeemed")


# Whose terminal it is, and where it stands.


def test_a_terminal_redeems_at_its_own_store_alone(market: Market) -> None:
    office = market.shop(stores=2)
    first = market.at_store("weihai_bus")
    stores = [each["id"] for each in market.get("/v1/merchant", office)["stores"]]
    person = market.person(200)

    def code() -> str:
        return market.show(person, market.take(person))

    assert market.redeem(first, code())["store_id"] == stores[0]
    assert market.redeem(first, code(), store_id=stores[0])["store_id"] == stores[0]
    assert market.redeem(office, code(), store_id=stores[1])["store_id"] == stores[1]
    kept = code()
    for who, store, status, refusal in (
        (first, stores[1], 403, "not_your_store"),
        (office, "sto_01jd0000000000000000000000", 404, "unknown_store"),
        (office, "nothing", 404, "unknown_store"),
    ):
        body = {"code": kept, "store_id": store}
        assert market.refused(REDEEM, who, body, status) == refusal
        ready = market.refused(f"{REDEEM}/ready", who, body, status)
        read = {"code": "x", "read_at": "2026-03-10T12:00:00+08:00", "store_id": store}
        offline = {"presentations": [read]}
        brought = market.refused(f"{REDEEM}/offline", who, offline, status)
        assert (ready, brought) == (refusal, refusal)
    # The terminal was wrong, not the code: nothing was presented, so nothing is burnt.
    assert market.redeem(first, kept)["status"] == "redeemed"


def test_a_store_that_gives_the_benefit_and_one_that_does_not(market: Market) -> None:
    market.clock.instant = market.clock.instant.replace(day=14, hour=2)  # a Saturday, 10:00
    office = hall(market)
    person = market.person()
    tour = market.take(person, "museum_guided_tour")
    # The office stands nowhere; it names the store.
    assert market.refused(REDEEM, office, {"code": market.show(person, tour)}) == "wrong_store"
    store = market.get("/v1/merchant", office)["stores"][0]["id"]
    assert market.redeem(office, market.show(person, tour), store_id=store)["store_id"] == store


def hall(market: Market) -> Headers:
    """The museum, made from the pack by its name, with the store that the pack names."""
    with market.house.work(COMMAND) as work:
        wire, secret = identity.create_client(work, "merchant", "Weihai Museum")
        merchants.bind(work, wire)
    body = {"grant_type": "client_credentials"}
    return bearer(market.client.post("/v1/auth/token", json=body, auth=(wire, secret)).get_json())


ACTS: list[tuple[str, Any]] = [
    (REDEEM, {"code": "x"}),
    (f"{REDEEM}/ready", {"code": "x"}),
    (f"{REDEEM}/offline", {"presentations": [{"code": "x", "read_at": "2026-03-10T04:00:00Z"}]}),
    (f"{REDEEM}/rdm_01jd0000000000000000000000/void", None),
    (f"{REDEEM}/rdm_01jd0000000000000000000000/refund", None),
    (by_key("k") + "/cancel", None),
]
BOOKS = ["/v1/settlements", "/v1/settlements/2026-03-09", "/v1/statements/2026-03"]
LOOKS = [REDEEM, f"{REDEEM}/totals", f"{REDEEM}/rdm_01jd0000000000000000000000", by_key("k")]


def test_a_credential_of_nobody_does_nothing(market: Market) -> None:
    with market.house.work(COMMAND) as work:
        pair = identity.create_client(work, "merchant", "Nobody")
    body = {"grant_type": "client_credentials"}
    nobody = bearer(market.client.post("/v1/auth/token", json=body, auth=pair).get_json())
    for path, sent in ACTS:
        assert market.refused(path, nobody, sent, 403) == "no_merchant"
    for path in [*LOOKS, *BOOKS]:
        assert market.get(path, nobody, 403)["code"] == "no_merchant"


def test_a_merchant_at_rest_looks_but_does_not_act(market: Market) -> None:
    shop, till = market.shop(), market.at_store("weihai_bus")
    person = market.person()
    done, voucher = market.redeemed(shop, person), market.take(person)
    code = market.show(person, voucher)
    market.approve("merchant_suspension", merchant="weihai_bus")
    for who in (shop, till):
        for path, sent in ACTS:
            assert market.refused(path, who, sent, 403) == "merchant_suspended"
    assert market.get(f"{REDEEM}/{done['id']}", shop)["status"] == "redeemed"
    assert market.get(f"{REDEEM}/totals", shop)["owed"] == "1.99"
    assert market.get("/v1/settlements", shop)["items"] == []
    store = market.get("/v1/merchant", shop)["stores"][0]["id"]
    assert market.get(f"/v1/stores/{store}", status=404)["code"] == "unknown_store"
    confirm = f"/v1/me/vouchers/{voucher['id']}/confirm"
    assert market.refused(confirm, person, {"store_id": store}, 422) == "unknown_store"
    # A 403 decided nothing, so nothing was burnt.
    market.approve("merchant_resumption", merchant="weihai_bus")
    market.redeem(shop, code)


def test_a_terminal_that_was_switched_off_does_nothing(market: Market) -> None:
    office, till = market.shop(), market.at_store("weihai_bus")
    [mine] = [
        each["client_id"]
        for each in market.get("/v1/merchant/terminals", office)["items"]
        if each["role"] == "terminal"
    ]
    assert market.client.delete(f"/v1/merchant/terminals/{mine}", headers=office).status_code == 204
    for path, sent in ACTS:
        assert market.refused(path, till, sent, 403) == "terminal_off"
    for path in LOOKS:
        assert market.get(path, till, 403)["code"] == "terminal_off"


def test_the_books_are_the_offices(market: Market) -> None:
    market.shop()
    till = market.at_store("weihai_bus")
    for path in BOOKS:
        assert market.get(path, till, 403)["code"] == "office_only"
    path = "/v1/settlements/2026-03-09/reconcile"
    assert market.refused(path, till, {"lines": []}, 403) == "office_only"


def test_an_operator_who_was_switched_off_neither_looks_nor_acts(market: Market) -> None:
    person, operator = market.person(), market.operator()
    voucher = market.of(person, market.take(person))
    claims = operator["Authorization"].split(".")[1]
    wire = json.loads(urlsafe_b64decode(claims + "=="))["sub"]
    with market.house.work(COMMAND) as work:
        identity.switch_off(work, from_wire("cli", wire) or b"")
    for path in ("/v1/alerts", "/v1/differences", "/v1/payouts"):
        assert market.get(path, operator, 403)["code"] == "client_inactive"
    for path, body in (
        (f"{voucher}/freeze", {"note": "x"}),
        (f"{voucher}/thaw", {"note": "x"}),
        ("/v1/benefits/shared_bike_pass/licences", {"codes": ["x"]}),
    ):
        assert market.refused(path, operator, body, 403) == "client_inactive"
