"""To contest an act: flagged at once, its points held and not removed, and back when it is over."""

from datetime import timedelta
from typing import Any

import pytest

from app import ledger, objections
from app.kernel import FixedClock
from app.objections.model import KINDS
from tests.activities.desk import act
from tests.conftest import bearer, sign_in
from tests.objections.court import MINE, TODAY, Court
from tests.redemption.market import COMMAND


def flags(court: Court) -> list[bool]:
    items = court.market.get("/v1/me/activities", court.resident)["items"]
    return [each["disputed"] for each in items]


def test_an_act_is_flagged_and_its_points_are_held(court: Court, clock: FixedClock) -> None:
    ride = court.ride()
    assert court.points() == ("8.00", "0.00")
    clock.instant += timedelta(seconds=1)  # ids of one instant have no order between requests
    found = court.contest("activity", ride, wish="remove")
    assert court.points() == ("0.00", "8.00")
    assert flags(court) == [True]
    assert court.act(ride)["disputed"]
    assert court.act(ride)["points"] == "8.00"  # held, not removed
    entry = court.market.get("/v1/me/points/entries", court.resident)["items"][0]
    assert (entry["code"], entry["cause"]) == ("hold", found["id"])
    assert found == {
        "id": found["id"],
        "kind": "activity",
        "subject": ride,
        "wish": "remove",
        "status": "open",
        "opened_at": "2026-03-10T12:00:01+08:00",
        "due_on": "2026-03-13",
        "latest_on": "2026-03-30",
        "overdue": False,
        "level": 0,
        "extended": False,
        "officer": None,
        "reason": "I was not there.",
        "comment": None,
        "role": None,
        "extension": None,
        "decided_at": None,
        "answer": None,
    }
    assert court.market.get(MINE, court.resident)["items"] == [found]


def test_what_is_taken_back_is_as_before(court: Court) -> None:
    ride = court.ride()
    found = court.contest("activity", ride)
    assert court.withdraw(found)["status"] == "withdrawn"
    assert (court.points(), flags(court)) == (("8.00", "0.00"), [False])
    path = f"{MINE}/{found['id']}/withdraw"
    assert court.market.refused(path, court.resident) == "already_decided"
    # It may be contested again.
    assert court.contest("activity", ride)["id"] != found["id"]
    assert court.points() == ("0.00", "8.00")


def test_the_same_is_contested_once_at_a_time(court: Court) -> None:
    ride = court.ride()
    court.contest("activity", ride)
    body = {"kind": "activity", "subject": ride, "reason": "Once more."}
    assert court.market.refused(MINE, court.resident, body) == "already_open"
    assert court.points() == ("0.00", "8.00")


def test_a_subject_may_stand_under_its_own_name(court: Court) -> None:
    body = {"activity_id": court.ride(), "reason": "Not me."}
    found = court.market.post(MINE, court.resident, body, 201)
    assert (found["kind"], found["subject"]) == ("activity", body["activity_id"])


@pytest.mark.parametrize(
    "body",
    [
        {"reason": "Why?"},
        {"kind": "activity", "reason": "Why?"},
        {"kind": "weather", "subject": "act_1", "reason": "Why?"},
        {"kind": "activity", "subject": "act_1", "reason": ""},
        {"kind": "activity", "subject": "act_1", "reason": "x" * 1001},
        {"kind": "activity", "subject": "act_1", "reason": "Why?", "wish": "money"},
        *({"kind": kind, "subject": "act_\0", "reason": "Why?"} for kind in KINDS),
    ],
)
def test_what_cannot_be_read_is_refused(court: Court, body: dict[str, Any]) -> None:
    court.market.post(MINE, court.resident, body, 422)


def test_nobody_contests_or_sees_what_is_not_theirs(court: Court) -> None:
    ride = court.ride()
    found = court.contest("activity", ride)
    other = bearer(sign_in(court.market.client, "13800000002"))
    for subject in (ride, "act_01m80dm0wde0y95z0eh04byx4k", "2026Q1", "nothing"):
        body = {"kind": "activity", "subject": subject, "reason": "Mine?"}
        assert court.market.refused(MINE, other, body, 404) == "unknown_activity"
    assert court.market.get(MINE, other)["items"] == []
    for path in (f"{MINE}/{found['id']}", f"{MINE}/obj_1"):
        assert court.market.get(path, other, 404)["code"] == "unknown_objection"
    for step, said in (("withdraw", None), ("comment", {"comment": "Mine?"})):
        path = f"{MINE}/{found['id']}/{step}"
        assert court.market.refused(path, other, said, 404) == "unknown_objection"
    assert court.look(found)["status"] == "open"


