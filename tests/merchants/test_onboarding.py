"""A merchant goes live, changes its stores, rests and leaves: each time two operators decide."""

from typing import Any

import pytest
import sqlalchemy as sa

from app import merchants
from app.kernel import Conflict, Forbidden, Invalid, NotFound, Refusal
from app.merchants.model import masked
from app.plumbing import Actor
from tests.concurrency.test_threads import at_once
from tests.merchants.conftest import Caller, Registry
from tests.merchants.paper import PARTICULARS, QUAY, onboarding

TESTER = Actor("test")


def test_two_operators_let_a_merchant_in(registry: Registry) -> None:
    waiting = registry.propose("merchant_onboarding", onboarding())
    with registry.house.look(TESTER) as work:
        assert merchants.by_code(work, ["harbour_cafe"]) == {}
    assert {each.field: each.after for each in waiting.difference} == {
        "code": "harbour_cafe",
        "name": "海港咖啡",
        "name_en": "Harbour Café",
        "licence_no": "**************00X1",
        "settlement_account": "***************5678",
        "responsible_person": "**明",
        "checks": "licence, settlement_account, responsible_person, store_location",
        "stores.quay": "码头店, 环翠区, 海滨路 1 号",
        "state": "live",
    }
    result = registry.approve(waiting)
    with registry.house.look(TESTER) as work:
        found = merchants.by_code(work, ["harbour_cafe"])["harbour_cafe"]
        assert (found.state, found.live_since) == ("live", work.today)
        (quay,) = merchants.stores(work, found.id)
        assert [quay.code, quay.name, quay.district, quay.address] == [*QUAY.values()]
    assert result["merchant"] == "harbour_cafe"
    assert [*result["stores"]] == ["quay"]


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"code": "Harbour"}, "/payload/code"),
        ({"code": "h"}, "/payload/code"),
        ({"name": " "}, "/payload/name"),
        ({"name": "a\u0000b"}, "/payload/name"),
        ({"name": "x" * 101}, "/payload/name"),
        ({"name_en": 7}, "/payload/name_en"),
        ({"licence_no": ""}, "/payload/licence_no"),
        ({"settlement_account": None}, "/payload/settlement_account"),
        ({"responsible_person": ["王"]}, "/payload/responsible_person"),
        ({"checks": {}}, "/payload/checks/licence"),
        ({"checks": None}, "/payload/checks"),
        ({"stores": []}, "/payload/stores"),
        ({"stores": [QUAY, QUAY]}, "/payload/stores"),
        ({"stores": [QUAY | {"address": ""}]}, "/payload/stores/0/address"),
        ({"stores": [QUAY | {"a/b": 1}]}, "/payload/stores/0/a~1b"),
        ({"stores": ["quay"]}, "/payload/stores/0"),
        ({"friend": "mayor"}, "/payload/friend"),
    ],
)
def test_a_wrong_application_is_pointed_at(
    registry: Registry, wrong: dict[str, Any], pointer: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        registry.propose("merchant_onboarding", onboarding(**wrong))
    assert refusal.value.code == "bad_payload"
    assert pointer in {each["pointer"] for each in refusal.value.extra["errors"]}


@pytest.mark.parametrize("unchecked", ["licence", "settlement_account", "responsible_person"])
@pytest.mark.parametrize("said", [False, "yes", None])
def test_nobody_goes_live_unchecked(registry: Registry, unchecked: str, said: object) -> None:
    checks = onboarding()["checks"] | {unchecked: said}
    with pytest.raises(Invalid) as refusal:
        registry.propose("merchant_onboarding", onboarding(checks=checks))
    assert refusal.value.extra["errors"][0]["pointer"] == f"/payload/checks/{unchecked}"


def test_an_application_without_a_name_in_english(registry: Registry) -> None:
    registry.onboard(name_en=None)
    with registry.house.look(TESTER) as work:
        assert merchants.live(work)[0].name_en is None


def test_one_code_is_one_merchant(registry: Registry) -> None:
    late = registry.propose("merchant_onboarding", onboarding())
    registry.onboard()
    with pytest.raises(Conflict) as refusal:
        registry.approve(late)
    assert refusal.value.code == "merchant_exists"
    with pytest.raises(Conflict):
        registry.propose("merchant_onboarding", onboarding())


def test_of_two_onboardings_of_one_code_approved_at_once_one_wins(registry: Registry) -> None:
    waiting = [registry.propose("merchant_onboarding", onboarding()) for _ in range(4)]
    answers = at_once(4, lambda n: registry.approve(waiting[n]))
    refused = [each for each in answers if isinstance(each, Refusal)]
    assert [each.code for each in refused] == ["merchant_exists"] * 3
    with registry.house.look(TESTER) as work:
        (found,) = merchants.everyone(work)
        assert len(merchants.stores(work, found.id)) == 1


def test_operators_see_particulars_masked_and_the_table_holds_none(
    registry: Registry, operator: Caller
) -> None:
    registry.onboard()
    listed = operator.get("/v1/merchants").get_json()
    assert listed["next_cursor"] is None
    sheet = operator.get("/v1/merchants/harbour_cafe").get_json()
    assert sheet["particulars"] == {
        "licence_no": "**************00X1",
        "settlement_account": "***************5678",
        "responsible_person": "**明",
    }
    assert listed["items"] == [
        {
            "id": sheet["id"],
            "code": "harbour_cafe",
            "name": "海港咖啡",
            "name_en": "Harbour Café",
            "status": "live",
            "live_since": "2026-03-10",
        }
    ]
    assert [each["code"] for each in sheet["stores"]] == ["quay"]
    for unknown in ("nobody", "x", "%00", "a'"):
        answer = operator.get(f"/v1/merchants/{unknown}")
        assert (answer.status_code, answer.get_json()["code"]) == (404, "unknown_merchant")
    with registry.house.look(TESTER) as work:
        for table in ("merchant", "approval"):
            (row,) = work.db.execute(sa.text(f"SELECT * FROM {table}"))
            assert not any(secret in repr([*row]) for secret in PARTICULARS.values())


def test_of_a_short_text_at_most_half_is_shown() -> None:
    assert [masked("x" * n).count("x") for n in (0, 1, 2, 3, 4, 7, 8, 30)] == [
        *(0, 0, 1, 1, 2, 3, 4, 4)
    ]


def test_merchants_are_listed_in_pages(registry: Registry, operator: Caller) -> None:
    for n in range(5):
        registry.onboard(f"m{n}")
    first = operator.get("/v1/merchants?limit=3").get_json()
    rest = operator.get(f"/v1/merchants?cursor={first['next_cursor']}").get_json()
    assert sorted(each["code"] for each in first["items"] + rest["items"]) == [
        f"m{n}" for n in range(5)
    ]
    assert len(rest["items"]) == 2


def refused(registry: Registry, kind: str, **payload: Any) -> str:
    with pytest.raises(Refusal) as refusal:
        registry.propose(kind, payload)
    return refusal.value.code


def test_a_store_is_opened_and_closed(registry: Registry, office: Caller) -> None:
    hill = {"merchant": "harbour_cafe", "store": "hill"}
    words = {"name": "山上店", "district": "环翠区", "address": "山路 2 号"}
    waiting = registry.propose("store_opening", hill | words)
    assert [tuple(each) for each in waiting.difference] == [
        ("harbour_cafe.stores.hill", None, "山上店, 环翠区, 山路 2 号")
    ]
    made = registry.approve(waiting)
    assert [each["code"] for each in office.get("/v1/merchant").get_json()["stores"]] == [
        *("hill", "quay")
    ]
    assert refused(registry, "store_opening", **hill, **words) == "store_exists"
    path = f"/v1/stores/{made['store_id']}"
    assert office.get(path).get_json() == {
        "id": made["store_id"],
        **words,
        "merchant": "harbour_cafe",
        "merchant_name": "海港咖啡",
    }

    till = registry.client("harbour_cafe", "hill")
    assert registry.seat(till).role == "terminal"
    assert registry.change("store_closing", **hill)["state"] == "closed"
    assert office.get(path).get_json()["code"] == "unknown_store"
    assert office.get(f"/v1/merchant/stores/{made['store_id']}/code").status_code == 409
    with pytest.raises(Forbidden) as shut:
        registry.seat(till)
    assert shut.value.code == "store_closed"
    assert refused(registry, "store_closing", **hill) == "store_closed"
    assert refused(registry, "store_opening", **hill, **words) == "store_exists"


def test_what_is_not_there_cannot_be_changed(registry: Registry) -> None:
    registry.onboard()
    for kind in ("merchant_suspension", "merchant_resumption", "merchant_closing"):
        assert refused(registry, kind, merchant="nobody") == "unknown_merchant"
        assert refused(registry, kind) == refused(registry, kind, merchant="N") == "bad_payload"
    assert refused(registry, "store_closing", merchant="harbour_cafe", store="no") == (
        "unknown_store"
    )
    words = {"name": "n", "district": "d", "address": "a"}
    assert refused(registry, "store_opening", merchant="no", store="no", **words) == (
        "unknown_merchant"
    )


LEGAL = {
    ("live", "merchant_suspension"): "suspended",
    ("live", "merchant_closing"): "closed",
    ("suspended", "merchant_resumption"): "live",
    ("suspended", "merchant_closing"): "closed",
}
WAYS = {
    "live": (),
    "suspended": ("merchant_suspension",),
    "closed": ("merchant_closing",),
}


@pytest.mark.parametrize("origin", [*WAYS])
@pytest.mark.parametrize("kind", ["merchant_suspension", "merchant_resumption", "merchant_closing"])
def test_every_change_of_state(registry: Registry, origin: str, kind: str) -> None:
    registry.onboard()
    for way in WAYS[origin]:
        registry.change(way, merchant="harbour_cafe")
    target = LEGAL.get((origin, kind))
    if target is None:
        assert refused(registry, kind, merchant="harbour_cafe") == "wrong_state"
        return
    waiting = registry.propose(kind, {"merchant": "harbour_cafe"})
    assert [tuple(each) for each in waiting.difference] == [("harbour_cafe.state", origin, target)]
    registry.approve(waiting)
    with registry.house.look(TESTER) as work:
        (found,) = merchants.everyone(work)
        assert found.state == target
        assert merchants.live(work) == [found] * (target == "live")


def test_a_suspended_merchant_looks_and_does_nothing(registry: Registry, office: Caller) -> None:
    store = office.get("/v1/merchant").get_json()["stores"][0]["id"]
    registry.change("merchant_suspension", merchant="harbour_cafe")
    with pytest.raises(Forbidden) as refusal:
        registry.seat(office)
    assert refusal.value.code == "merchant_suspended"
    assert office.get("/v1/merchant").get_json()["status"] == "suspended"
    assert office.get("/v1/merchant/terminals").status_code == 200
    assert office.get(f"/v1/merchant/stores/{store}/code").status_code == 403
    assert office.get(f"/v1/stores/{store}").status_code == 404
    registry.change("merchant_resumption", merchant="harbour_cafe")
    assert registry.seat(office).merchant.state == "live"
    assert office.get(f"/v1/stores/{store}").status_code == 200


def test_a_closed_merchant_opens_no_store(registry: Registry) -> None:
    registry.onboard()
    hill = {"merchant": "harbour_cafe", "store": "hill", "name": "n", "district": "d"}
    waiting = registry.propose("store_opening", hill | {"address": "a"})
    registry.change("merchant_closing", merchant="harbour_cafe")
    with pytest.raises(Conflict) as refusal:
        registry.approve(waiting)
    assert refusal.value.code == "wrong_state"


def test_of_two_ways_out_of_one_state_at_once_one_is_taken(registry: Registry) -> None:
    registry.onboard()
    asked = [
        registry.propose("merchant_suspension", {"merchant": "harbour_cafe"}) for _ in range(3)
    ]
    answers = at_once(3, lambda n: registry.approve(asked[n]))
    assert sorted(isinstance(each, Conflict) for each in answers) == [False, True, True]


def test_a_store_is_the_merchants_own(registry: Registry) -> None:
    registry.onboard("one")
    registry.onboard("two")
    with registry.house.look(TESTER) as work:
        one, two = (merchants.by_code(work, ["one", "two"])[each] for each in ("one", "two"))
        (store,) = merchants.stores(work, one.id)
        assert merchants.store_of(work, one.id, store.id) == store
        assert merchants.find_store(work, store.id) == (store, one)
        assert merchants.find_store(work, two.id) is None
        with pytest.raises(NotFound):
            merchants.store_of(work, two.id, store.id)
