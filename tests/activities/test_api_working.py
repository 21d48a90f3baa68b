"""The formula of every method, said with the numbers of one act."""

from typing import Any

import pytest

from app.activities import explaining, valuation
from tests.activities.desk import Desk, Working, act

YESTERDAY = "2026-03-09T08:00:00+08:00"


def test_every_method_has_its_sentence() -> None:
    assert explaining.EXPLAINED == valuation.METHOD_NAMES


HOME = {"meter": "m", "household_size": 3}
WATER = HOME | {"period_start": "2026-02-01", "period_end": "2026-02-28", "m3": "6"}
ACTS: list[tuple[str, dict[str, Any], set[str]]] = [
    ("1 ride × 52 gCO2/ride = 52.000 g", {"behaviour": "shared_bike_ride"}, {"flat"}),
    (
        "7300 step ÷ 500 step → 14 whole blocks × 8.2 gCO2/block = 114.800 g",
        {"behaviour": "walking", "quantity": "7300", "day": "2026-03-09", "device": "d"},
        {"block", "reduction"},
    ),
    (
        "20 kWh × (167.4 gCO2e/km ÷ 0.15 kWh/km − 619.1 gCO2/kWh) = 9938.000 g",
        {"behaviour": "ev_charging", "quantity": "20"},
        {"car", "consumption", "grid"},
    ),
    ("1 pass × ", {"behaviour": "etc_toll_pass", "fuel_type": "petrol"}, {"fuel", "combustion"}),
    (
        "2 sheet × ",
        {"behaviour": "egov_online_service", "case_id": "c", "fully_online": False, "sheets": 2},
        {"sheet"},
    ),
    (
        " + 1 visit × ",
        {"behaviour": "egov_online_service", "case_id": "c", "fully_online": True},
        {"sheet", "sheets", "visit"},
    ),
    ("3 invoice × ", {"behaviour": "e_invoice", "quantity": "3"}, {"sheets", "sheet"}),
    ("1 bill × ", {"behaviour": "online_utility_bill", "utility_type": "gas", "account": "a",
                   "billing_period": "2026-02"}, {"reduction"}),
    (
        "(2.6 kWh/person-day × 3 persons − 6.5 kWh − 0.3 kWh of a car) × 619.1 gCO2/kWh",
        {"behaviour": "household_electricity_saving", "day": "2026-03-09", "kwh": "6.5",
         "ev_kwh": "0.3"} | HOME,
        {"baseline", "vacancy", "share", "grid"},
    ),
    (
        "(0.1 m3/person-day × 3 persons × 28 days − 6 m3) × (168 gCO2e/m3 + 432 gCO2e/m3)",
        {"behaviour": "household_water_saving"} | WATER,
        {"baseline", "vacancy", "share", "supply", "wastewater"},
    ),
    (
        "(8.5 m3 a year before − 6 m3) × ",
        {"behaviour": "household_water_saving", "m3_same_period_last_year": "8.5"} | WATER,
        {"vacancy", "share", "supply", "wastewater"},
    ),
    (
        "(310.5 kWh − 200 kWh) × 619.1 gCO2/kWh",
        {"behaviour": "efficient_appliance", "order_id": "o", "product_type": "refrigerator",
         "label_kwh_year": "200", "reference_kwh_year": "310.5"},
        {"grid", "parts"},
    ),
    (
        "955 h × 3.5 kW × (1 ÷ 4.00 − 1 ÷ 5.2) × ",
        {"behaviour": "efficient_appliance", "order_id": "o", "product_type": "air_conditioner",
         "rated_kw": "3.5", "apf": "5.2"},
        {"grid", "parts", "cooling_hours", "reference_apf", "grade1_apf"},
    ),
    (
        " L/use − 3.5 L/use) × ",
        {"behaviour": "water_efficient_fixture", "order_id": "o", "product_type": "wc",
         "label_litres": "3.5", "household_size": 1},
        {"parts", "grade1_litres", "reference_litres", "uses", "supply", "wastewater"},
    ),
    (
        "2.5 kg × 1650 gCO2e/kg = 4125.000 g",
        {"behaviour": "recyclables_other", "quantity": "2.5", "material": "steel"},
        {"steel"},
    ),
    ("1 cup × ", {"behaviour": "own_cup", "order_id": "o"},
     {"cup", "board", "wash", "supply", "wastewater"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "item", "used"), ACTS, ids=[f"{n}-{row[1]['behaviour']}" for n, row in enumerate(ACTS)]
)
def test_the_formula_is_said_with_the_acts_own_numbers(
    desk: Desk, working: Working, said: str, item: dict[str, Any], used: set[str]
) -> None:
    sent = desk.one(act("t1", at=YESTERDAY, **item))
    found = working("t1")
    assert sent["status"] in {"credited", "pending"}, sent
    assert said in found["formula"]["numbers"]
    assert found["formula"]["numbers"].endswith(f" = {sent['reduction_g']} g")
    assert found["reduction_g"] == sent["reduction_g"] != "0.000"
    assert {each["name"] for each in found["parameters"]} == used


def test_what_is_released_over_a_year_shows_its_twelve_parts(desk: Desk, working: Working) -> None:
    sent = desk.one(
        act("t1", "efficient_appliance", "2025-12-31T08:00:00+08:00", order_id="o",
            product_type="refrigerator", label_kwh_year="200", reference_kwh_year="300")
    )  # fmt: skip
    parts = working("t1")["portions"]
    assert [part["earned_on"] for part in parts[:3]] == ["2025-12-31", "2026-01-31", "2026-02-28"]
    assert len(parts) == 12
    milligrams = sum(int(part["reduction_g"].replace(".", "")) for part in parts)
    assert milligrams == int(sent["reduction_g"].replace(".", ""))


def test_a_meter_above_its_baseline_shows_the_mean_it_was_compared_with(
    desk: Desk, working: Working
) -> None:
    desk.send(
        *(
            act(f"e{n}", "household_electricity_saving", f"2026-03-0{n}T23:00:00+08:00",
                meter="m", day=f"2026-03-0{n}", kwh=kwh, household_size=1)
            for n, kwh in enumerate(["10", "11", "12", "13", "12", "11", "10", "9"], start=1)
        )
    )  # fmt: skip
    found = working("e8")
    assert found["formula"]["numbers"].startswith(
        "(11.285 kWh as the mean of 7 days before − 9 kWh) × 619.1 gCO2/kWh"
    )
    assert (found["measure"], found["allowed"]) == ("2.285", "2.285")
    assert working("e1")["formula"]["numbers"] == "0.000 g (history_too_short)"


def test_a_saving_beyond_its_share_of_the_baseline_is_cut_there(
    desk: Desk, working: Working
) -> None:
    desk.send(act("t1", "household_water_saving", YESTERDAY, m3_same_period_last_year="10",
                  **WATER | {"m3": "5"}))  # fmt: skip
    found = working("t1")
    assert (found["status"], found["reason"]) == ("capped", "share_of_baseline")
    assert (found["measure"], found["allowed"]) == ("5", "3")
    assert found["caps"][-1] == {
        "name": "share_of_baseline",
        "period": "event",
        "unit": "m3",
        "limit": "3",
        "applied": True,
    }
