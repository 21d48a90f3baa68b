"""Query 1: what a resident did, and the whole working of one act."""

import json
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from app import activities, identity
from app.plumbing import Actor, House
from app.rulebook import Rulebook
from tests.activities.desk import Desk, Working, act
from tests.conftest import Headers, bearer, sign_in

YESTERDAY = "2026-03-09T08:00:00+08:00"


def tap(reference: str, at: str = YESTERDAY, **more: Any) -> dict[str, Any]:
    return act(reference, "bus_ride", at, **more)


def listed(client: FlaskClient, resident: Headers, query: str = "") -> dict[str, Any]:
    answer = client.get(f"/v1/me/activities{query}", headers=resident)
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json()


def test_acts_are_listed_the_newest_day_first(
    desk: Desk, client: FlaskClient, resident: Headers
) -> None:
    desk.send(
        tap("a", "2026-03-08T09:00:00+08:00"),
        tap("b", "2026-03-10T07:00:00+08:00"),
        act("c", "walking", "2026-03-10T01:00:00+08:00", quantity="9000", unit="step",
            day="2026-03-09", device="d"),
        tap("d", "2026-03-08T23:00:00+08:00"),
    )  # fmt: skip
    desk.reverse("d")
    items = listed(client, resident)["items"]
    assert [(i["earned_on"], i["behaviour"], i["status"]) for i in items] == [
        ("2026-03-10", "bus_ride", "pending"),
        ("2026-03-09", "walking", "credited"),
        ("2026-03-08", "bus_ride", "reversed"),
        ("2026-03-08", "bus_ride", "credited"),
    ]
    assert items[3] == {
        "id": items[3]["id"],
        "behaviour": "bus_ride",
        "occurred_at": "2026-03-08T09:00:00+08:00",
        "earned_on": "2026-03-08",
        "recorded_at": "2026-03-10T12:00:00+08:00",
        "disputed": False,
        "status": "credited",
        "reason": None,
        "reduction_g": "80.000",
        "points": "8.00",
    }


def test_pages_join_without_gap_or_repetition(
    desk: Desk, client: FlaskClient, resident: Headers
) -> None:
    # Two of each instant, so that the id must decide.
    desk.send(*(tap(f"t{n}", f"2026-03-0{1 + n // 4}T08:00:00+08:00") for n in range(12)))
    whole = [item["id"] for item in listed(client, resident)["items"]]
    found, cursor = [], ""
    for _ in range(3):
        page = listed(client, resident, f"?limit=5{cursor}")
        found += [item["id"] for item in page["items"]]
        cursor = f"&cursor={page['next_cursor']}"
    assert page["next_cursor"] is None
    assert found == whole
    assert len(set(whole)) == 12


def test_days_and_behaviours_narrow_a_list(
    desk: Desk, client: FlaskClient, resident: Headers
) -> None:
    desk.send(*(tap(day, f"2026-03-0{day}T08:00:00+08:00") for day in "12345"))
    desk.send(act("m", "metro_ride", "2026-03-03T12:00:00+08:00"))
    days = [
        i["earned_on"][-1]
        for i in listed(client, resident, "?from=2026-03-02&to=2026-03-03")["items"]
    ]
    assert days == ["3", "3", "2"]
    only = listed(client, resident, "?behaviour=metro_ride")["items"]
    assert [item["behaviour"] for item in only] == ["metro_ride"]
    assert listed(client, resident, "?from=2026-03-05&to=2026-03-01")["items"] == []


@pytest.mark.parametrize(
    "query",
    ["cursor=xyz", "cursor=W10", "limit=0", "limit=201", "from=yesterday", "from=0001-01-01",
     "to=9999-12-31", "behaviour=A%00", "cursor=WyIyMDI2LTAzLTA5IiwgIjIwMjYiLCAiMDAiXQ"],
)  # fmt: skip
def test_a_question_that_makes_no_sense_is_refused(
    client: FlaskClient, resident: Headers, query: str
) -> None:
    answer = client.get(f"/v1/me/activities?{query}", headers=resident)
    assert answer.status_code == 422
    name = query.partition("=")[0]
    assert answer.get_json()["errors"][0]["pointer"] == f"/query/{name}"


def test_another_persons_acts_do_not_exist(
    desk: Desk, client: FlaskClient, resident: Headers
) -> None:
    sent = desk.one(tap("t1"))
    other = bearer(sign_in(client, "13800000002"))
    assert listed(client, other)["items"] == []
    for unknown in (sent["id"], "act_00000000000000000000000000", "act_x", "trf_1"):
        answer = client.get(f"/v1/me/activities/{unknown}", headers=other)
        assert (answer.status_code, answer.get_json()["code"]) == (404, "unknown_activity")


