"""The catalogue: open to anybody, cached by its bytes, honest about its sources."""

import json
from dataclasses import replace
from datetime import UTC, datetime

from flask.testing import FlaskClient

from app.activities import catalogue
from app.kernel import FixedClock
from app.plumbing import House
from app.rulebook import Rulebook


def test_all_behaviours_are_listed_with_what_they_earn(client: FlaskClient) -> None:
    answer = client.get("/v1/behaviours")
    items = answer.get_json()["items"]
    assert len(items) == 29
    assert [item["number"] for item in items] == sorted(item["number"] for item in items)
    bus = items[0]
    assert {
        key: bus[key] for key in ("code", "title_zh", "title_en", "category", "dimensions", "unit")
    } == {
        "code": "bus_ride",
        "title_zh": "公交出行",
        "title_en": "City bus ride",
        "category": "travel",
        "dimensions": ["energy"],
        "unit": "km",
    }
    assert (bus["points_example"], bus["example"]) == ("8.00", "1 trip")
    assert bus["reduction_example_g"] == "80.000"
    assert [(cap["name"], cap["limit"]) for cap in bus["caps"]] == [
        ("per_day_trips", "6"),
        ("per_day_km", "60"),
    ]
    assert all(item["points_example"] != "0.00" for item in items)


def test_a_behaviour_shows_every_dated_value_with_its_source(client: FlaskClient) -> None:
    found = client.get("/v1/behaviours/ev_charging").get_json()
    grid = next(each for each in found["parameters"] if each["name"] == "grid")
    assert [value["value"] for value in grid["values"]] == ["683.8", "641.0", "619.1"]
    assert grid["source"] == "factors/grid_electricity.toml"
    assert all(value["reference"]["title"] and value["approved_by"] for value in grid["values"])
    evidence = {each["name"]: each for each in found["evidence"]}
    assert evidence["vehicle_use"]["choices"] == ["private", "commercial"]
    assert evidence["payment_id"]["keep"] == "hash"
    assert {"what": "vehicle_use", "values": ["private"]} in found["eligible"]
    walking = client.get("/v1/behaviours/walking").get_json()
    assert walking["refused"] == [{"what": "manual_entry", "values": ["true"]}]
    assert walking["plausible"] == [{"what": "quantity", "low": None, "high": "288000"}]
    assert walking["unchecked"]


def test_an_unknown_behaviour_is_not_found(client: FlaskClient) -> None:
    answer = client.get("/v1/behaviours/flying_less")
    assert (answer.status_code, answer.get_json()["code"]) == (404, "unknown_behaviour")


def test_the_rulebook_names_its_unverified_numbers(client: FlaskClient, house: House) -> None:
    found = client.get("/v1/rulebook").get_json()
    assert found["digest"] == house.rules.digest
    assert (found["pack"]["code"], found["in_force_since"]) == ("weihai", "2020-01-01")
    assert found["points_a_kilogram"] == "100.00"
    assert found["behaviours"] == 29
    assert len(found["unverified"]) == found["values_by_confidence"]["unverified"] > 0
    assert all(each["reference"]["title"] for each in found["unverified"])


def test_an_unchanged_answer_is_not_sent_again(client: FlaskClient) -> None:
    for path in ("/v1/behaviours", "/v1/behaviours/walking", "/v1/rulebook"):
        first = client.get(path)
        tag = first.headers["ETag"]
        assert not tag.startswith("W/")
        again = client.get(path, headers={"If-None-Match": tag})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
        assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
        assert "public" in first.headers["Cache-Control"]


def test_another_edition_has_another_tag(house: House) -> None:
    files = json.loads(house.rules.text)
    files["pack.toml"] = files["pack.toml"].replace("value = 10000", "value = 20000")
    other = Rulebook.from_text(json.dumps(files))
    today = datetime(2026, 3, 10, tzinfo=UTC).date()
    assert catalogue.behaviours(other, today)["items"][0]["points_example"] == "4.00"
    assert catalogue.behaviours(house.rules, today)["items"][0]["points_example"] == "8.00"
    assert replace(house, rules=other).rules.digest != house.rules.digest


def test_before_a_behaviour_is_in_force_its_example_earns_nothing(
    client: FlaskClient, clock: FixedClock
) -> None:
    clock.instant = datetime(2022, 1, 1, tzinfo=UTC)
    items = {item["code"]: item for item in client.get("/v1/behaviours").get_json()["items"]}
    assert items["walking"]["points_example"] == "0.00"
    assert items["bus_ride"]["points_example"] == "8.00"
