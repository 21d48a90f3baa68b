"""Credentials: each belongs to one merchant and one store, made by its office, ended at once."""

import secrets
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app import identity, merchants
from app.kernel import FixedClock, Forbidden, Invalid, from_wire
from app.plumbing import Actor
from tests.merchants.conftest import Caller, Registry
from tests.merchants.test_qr import read

TERMINALS = "/v1/merchant/terminals"
TESTER = Actor("test")
NOWHERE = "sto_" + "0" * 26


def code(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["code"]


def store_of(caller: Caller) -> str:
    return str(caller.get("/v1/merchant").get_json()["stores"][0]["id"])


def asked(store: str, secret: str = "s" * 43, **changes: Any) -> dict[str, Any]:
    digest = sha256(secret.encode()).hexdigest()
    return {"store_id": store, "role": "terminal", "label": "Till 1", "secret_sha256": digest} | (
        changes
    )


def terminal(registry: Registry, office: Caller, **changes: Any) -> Caller:
    """A device that made its own secret."""
    secret = secrets.token_urlsafe(32)
    answer = office.post(TERMINALS, asked(store_of(office), secret, **changes))
    assert answer.status_code == 201, answer.get_json()
    return registry.caller(answer.get_json()["client_id"], secret)


def why(registry: Registry, caller: Caller) -> str:
    with pytest.raises(Forbidden) as refusal:
        registry.seat(caller)
    return refusal.value.code


def test_the_office_sees_its_merchant(office: Caller) -> None:
    told = office.get("/v1/merchant").get_json()
    (store,) = told["stores"]
    assert told == {
        "id": told["id"],
        "code": "harbour_cafe",
        "name": "海港咖啡",
        "name_en": "Harbour Café",
        "status": "live",
        "live_since": "2026-03-10",
        "role": "office",
        "store": None,
        "stores": [store],
    }
    assert (store["code"], store["status"]) == ("quay", "open")


def test_a_device_makes_its_secret_and_stands_at_its_store(
    registry: Registry, office: Caller
) -> None:
    secret = secrets.token_urlsafe(32)
    made = office.post(TERMINALS, asked(store_of(office), secret))
    assert made.status_code == 201
    assert made.get_json() == {
        "client_id": made.get_json()["client_id"],
        "store_id": store_of(office),
        "role": "terminal",
        "label": "Till 1",
        "active": True,
    }
    till = registry.caller(made.get_json()["client_id"], secret)
    told = till.get("/v1/merchant").get_json()
    assert (told["role"], told["store"]["id"]) == ("terminal", store_of(office))
    seat = registry.seat(till)
    assert seat.store is not None
    assert (seat.merchant.code, seat.store.code, seat.client_id) == (
        *("harbour_cafe", "quay", till.raw),
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"role": "office"},
        {"label": ""},
        {"label": "a\u0000b"},
        {"secret_sha256": "A" * 64},
        {"secret_sha256": "a" * 63},
        {"secret_sha256": "a" * 64 + "\n"},
        {"secret_sha256": sha256(b"").hexdigest()},
        {"label": "  "},
    ],
)
def test_a_terminal_that_cannot_be(office: Caller, changes: dict[str, Any]) -> None:
    answer = office.post(TERMINALS, asked(store_of(office)) | changes)
    assert answer.status_code == 422
    assert len(office.get(TERMINALS).get_json()["items"]) == 1


def test_only_the_office_hires_and_fires(registry: Registry, office: Caller) -> None:
    for role in ("staff", "terminal"):
        till = terminal(registry, office, role=role)
        assert code(till.get(TERMINALS)) == (403, "office_only")
        assert code(till.post(TERMINALS, asked(store_of(office)))) == (403, "office_only")
        assert code(till.delete(f"{TERMINALS}/{office.wire}")) == (403, "office_only")


def test_another_merchants_stores_and_terminals_are_not_there(
    registry: Registry, office: Caller
) -> None:
    registry.onboard("rival")
    rival = registry.client("rival")
    for store in (store_of(rival), NOWHERE, "sto_x", office.wire):
        assert code(office.post(TERMINALS, asked(store))) == (404, "unknown_store")
        answer = office.get(f"/v1/merchant/stores/{store}/code")
        assert code(answer) == (404, "unknown_store")
    till = terminal(registry, rival)
    for wire in (till.wire, rival.wire, "cli_" + "0" * 26, "x"):
        assert code(office.delete(f"{TERMINALS}/{wire}")) == (404, "unknown_terminal")
    assert till.get("/v1/merchant").status_code == 200