def test_the_working_of_a_tap_tells_everything(desk: Desk, working: Working) -> None:
    desk.send(tap("t1", vehicle="bus 7", vehicle_energy="electric", line="1"))
    found = working("t1")
    assert found["titles"]["title_zh"] == "公交出行"
    assert found["formula"]["numbers"] == "1 trip × 80 gCO2/trip = 80.000 g"
    assert found["formula"]["words_en"].startswith("With a distance")
    assert [(p["name"], p["value"], p["from"]) for p in found["parameters"]] == [
        ("flat", "80", "2020-02-19")
    ]
    assert found["parameters"][0]["reference"]["url"].startswith("http")
    assert found["parameters"][0]["approved_by"]
    assert [(c["name"], c["applied"]) for c in found["caps"]] == [("per_day_trips", False)]
    assert (found["unit"], found["measure"], found["allowed"]) == ("act", "1", "1")
    assert (found["due_on"], found["points_a_kilogram"]) == ("2026-03-10", "100.00")
    assert {(e["name"], e["keep"], e["value"]) for e in found["evidence"]} == {
        ("vehicle", "hash", None),
        ("vehicle_energy", "value", "electric"),
    }
    assert (found["history"], found["portions"], found["reversal"]) == ([], [], None)
    assert len(found["transfers"]) == 1


def test_the_working_names_transfers_that_the_flow_of_points_shows(
    desk: Desk, working: Working, client: FlaskClient, resident: Headers
) -> None:
    sent = desk.one(tap("t1"))
    entries = client.get("/v1/me/points/entries", headers=resident).get_json()["items"]
    assert [entry["id"] for entry in entries if entry["cause"] == sent["id"]] == working("t1")[
        "transfers"
    ]


def test_a_capped_act_says_how_much_of_it_is_paid(desk: Desk, working: Working) -> None:
    desk.send(tap("t1", quantity="50", unit="km"), tap("t2", "2026-03-09T12:00:00+08:00",
              quantity="25.5", unit="km"))  # fmt: skip
    found = working("t2")
    assert found["formula"]["numbers"] == (
        "25.5 km × 26.9 gCO2/person-km = 685.950 g; per_day_km leaves 269.000 g"
    )
    assert (found["unit"], found["measure"], found["allowed"]) == ("km", "25.5", "10")
    assert [cap["name"] for cap in found["caps"] if cap["applied"]] == ["per_day_km"]


def test_a_score_that_changed_keeps_its_history(desk: Desk, working: Working) -> None:
    desk.send(act("p1", "mobile_payment", YESTERDAY, amount="2.00", payment_id="x"))
    desk.send(tap("t1", payment_id="x"))
    found = working("p1")
    assert (found["status"], found["reason"], found["points"]) == ("overlapped", "PAY", "0.00")
    assert [(h["status"], h["points"], h["rulebook"]) for h in found["history"]] == [
        ("credited", "0.50", found["rulebook"])
    ]
    assert len(found["transfers"]) == 2
    assert found["formula"]["numbers"].endswith(
        "; not paid here, another report holds this act (PAY)"
    )


def test_a_reversal_shows_its_reason(desk: Desk, working: Working) -> None:
    desk.send(tap("t1"))
    desk.reverse("t1", reason="the fare was paid back")
    found = working("t1")
    assert found["status"] == "reversed"
    assert found["reversal"] == {
        "reason": "the fare was paid back",
        "at": "2026-03-10T12:00:00+08:00",
    }
    assert len(found["history"]) == 1


def test_an_act_is_explained_by_the_edition_that_scored_it(
    desk: Desk, working: Working, house: House
) -> None:
    files = json.loads(house.rules.text)
    name = "behaviours/bus_ride.toml"
    files[name] = files[name].replace("value = 80\n", "value = 70\n")
    former = Rulebook.from_text(json.dumps(files))
    with replace(house, rules=former).work(Actor("test")) as work:
        client = identity.find_client(work, desk.id)
        assert client is not None
        provider = activities.Provider(client.id, client.wire, None)
        activities.record(work, provider, [tap("t1")])
    found = working("t1")
    assert found["rulebook"] == former.digest != house.rules.digest
    assert found["formula"]["numbers"] == "1 trip × 70 gCO2/trip = 70.000 g"
    assert found["points"] == "7.00"
    assert desk.one(tap("t1"))["rulebook"] == former.digest