def spend(court: Court, hundredths: int) -> None:
    who = court.market.id_of(court.resident)
    with court.market.house.work(COMMAND) as work:
        ledger.settle(work, who, ledger.hold(work, who, hundredths))


@pytest.mark.parametrize(
    ("spent", "held"), [(800, "0.00"), (500, "3.00"), (0, "8.00")], ids=["all", "some", "none"]
)
def test_what_is_spent_stays_spent(court: Court, spent: int, held: str) -> None:
    ride = court.ride()
    if spent:
        spend(court, spent)
    found = court.contest("activity", ride)
    assert court.points() == ("0.00", held)
    court.withdraw(found)
    assert court.points() == (held, "0.00")


def test_other_points_stay_free(court: Court) -> None:
    ride = court.ride()
    court.ride("another", "2026-03-08T08:00:00+08:00")
    court.contest("activity", ride)
    assert court.points() == ("8.00", "8.00")


def test_what_is_pending_is_not_held(court: Court, clock: FixedClock) -> None:
    ride = court.ride(at=TODAY)
    found = court.contest("activity", ride)
    assert court.points() == ("0.00", "0.00")
    clock.instant += timedelta(days=1)
    court.withdraw(found)
    assert court.points() == ("8.00", "0.00")


def test_a_provider_that_reverses_a_contested_act_takes_its_points(court: Court) -> None:
    """What was held is what is taken back: no debt. The objection still gets its answer."""
    ride = court.ride()
    found = court.contest("activity", ride)
    assert court.desk.reverse("r")[0] == {"reference": "r", "status": "reversed", "debt": "0.00"}
    wallet = court.market.get("/v1/me/points", court.resident)
    assert (wallet["available"], wallet["held"], wallet["debt"]) == ("0.00", "0.00", "0.00")
    assert not court.act(ride)["disputed"]
    assert court.differences() == []
    assert court.look(found)["status"] == "open"
    assert court.reject(court.market.operator(), found)["status"] == "rejected"


def test_a_replaced_report_is_no_longer_contested(court: Court) -> None:
    court.contest("activity", court.ride())
    again = act("r2", "bus_ride", "2026-03-09T08:05:00+08:00") | {"replaces": "r"}
    assert court.desk.one(again)["status"] == "credited"
    assert court.points() == ("8.00", "0.00")
    assert flags(court) == [False, False]


def test_words_of_the_resident_stay_beside_the_answer(court: Court) -> None:
    found = court.contest("activity", court.ride())
    court.reject(court.market.operator("Wang"), found)
    path = f"{MINE}/{found['id']}/comment"
    court.market.post(path, court.resident, {"comment": "The card was stolen."})
    seen = court.market.post(path, court.resident, {"comment": "Stolen on the 8th."})
    assert seen["comment"] == "Stolen on the 8th."
    assert seen["answer"]["text"] == "The card was yours."
    court.market.post(path, court.resident, {"comment": ""}, 422)


def test_the_same_key_contests_once(court: Court) -> None:
    body = {"kind": "activity", "subject": court.ride(), "reason": "Not me."}
    first, again = (court.market.send(MINE, court.resident, body, "one key") for _ in range(2))
    assert first.get_json() == again.get_json()
    assert len(court.market.get(MINE, court.resident)["items"]) == 1


def test_pages_of_objections(court: Court, clock: FixedClock) -> None:
    made = []
    for n in range(1, 6):
        ride = court.ride(f"r{n}", f"2026-03-0{n}T08:00:00+08:00")
        made.append(court.contest("activity", ride)["id"])
        clock.instant += timedelta(minutes=1)
    found: list[str] = []
    path = f"{MINE}?limit=2"
    while path:
        page = court.market.get(path, court.resident)
        found += [each["id"] for each in page["items"]]
        path = f"{MINE}?limit=2&cursor={page['next_cursor']}" if page["next_cursor"] else ""
    assert found == made[::-1]


def test_a_closed_account_contests_nothing(court: Court) -> None:
    body = {"kind": "activity", "subject": court.ride(), "reason": "Not me."}
    headers = court.resident
    assert court.market.client.delete("/v1/me?confirm=true", headers=headers).status_code == 200
    assert court.market.refused(MINE, headers, body, 401) == "account_closed"


def test_all_that_waits_ends_with_the_account(court: Court) -> None:
    found = court.contest("activity", court.ride())
    who = court.market.id_of(court.resident)
    with court.market.house.work(COMMAND) as work:
        assert [each.wire for each in objections.open_of(work, who)] == [found["id"]]
        assert objections.end_all(work, who) == 1
        assert objections.end_all(work, who) == 0
    assert court.look(found)["status"] == "withdrawn"
    assert court.points() == ("8.00", "0.00")
