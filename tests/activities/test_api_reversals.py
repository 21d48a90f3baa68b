"""Undoing reports, looking at one's own reports, and how good the data was."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient

from app import ledger
from app.kernel import FixedClock, from_wire
from app.plumbing import Actor, House
from tests.activities.desk import Desk, act
from tests.conftest import Headers

YESTERDAY = "2026-03-09T08:00:00+08:00"


def tap(reference: str, at: str = YESTERDAY, **more: Any) -> dict[str, Any]:
    return act(reference, "bus_ride", at, **more)


def points(client: FlaskClient, resident: Headers) -> tuple[str, str]:
    found = client.get("/v1/me/points", headers=resident).get_json()
    return found["available"], found["debt"]


def spend(house: House, client: FlaskClient, resident: Headers, amount: int) -> None:
    raw = from_wire("res", client.get("/v1/me", headers=resident).get_json()["id"])
    assert raw is not None
    with house.work(Actor("test")) as work:
        ledger.settle(work, raw, ledger.hold(work, raw, amount))


def test_a_reversal_takes_back_what_was_paid(
    desk: Desk, client: FlaskClient, resident: Headers
) -> None:
    desk.send(tap("t1"), tap("t2", "2026-03-09T09:00:00+08:00"))
    assert points(client, resident) == ("16.00", "0.00")
    assert desk.reverse("t1", "t1", "never") == [
        {"reference": "t1", "status": "reversed", "debt": "0.00"},
        {"reference": "t1", "status": "already", "debt": "0.00"},
        {"reference": "never", "status": "unknown", "debt": "0.00"},
    ]
    assert points(client, resident) == ("8.00", "0.00")
    assert desk.reverse("t1")[0]["status"] == "already"
    again = desk.one(tap("t1"))
    assert (again["status"], again["state"], again["points"]) == ("duplicate", "reversed", "0.00")


def test_what_is_spent_already_becomes_a_debt_that_the_next_earnings_pay(
    desk: Desk, client: FlaskClient, resident: Headers, house: House
) -> None:
    desk.send(tap("t1"))
    spend(house, client, resident, 600)
    assert desk.reverse("t1") == [{"reference": "t1", "status": "reversed", "debt": "6.00"}]
    assert points(client, resident) == ("0.00", "6.00")
    desk.send(tap("t2", "2026-03-09T09:00:00+08:00"))
    assert points(client, resident) == ("2.00", "0.00")


def test_a_reversal_says_what_and_why(desk: Desk) -> None:
    for row, pointer in (
        ({"reference": "t1"}, "/reversals/0/reason"),
        ({"reason": "x"}, "/reversals/0/reference"),
        ({"reference": "t1", "reason": "x", "debt": "0.00"}, "/reversals/0/debt"),
        ({"reference": "t1", "reason": "a\x00b"}, "/reversals/0/reason"),
        ({"reference": "t1", "reason": "x" * 201}, "/reversals/0/reason"),
    ):
        answer = desk.post("/v1/activities/reversals", {"reversals": [row]})
        assert answer.status_code == 422
        assert answer.get_json()["errors"][0]["pointer"] == pointer


def test_a_provider_sees_its_own_reports_and_no_others(
    desk: Desk, client: FlaskClient, register: Callable[..., tuple[str, str]]
) -> None:
    sent = desk.one(tap("line 1/2026-03-09/№7"))
    found = desk.get("/v1/provider/activities/line 1/2026-03-09/№7").get_json()
    assert found["id"] == sent["id"]
    assert (found["behaviour"], found["status"]) == ("bus_ride", "credited")
    assert (found["occurred_at"], found["earned_on"]) == (YESTERDAY, "2026-03-09")
    assert found["rulebook"] == sent["rulebook"]
    other = Desk.opened(client, register, name="Metro")
    assert other.get("/v1/provider/activities/line 1/2026-03-09/№7").status_code == 404
    assert other.reverse("line 1/2026-03-09/№7")[0]["status"] == "unknown"


def test_quality_counts_statuses_and_reasons_of_the_last_days(
    desk: Desk, clock: FixedClock
) -> None:
    desk.send(tap("old", "2026-03-09T06:00:00+08:00"))
    clock.instant += timedelta(days=2)
    for _ in range(2):
        desk.send(tap("x", card="nobody's"), tap("y", quantity="0"))
    desk.send(tap("t1"), tap("t2", "2026-03-09T09:00:00+08:00"), tap("z", card="nobody's"))
    found = desk.get("/v1/provider/quality?days=2").get_json()
    assert (found["from"], found["to"]) == ("2026-03-11", "2026-03-12")
    assert (found["batches"], found["items"]) == (3, 7)
    assert found["counts"]["credited"] == 2
    assert (found["counts"]["rejected"], found["shares"]["rejected"]) == (5, "0.714")
    assert found["rejections"] == [
        {"reason": "unknown_subject", "count": 3, "share": "0.600"},
        {"reason": "bad_quantity", "count": 2, "share": "0.400"},
    ]
    assert found["first_at"] == "2026-03-12T12:00:00+08:00"
    assert desk.get("/v1/provider/quality").get_json()["items"] == 8


def test_quality_of_nothing_is_nothing(desk: Desk) -> None:
    found = desk.get("/v1/provider/quality").get_json()
    assert (found["batches"], found["first_at"], found["shares"]["credited"]) == (0, None, "0.000")
    for days in ("0", "91", "x"):
        assert desk.get(f"/v1/provider/quality?days={days}").status_code == 422
