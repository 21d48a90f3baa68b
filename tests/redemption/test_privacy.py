"""A merchant learns nothing about a resident, and no point goes from one resident to another."""

import re
from typing import Any

from tests.contract.document import generated, operations
from tests.redemption.market import BUS, Market

RESIDENT = "13800000000"


def walk(market: Market) -> dict[str, str]:
    """Everything a merchant's office can ask for after a busy day, by operation: what came back."""
    shop, person = market.shop(), market.person(400)
    assert market.get("/v1/me", person)["phone"].endswith(RESIDENT[-4:])
    vouchers = [market.take(person) for _ in range(4)]
    ids = [market.get("/v1/me", person)["id"], *(each["id"] for each in vouchers)]
    told: dict[str, str] = {}

    def keep(name: str, method: str, path: str, body: Any = None, key: str = "") -> Any:
        if method == "GET":
            answer = market.client.get(path, headers=shop)
        elif method == "DELETE":
            answer = market.client.delete(path, headers=shop)
        else:
            answer = market.send(path, shop, body, key)
        assert answer.status_code < 400, (name, answer.text)
        told[f"{method} {name}"] = answer.text + str(answer.headers)
        return answer.get_json(silent=True)

    offline = {"vouchers": [vouchers[3]["id"]]}
    signed = market.post("/v1/me/offline-codes", person, offline, 201)["items"][0]["code"]
    base = "/v1/redemptions"
    code = market.show(person, vouchers[0])
    done = keep(base, "POST", base, {"code": code}, "k")
    own = market.post("/v1/me/code", person)["code"]
    [one, *_] = keep(f"{base}/ready", "POST", f"{base}/ready", {"code": own})["items"]
    second = market.redeem(shop, one["code"])
    read = {"code": signed, "read_at": market.clock.instant.isoformat()}
    keep(f"{base}/offline", "POST", f"{base}/offline", {"presentations": [read]})
    for name in ("", "/totals", "/{redemption_id}", "/by-key/{key}"):
        path = name.replace("{redemption_id}", done["id"]).replace("{key}", "k")
        keep(base + name, "GET", base + path)
    keep(f"{base}/{{redemption_id}}/void", "POST", f"{base}/{second['id']}/void")
    keep(f"{base}/by-key/{{key}}/cancel", "POST", f"{base}/by-key/k/cancel")

    charger = market.shop("coast_charging")
    paid = market.redeemed(charger, person, "charging_discount")
    refund = market.send(f"{base}/{paid['id']}/refund", charger)
    told[f"POST {base}/{{redemption_id}}/refund"] = refund.text
    market.wait(days=1)
    market.job("redemption.close_days")
    for name, path in (
        ("", ""),
        ("/{day}", "/2026-03-10"),
        ("/{day}", "/2026-03-10?format=csv"),
    ):
        keep(f"/v1/settlements{name}", "GET", f"/v1/settlements{path}")
    name = "/v1/settlements/{day}/reconcile"
    keep(name, "POST", name.replace("{day}", "2026-03-10"), {"lines": []})
    keep("/v1/statements/{month}", "GET", "/v1/statements/2026-03")

    keep("/v1/merchant", "GET", "/v1/merchant")
    store = market.get("/v1/merchant", shop)["stores"][0]["id"]
    name = "/v1/merchant/stores/{store_id}/code"
    keep(name, "GET", name.replace("{store_id}", store))
    keep("/v1/merchant/terminals", "GET", "/v1/merchant/terminals")
    till = {"store_id": store, "role": "staff", "label": "Li", "secret_sha256": "a" * 64}
    made = keep("/v1/merchant/terminals", "POST", "/v1/merchant/terminals", till)
    name = "/v1/merchant/terminals/{client_id}"
    keep(name, "DELETE", name.replace("{client_id}", made["client_id"]))
    told["ids"] = " ".join(ids)
    return told


# An id, a whole voucher number, a phone number (not eleven digits inside a SHA-256), a card number.
PERSONAL = re.compile(r"res_[0-9a-z]{26}|vch_[0-9a-z]{6,}|\b1[38]\d{9}\b|\*{4}")


def test_nothing_that_a_merchant_is_told_names_or_links_a_resident(market: Market) -> None:
    told = walk(market)
    ids = told.pop("ids").split()
    everything = {
        f"{m} {p}" for m, p, node in operations(generated()) if node["x-scope"] == "merchant"
    }
    assert set(told) == everything
    for name, text in told.items():
        assert not PERSONAL.search(text), name
        for each in ids:
            assert each.split("_")[1] not in text, name
            # Of a voucher no more than the end of its number.
            assert each[-5:] not in text, name


def test_two_vouchers_of_one_resident_are_not_linked_for_a_merchant(market: Market) -> None:
    shop, person, other = market.shop(), market.person(), market.person()
    mine, mine_too, others = (market.redeemed(shop, who) for who in (person, person, other))
    for each in (mine, mine_too, others):
        each.pop("of")
    # What differs between two of one resident differs between two of different ones.
    assert {k for k in mine if mine[k] != mine_too[k]} == {k for k in mine if mine[k] != others[k]}


def test_no_operation_moves_points_from_one_resident_to_another() -> None:
    """peers.md 16, R51: what a resident sends names things, never another person."""
    document = generated()
    named = re.compile(r"resident|phone|recipient|payee|to_|person|gift|transfer")
    for method, path, node in operations(document):
        if node["x-scope"] != "resident" or method == "GET":
            continue
        # One's own new number is the one number that is ever sent; the recipient of a consent is
        # a bank, and gets no points.
        if path == "/v1/me/phone" or path.startswith("/v1/me/consents"):
            continue
        assert not named.search(path.replace("/v1/me", "")), path
        content = node.get("requestBody", {}).get("content", {})
        for each in content.values():
            schema = each["schema"]
            if "$ref" in schema:
                schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
            found = [name for name in schema.get("properties", {}) if named.search(name)]
            assert found == [], (method, path)


def test_a_screenshot_is_worth_nothing_to_a_friend(market: Market) -> None:
    """A voucher stays its owner's: a friend can neither show, confirm nor give it back."""
    owner, friend, shop = market.person(), market.person(), market.shop()
    voucher = market.take(owner)
    code = market.show(owner, voucher)
    market.wait(seconds=60)
    assert market.refused("/v1/redemptions", shop, {"code": code}) == "code_expired"
    path = f"/v1/me/vouchers/{voucher['id']}"
    assert market.refused(f"{path}/code", friend, status=404) == "unknown_voucher"
    assert market.get(path, owner)["benefit"] == BUS
