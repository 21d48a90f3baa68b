"""What a provider is told: every status of the contract, over HTTP. Noon of 10 March 2026."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.identity import store as identity_store
from app.kernel import FixedClock
from app.plumbing import Actor, House
from tests.activities.desk import Desk, act
from tests.conftest import Headers, bearer, sign_in

YESTERDAY = "2026-03-09T08:00:00+08:00"
TODAY = "2026-03-10T08:00:00+08:00"
Register = Callable[..., tuple[str, str]]


def tap(reference: str, at: str = YESTERDAY, **more: Any) -> dict[str, Any]:
    return act(reference, "bus_ride", at, **more)


def test_a_tap_becomes_eight_points(desk: Desk) -> None:
    answer = desk.send(tap("t1"))
    result = answer["results"][0]
    assert result.pop("id").startswith("act_")
    assert len(result.pop("rulebook")) == 64
    assert result == {
        "reference": "t1",
        "status": "credited",
        "reason": None,
        "reduction_g": "80.000",
        "points": "8.00",
    }
    assert answer["counts"] == {
        "credited": 1, "pending": 0, "capped": 0, "duplicate": 0, "overlapped": 0, "rejected": 0,
    }  # fmt: skip


def test_a_tap_of_today_is_pending_until_tomorrow(desk: Desk, clock: FixedClock) -> None:
    assert desk.one(tap("t1", TODAY))["status"] == "pending"
    clock.instant += timedelta(days=1)
    again = desk.one(tap("t1", TODAY))
    assert (again["status"], again["state"]) == ("duplicate", "credited")


def test_the_cap_that_cuts_is_named(desk: Desk) -> None:
    taps = [tap(f"t{n}", f"2026-03-09T{8 + n:02d}:00:00+08:00") for n in range(7)]
    results = desk.send(*taps)["results"]
    assert [each["status"] for each in results] == ["credited"] * 6 + ["capped"]
    assert results[6]["reason"] == "per_day_trips"
    assert (results[6]["reduction_g"], results[6]["points"]) == ("0.000", "0.00")


def test_what_was_seen_is_answered_with_the_first_id(desk: Desk) -> None:
    first, twin = desk.send(tap("t1"), tap("t1"))["results"]
    later = desk.one(tap("t1"))
    assert first["status"] == "credited"
    assert [each["status"] for each in (twin, later)] == ["duplicate"] * 2
    assert first["id"] == twin["id"] == later["id"]
    assert later["points"] == first["points"]
    assert desk.one(tap("t1", vehicle="v2"))["reason"] == "reference_reused"


def test_the_same_payment_is_paid_once_and_the_group_is_named(desk: Desk) -> None:
    generic = act("p1", "mobile_payment", YESTERDAY, amount="2.00", payment_id="x")
    assert desk.one(generic)["status"] == "credited"
    assert desk.one(tap("t1", payment_id="x"))["status"] == "credited"
    again = desk.one(generic)
    assert (again["status"], again["state"]) == ("duplicate", "overlapped")
    assert (again["reason"], again["points"]) == ("PAY", "0.00")


REJECTED = [
    ("unknown_behaviour", act("r", "flying_less", YESTERDAY)),
    ("unknown_subject", tap("r", card="nobody's")),
    ("no_consent", tap("r", "2025-02-28T23:59:00+08:00")),
    ("in_the_future", tap("r", "2026-03-10T12:30:00+08:00")),
    ("in_the_future", tap("r", "2150-01-01T00:00:00+08:00")),
    ("too_old", tap("r", "2024-12-31T08:00:00+08:00")),
    ("bad_evidence", act("r", "e_licence_use", YESTERDAY)),
    ("bad_evidence", tap("r", line="x" * 2100)),
    ("bad_quantity", tap("r", quantity="0", unit="km")),
    ("bad_quantity", tap("r", quantity="-1", unit="km")),
    ("bad_quantity", tap("r", quantity="NaN", unit="km")),
    ("bad_quantity", tap("r", quantity="1e3", unit="km")),
    ("bad_quantity", tap("r", quantity="1000001", unit="km")),
    ("bad_quantity", tap("r", quantity="5", unit="mile")),
    ("bad_quantity", act("r", "e_licence_use", YESTERDAY, quantity="1", verifier_id="v")),
    ("implausible", act("r", "shared_bike_ride", YESTERDAY, quantity="80", unit="km")),
    ("unknown_replaced", tap("r") | {"replaces": "never sent"}),
]


def _named(value: Any) -> str | None:
    return value if isinstance(value, str) else None


@pytest.mark.parametrize(("reason", "item"), REJECTED, ids=_named)
def test_a_bad_item_is_rejected_with_its_reason_and_fails_no_other(
    desk: Desk, reason: str, item: dict[str, Any]
) -> None:
    answer = desk.send(tap("before"), item, tap("after", "2026-03-09T12:00:00+08:00"))
    assert [each["status"] for each in answer["results"]] == ["credited", "rejected", "credited"]
    bad = answer["results"][1]
    assert (bad["reason"], bad["id"]) == (reason, None)
    assert (bad["reduction_g"], bad["points"]) == ("0.000", "0.00")
    assert answer["counts"]["rejected"] == 1
    # A rejected item is not kept: its reference stays free.
    assert desk.one(tap("r", "2026-03-09T15:00:00+08:00"))["status"] == "credited"


def test_a_behaviour_that_has_no_value_on_the_day_is_not_in_force(desk: Desk) -> None:
    fixture = act(
        "r", "water_efficient_fixture", "2025-04-01T08:00:00+08:00",
        order_id="o", product_type="wc", label_litres="3.5", household_size=3,
    )  # fmt: skip
    assert desk.one(fixture)["reason"] == "not_in_force"


def test_a_provider_reports_only_what_it_may(
    client: FlaskClient, register: Register, resident: Headers
) -> None:
    metro = Desk.opened(client, register, name="Metro", behaviours=["metro_ride"])
    metro.bind(resident)
    assert metro.one(tap("t1"))["reason"] == "not_permitted"
    assert metro.one(act("m1", "metro_ride", YESTERDAY))["status"] == "credited"


def test_a_client_that_was_switched_off_is_sent_away(desk: Desk, house: House) -> None:
    off = sa.update(identity_store.client).values(active=False)
    with house.work(Actor("command")) as work:
        work.db.execute(off)
    for answer in (
        desk.post("/v1/activities", {"activities": [tap("t1")]}),
        desk.get("/v1/provider/quality"),
    ):
        assert (answer.status_code, answer.get_json()["code"]) == (403, "client_inactive")


def test_an_act_counts_only_while_its_card_was_bound(
    desk: Desk, client: FlaskClient, clock: FixedClock
) -> None:
    other = bearer(sign_in(client, "13800000002"))
    binding = desk.bind(other, "card1", "2026-03-08")
    assert client.delete(f"/v1/me/bindings/{binding}", headers=other).status_code == 204
    clock.instant += timedelta(days=1)
    days = ("2026-03-07", "2026-03-08", "2026-03-10", "2026-03-11")
    sent = [tap(day, f"{day}T08:00:00+08:00", card="card1") for day in days]
    reasons = [each["reason"] for each in desk.send(*sent)["results"]]
    assert reasons == ["no_consent", None, None, "no_consent"]


ZERO = [
    ("not_eligible", act("z", "ev_charging", YESTERDAY, quantity="20", green_power=True)),
    ("below_minimum", act("z", "online_transfer", YESTERDAY, amount="9.99")),
    (
        "history_too_short",
        act("z", "household_electricity_saving", YESTERDAY, meter="m", day="2026-03-09",
            kwh="50", household_size=1),
    ),
    (
        "no_saving",
        act("z", "household_gas_saving", YESTERDAY, meter="m", period_start="2026-02-01",
            period_end="2026-02-28", m3="20", m3_same_period_last_year="20"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "item"), ZERO, ids=_named)
def test_a_valid_act_worth_nothing_is_credited_zero_and_says_why(
    desk: Desk, reason: str, item: dict[str, Any]
) -> None:
    result = desk.one(item)
    assert (result["status"], result["reason"], result["points"]) == ("credited", reason, "0.00")


def test_a_correction_replaces_an_earlier_report(desk: Desk) -> None:
    desk.send(tap("t1"))
    right = desk.one(tap("t2", quantity="10", unit="km") | {"replaces": "t1"})
    assert (right["status"], right["reduction_g"]) == ("credited", "269.000")
    assert desk.one(tap("t1"))["state"] == "reversed"


BROKEN = [
    ("/activities/1/reference", "required", lambda item: item.pop("reference")),
    ("/activities/1/subject", "invalid", lambda item: item.update(subject=7)),
    ("/activities/1/behaviour", "invalid", lambda item: item.update(behaviour=None)),
    ("/activities/1/occurred_at", "required", lambda item: item.pop("occurred_at")),
    ("/activities/1/occurred_at", "invalid", lambda item: item.update(occurred_at="2026-03-09")),
    (
        "/activities/1/occurred_at",
        "invalid",
        lambda item: item.update(occurred_at="2026-03-09T08:00:00"),
    ),
    (
        "/activities/1/occurred_at",
        "invalid",
        lambda item: item.update(occurred_at="2026-13-09T08:00:00Z"),
    ),
    ("/activities/1/quantity", "invalid", lambda item: item.update(quantity=7)),
    ("/activities/1/unit", "invalid", lambda item: item.update(unit=[])),
    ("/activities/1/evidence", "invalid", lambda item: item.update(evidence=[])),
    (
        "/activities/1/evidence",
        "invalid",
        lambda item: item.update(evidence={"a": {"b": {"c": {"d": {"e": 1}}}}}),
    ),
    ("/activities/1/reference", "invalid", lambda item: item.update(reference="")),
    ("/activities/1/reference", "invalid", lambda item: item.update(reference="x" * 201)),
    ("/activities/1/replaces", "invalid", lambda item: item.update(replaces=1)),
    ("/activities/1/points", "unknown_field", lambda item: item.update(points="8.00")),
]


@pytest.mark.parametrize(("pointer", "code", "breaks"), BROKEN)
def test_a_malformed_item_fails_the_batch_with_its_pointer(
    desk: Desk, pointer: str, code: str, breaks: Callable[[dict[str, Any]], Any]
) -> None:
    broken = tap("t2")
    breaks(broken)
    answer = desk.post("/v1/activities", {"activities": [tap("t1"), broken]})
    assert answer.status_code == 422
    assert [(each["pointer"], each["code"]) for each in answer.get_json()["errors"]] == [
        (pointer, code)
    ]
    assert desk.get("/v1/provider/activities/t1").status_code == 404


def test_a_batch_holds_one_to_a_thousand_items(desk: Desk) -> None:
    for wrong in ([], [tap(f"t{n}") for n in range(1001)], "t1", None):
        answer = desk.post("/v1/activities", {"activities": wrong})
        assert answer.status_code == 422
        assert answer.get_json()["errors"][0]["pointer"] == "/activities"
    assert desk.post("/v1/activities", {"activities": [1]}).get_json()["errors"] == [
        {"pointer": "/activities/0", "code": "invalid", "detail": "Invalid input type."}
    ]


def test_instants_may_have_any_offset_and_fraction(desk: Desk) -> None:
    spelled = (
        "2026-03-09T00:00:00Z",
        "2026-03-09t01:00:00.123456789z",
        "2026-03-09T09:30:00+07:30",
    )
    results = desk.send(*(tap(at, at) for at in spelled))["results"]
    assert [each["status"] for each in results] == ["credited"] * 3


def test_a_batch_sent_twice_with_its_key_has_one_effect_and_one_answer(
    desk: Desk, app: Flask
) -> None:
    body = {"activities": [tap("t1")]}
    first = desk.post("/v1/activities", body, "once")
    twin = desk.post("/v1/activities", body, "once")
    assert twin.get_json() == first.get_json()
    assert twin.headers["Idempotency-Replayed"] == "true"
    reused = desk.post("/v1/activities", {"activities": [tap("t2")]}, "once")
    assert (reused.status_code, reused.get_json()["code"]) == (422, "idempotency_key_reused")
