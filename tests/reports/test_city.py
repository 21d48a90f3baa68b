"""A month of the city as operators see it: what is told, and what is hidden together."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.kernel import FixedClock
from tests.conftest import Headers
from tests.redemption.market import CUP, Market
from tests.reports.hall import Hall

NUMBERS = ("tonnes", "acts", "points", "active")


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    return make_app(access_seconds=400 * 86_400, transparency_seconds=0)


@pytest.fixture
def hall(app: Flask, clock: FixedClock) -> Hall:
    return Hall.opened(app, clock, residents=30)


def row(rows: list[dict[str, Any]], name: str, code: str) -> list[Any]:
    """The numbers of one row."""
    (found,) = [each for each in rows if each[name] == code]
    return [found[each] for each in NUMBERS]


def test_before_the_first_night_nothing_is_told(hall: Hall) -> None:
    found = hall.city("2026-03")
    assert (found["as_of"], found["until"], found["by_day"]) == (None, None, [])
    assert [found[name] for name in (*NUMBERS, "registered", "coverage_pct")] == [None] * 6
    assert {"tonnes", "by_category.travel", "by_behaviour.bus_ride"} <= {*found["suppressed"]}


def test_a_month_by_category_behaviour_and_day(hall: Hall) -> None:
    hall.rides(range(27), "2026-03-08")
    hall.rides(range(12), "2026-03-09", "metro_ride")
    hall.night()
    found = hall.city("2026-03")
    assert (found["as_of"], found["until"]) == ("2026-03-10T12:00:00+08:00", "2026-03-09")
    # 27 rides of 80 g, 12 of 46 g.
    assert [found[name] for name in NUMBERS] == ["0.002712", 39, "271.20", 27]
    assert (found["registered"], found["coverage_pct"]) == (30, "90.0")
    assert row(found["by_category"], "category", "travel") == ["0.002712", 39, "271.20", 27]
    assert row(found["by_behaviour"], "behaviour", "bus_ride") == ["0.002160", 27, "216.00", 27]
    assert row(found["by_day"], "day", "2026-03-09") == ["0.000552", 12, "55.20", 12]
    assert [each["day"] for each in found["by_day"]] == [f"2026-03-0{n}" for n in range(1, 10)]
    assert row(found["by_category"], "category", "recycling") == [None] * 4
    assert "by_category.recycling" in found["suppressed"]
    bus = next(each for each in found["by_behaviour"] if each["behaviour"] == "bus_ride")
    assert (bus["title_en"], bus["category"]) == ("City bus ride", "travel")
    assert hall.get("/v1/reports/city") == found


def test_one_small_behaviour_hides_the_smallest_of_its_category(hall: Hall) -> None:
    hall.rides(range(27), "2026-03-08")
    hall.rides(range(12), "2026-03-07", "metro_ride")
    hall.rides(range(3), "2026-03-06", "shared_bike_ride")
    hall.night()
    found = hall.city("2026-03")
    assert row(found["by_category"], "category", "travel")[3] == 27
    assert row(found["by_behaviour"], "behaviour", "shared_bike_ride") == [None] * 4
    assert row(found["by_behaviour"], "behaviour", "metro_ride") == [None] * 4
    assert row(found["by_behaviour"], "behaviour", "bus_ride") == ["0.002160", 27, "216.00", 27]
    assert {"by_behaviour.shared_bike_ride", "by_behaviour.metro_ride"} <= {*found["suppressed"]}
    assert "by_behaviour.bus_ride" not in found["suppressed"]


def paper(hall: Hall, card: int) -> dict[str, Any]:
    item = hall.ride(card, "2026-03-08", "waste_paper_recycling")
    return item | {"quantity": "3", "unit": "kg", "evidence": {"site": "east gate"}}


def test_a_category_that_is_hidden_takes_its_behaviours_with_it(hall: Hall) -> None:
    """Three recycled: the whole less travel would say what they saved, so travel is hidden; and
    travel is the sum of its behaviours, so these are hidden as well."""
    hall.rides(range(27), "2026-03-08")
    hall.rides(range(12), "2026-03-07", "metro_ride")
    assert {each.status for each in hall.town.record(*(paper(hall, n) for n in range(3)))} <= {
        "credited", "pending",
    }  # fmt: skip
    hall.night()
    found = hall.city("2026-03")
    assert found["active"] == 27
    assert not any(each["tonnes"] for each in (*found["by_category"], *found["by_behaviour"]))


def test_a_quiet_day_hides_the_quietest_of_the_others(hall: Hall) -> None:
    for day, people in (("2026-03-05", 20), ("2026-03-06", 11), ("2026-03-07", 2)):
        hall.rides(range(people), day)
    hall.night()
    told = {each["day"]: each["active"] for each in hall.city("2026-03")["by_day"]}
    assert {day: count for day, count in told.items() if count} == {"2026-03-05": 20}


def test_a_small_month_hides_the_smallest_of_the_others(hall: Hall) -> None:
    """What all months come to is public."""
    for day, people in (("2026-01-05", 2), ("2026-02-06", 11), ("2026-03-07", 20)):
        hall.rides(range(people), day)
    hall.night()
    found = [hall.city(f"2026-0{month}") for month in (1, 2, 3)]
    assert [each["active"] for each in found] == [None, None, 20]
    assert not any(each["tonnes"] for each in found[1]["by_day"])


def test_older_months_have_no_days(hall: Hall) -> None:
    hall.rides(range(20), "2026-01-05")
    hall.night()
    found = hall.city("2026-01")
    assert (found["active"], found["by_day"]) == (20, [])


def test_fewer_than_ten_accounts_are_not_told(app: Flask, clock: FixedClock) -> None:
    hall = Hall.opened(app, clock, residents=9)
    hall.rides(range(9), "2026-03-09")
    hall.night()
    found = hall.city("2026-03")
    assert [found[name] for name in ("active", "registered", "coverage_pct")] == [None] * 3
    assert {"active", "registered", "coverage_pct"} <= {*found["suppressed"]}


def test_benefits_of_a_month(app: Flask, clock: FixedClock, hall: Hall) -> None:
    market = Market(app, clock, app.test_client())
    shop = market.shop("harbour_coffee")
    people = [market.person() for _ in range(11)]
    for person in people:
        market.redeemed(shop, person, CUP)
    again = market.redeemed(shop, market.person(), CUP)
    market.post(f"/v1/redemptions/{again['id']}/void", shop)
    hall.next_night()
    cup = {each["benefit"]: each for each in hall.city("2026-03")["benefits"]}[CUP]
    assert [cup[name] for name in ("redeemed", "points", "cash", "funder_owes")] == [
        11, "165.00", "0.00", "22.00",
    ]  # fmt: skip
    (left,) = [each for each in hall.cockpit()["benefits"] if each["benefit"] == CUP]
    assert left["redeemed_30d"] == 11
    other = next(each for each in hall.city("2026-02")["benefits"] if each["benefit"] == CUP)
    assert other["redeemed"] is None


@pytest.mark.parametrize("month", ["2026-3", "2026-13", "0000-01", "now"])
def test_a_month_is_a_month(hall: Hall, client: FlaskClient, month: str) -> None:
    answer = client.get(f"/v1/reports/city?month={month}", headers=hall.operator)
    assert answer.status_code == 422


@pytest.mark.parametrize("path", ["/v1/reports/city", "/v1/reports/cockpit"])
def test_only_operators_see_them(
    client: FlaskClient, resident: Headers, provider: Headers, path: str
) -> None:
    assert client.get(path).status_code == 401
    for headers in (resident, provider):
        assert client.get(path, headers=headers).status_code == 403