def test_a_lost_device_ends_at_once(registry: Registry, office: Caller) -> None:
    till, other = terminal(registry, office), terminal(registry, office)
    for _ in range(2):
        assert office.delete(f"{TERMINALS}/{till.wire}").status_code == 204
    assert code(till.get("/v1/merchant")) == (403, "terminal_off")
    assert code(till.token()) == (401, "invalid_client")
    assert why(registry, till) == "terminal_off"
    assert other.get("/v1/merchant").status_code == 200
    found = {
        each["client_id"]: each["active"] for each in office.get(TERMINALS).get_json()["items"]
    }
    assert found == {office.wire: True, till.wire: False, other.wire: True}


def test_an_office_does_not_lock_itself_out(registry: Registry, office: Caller) -> None:
    assert code(office.delete(f"{TERMINALS}/{office.wire}")) == (409, "own_seat")
    second = registry.client("harbour_cafe")
    assert office.delete(f"{TERMINALS}/{second.wire}").status_code == 204
    assert code(second.get(TERMINALS)) == (403, "terminal_off")


def test_terminals_are_listed_newest_first_in_pages(
    registry: Registry, office: Caller, clock: FixedClock
) -> None:
    made = [office.wire]
    for _ in range(3):
        clock.instant = clock.instant.replace(second=clock.instant.second + 1)
        made.append(terminal(registry, office).wire)
    first = office.get(f"{TERMINALS}?limit=3").get_json()
    rest = office.get(f"{TERMINALS}?cursor={first['next_cursor']}").get_json()
    assert [each["client_id"] for each in first["items"] + rest["items"]] == made[::-1]
    assert rest["next_cursor"] is None


def test_a_client_of_no_merchant_does_nothing(registry: Registry) -> None:
    stray = registry.client()
    for path in ("/v1/merchant", TERMINALS, f"/v1/merchant/stores/{NOWHERE}/code"):
        assert code(stray.get(path)) == (403, "no_merchant")
    assert code(stray.post(TERMINALS, asked(NOWHERE))) == (403, "no_merchant")
    assert code(stray.delete(f"{TERMINALS}/{stray.wire}")) == (403, "no_merchant")
    assert why(registry, stray) == "no_merchant"


def test_a_store_hangs_its_code_on_the_counter(registry: Registry, office: Caller) -> None:
    store = store_of(office)
    for caller in (office, terminal(registry, office)):
        told = caller.get(f"/v1/merchant/stores/{store}/code").get_json()
        assert told["text"] == read(told["svg"]) == f"weitan:store:{store}"
    public = caller.client.get(f"/v1/stores/{store}").get_json()
    assert (public["id"], public["merchant_name"]) == (store, "海港咖啡")
    assert code(caller.client.get(f"/v1/stores/{NOWHERE}")) == (404, "unknown_store")


def test_the_only_store_need_not_be_said(registry: Registry, office: Caller) -> None:
    till = terminal(registry, office)
    quay = from_wire("sto", store_of(office))
    words = {"name": "n", "district": "d", "address": "a"}

    def only(caller: Caller) -> bytes:
        with registry.house.look(TESTER) as work:
            return merchants.only_store(work, merchants.seat(work, caller.raw)).id

    assert only(office) == only(till) == quay
    registry.change("store_opening", merchant="harbour_cafe", store="hill", **words)
    assert only(till) == quay
    with pytest.raises(Invalid, match="store_needed"):
        only(office)
    registry.change("store_closing", merchant="harbour_cafe", store="hill")
    assert only(office) == quay


def test_an_operator_who_was_switched_off_sees_nothing(
    registry: Registry, operator: Caller, office: Caller
) -> None:
    with registry.house.work(TESTER) as work:
        identity.switch_off(work, operator.raw)
    for path in ("/v1/merchants", "/v1/merchants/harbour_cafe"):
        assert code(operator.get(path)) == (403, "client_inactive")


def test_production_makes_no_merchant_that_nobody_checked(make_app: Callable[..., Flask]) -> None:
    registry = Registry(make_app(app_env="production"))
    with registry.house.work(TESTER) as work, pytest.raises(Exception, match="two operators"):
        merchants.found(work, "harbour_cafe", "海港咖啡")
    registry.onboard()
    assert registry.seat(registry.client("harbour_cafe")).role == "office"
