"""Query 2: what a resident's acts saved, by five keys, over any days."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.kernel import FixedClock
from tests.activities.desk import Desk, act
from tests.conftest import Headers

CODES = ("bus_ride", "metro_ride")


def months(desk: Desk) -> None:
    """Acts on both edges of several months, and a device that is released over a year."""
    days = ("2025-11-30", "2025-12-01", "2025-12-31", "2026-01-15", "2026-02-01", "2026-02-28",
            "2026-03-01", "2026-03-10")  # fmt: skip
    desk.send(
        *(act(f"{c}{d}", c, f"{d}T{h:02d}:00:00+08:00") for d in days for h, c in enumerate(CODES)),
        act("cup", "own_cup", "2026-01-15T12:00:00+08:00", order_id="o"),
        act("zero", "online_transfer", "2026-01-15T12:00:00+08:00", amount="1"),
        act("fridge", "efficient_appliance", "2025-12-20T12:00:00+08:00", order_id="f",
            product_type="refrigerator", label_kwh_year="200", reference_kwh_year="310.5"),
    )  # fmt: skip
    desk.reverse("bus_ride2026-01-15")


def reductions(client: FlaskClient, resident: Headers, query: str) -> dict[str, Any]:
    answer = client.get(f"/v1/me/reductions?{query}", headers=resident)
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json()


def milligrams(row: dict[str, Any]) -> int:
    return int(row["reduction_g"].replace(".", ""))


def hundredths(row: dict[str, Any]) -> int:
    return int(row["points"].replace(".", ""))


def test_reductions_by_month_and_by_behaviour(
    desk: Desk, client: FlaskClient, resident: Headers
) -> None:
    months(desk)
    items = reductions(client, resident, "by=month")["items"]
    assert [(row["key"], row["count"]) for row in items] == [
        ("2025-11", 2), ("2025-12", 5), ("2026-01", 2), ("2026-02", 4), ("2026-03", 4),
    ]  # fmt: skip
    assert items[0] == {"key": "2025-11", "reduction_g": "126.000", "points": "12.60", "count": 2}
    by_behaviour = reductions(client, resident, "")["items"]
    assert [(row["key"], row["count"]) for row in by_behaviour] == [
        ("bus_ride", 7), ("efficient_appliance", 1), ("metro_ride", 8), ("own_cup", 1),
    ]  # fmt: skip


SPANS = [
    "", "to=2026-02-28", "from=2025-12-01", "from=2025-12-02&to=2026-02-27",
    "from=2026-01-10&to=2026-01-20", "from=2026-02-01&to=2026-02-28", "from=2025-12-31",
    "to=2026-03-05", "from=2026-03-01", "to=2026-12-31", "from=2026-03-02&to=2026-03-09",
]  # fmt: skip


@pytest.mark.parametrize("span", SPANS)
def test_every_key_sums_to_the_same_total_as_the_days(
    desk: Desk, client: FlaskClient, resident: Headers, span: str
) -> None:
    months(desk)
    first = "" if "from" in span else "&from=2025-06-01"
    days = reductions(client, resident, f"by=day&{span}{first}")
    assert sum(map(milligrams, days["items"])) == milligrams(days["total"])
    for by in ("behaviour", "category", "dimension", "month"):
        found = reductions(client, resident, f"by={by}&{span}")
        assert found["total"] == days["total"]
        assert sum(map(milligrams, found["items"])) == milligrams(found["total"])
        assert sum(map(hundredths, found["items"])) == hundredths(found["total"])
        assert [row["key"] for row in found["items"]] == sorted(
            row["key"] for row in found["items"]
        )


def test_what_a_later_month_releases_is_not_counted_before(
    desk: Desk, client: FlaskClient, resident: Headers, clock: FixedClock
) -> None:
    fridge = {"order_id": "f", "product_type": "refrigerator"}
    years = {"label_kwh_year": "200", "reference_kwh_year": "320"}
    desk.send(act("f", "efficient_appliance", "2025-12-20T12:00:00+08:00", **fridge, **years))
    assert reductions(client, resident, "")["total"]["reduction_g"] == "19230.000"
    clock.instant += timedelta(days=10)  # the fourth part is of the 20th of March
    assert reductions(client, resident, "")["total"]["reduction_g"] == "25640.000"
    clock.instant += timedelta(days=365)
    assert reductions(client, resident, "")["total"]["reduction_g"] == "76920.000"


def test_a_reduction_is_shared_among_its_dimensions_to_the_milligram(
    desk: Desk, client: FlaskClient, resident: Headers
) -> None:
    desk.send(act("t", "bus_ride", "2026-03-09T08:00:00+08:00", quantity="0.001", unit="km"))
    desk.send(*(act(f"c{n}", "own_cup", f"2026-03-0{n}T08:00:00+08:00", order_id=f"o{n}")
                for n in (8, 9)))  # fmt: skip
    found = reductions(client, resident, "by=dimension")
    assert found["items"] == [
        {"key": "energy", "reduction_g": "0.026", "points": "0.00", "count": 1},
        {"key": "paper", "reduction_g": "16.820", "points": "1.68", "count": 2},
        {"key": "water", "reduction_g": "16.820", "points": "1.68", "count": 2},
    ]
    assert found["total"] == {"reduction_g": "33.666", "points": "3.36", "count": 3}


def test_by_day_looks_back_a_month_unless_asked(
    desk: Desk, client: FlaskClient, resident: Headers
) -> None:
    days = (date(2026, 3, 10), date(2026, 2, 8), date(2026, 2, 7))
    desk.send(*(act(str(day), "bus_ride", f"{day}T08:00:00+08:00") for day in days))
    found = reductions(client, resident, "by=day")["items"]
    assert [row["key"] for row in found] == ["2026-02-08", "2026-03-10"]
    assert len(reductions(client, resident, "by=day&from=2025-03-10")["items"]) == 3
    answer = client.get("/v1/me/reductions?by=day&from=2025-03-09", headers=resident)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "too_many_days")


@pytest.mark.parametrize("query", ["by=year", "from=x", "by=day&to=0001-01-01&from=9999-12-31"])
def test_odd_questions_get_an_answer_or_a_refusal(
    client: FlaskClient, resident: Headers, query: str
) -> None:
    answer = client.get(f"/v1/me/reductions?{query}", headers=resident)
    assert answer.status_code == (200 if "9999" in query else 422)


def test_an_equivalent_comes_with_its_source(
    desk: Desk, client: FlaskClient, resident: Headers
) -> None:
    desk.send(act("e", "ev_charging", "2026-03-09T08:00:00+08:00", quantity="20", unit="kWh"))
    (car,) = reductions(client, resident, "")["equivalents"]
    assert (car["what"], car["value"], car["per"]) == ("car_km", "59.3", "167.4 gCO2e/km")
    assert car["reference"]["title"]
