"""Meters beside each other, before and after each other: each finds what it is measured against."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from app.activities import tables
from app.kernel import FixedClock
from app.plumbing import House
from app.rulebook import Cap, Reference
from tests.activities.town import Town, act


@pytest.fixture
def town(house: House, clock: FixedClock) -> Town:
    return Town.found(house, clock)


def gas(
    name: str, first: str, last: str, m3: str, meter: str = "g1", **more: Any
) -> dict[str, Any]:
    return act(name, "household_gas_saving", f"{last}T20:00:00+08:00", meter=meter,
               period_start=first, period_end=last, m3=m3, **more)  # fmt: skip


def power(day: str, kwh: str, card: str = "card0", meter: str = "m", **more: Any) -> dict[str, Any]:
    return act(f"{card}/{meter}/{day}/{kwh}", "household_electricity_saving",
               f"{day}T23:00:00+08:00", card, meter=meter, day=day, kwh=kwh,
               household_size=3, **more)  # fmt: skip


def paid(town: Town) -> dict[str, int]:
    return {row.id.hex(): row.reduction_mg for row in town.rows(tables.activity)}


def test_a_second_gas_meter_leaves_the_first_its_last_year(town: Town) -> None:
    town.record(gas("old", "2025-02-09", "2025-03-08", "18.0"))
    answer = town.record(gas("new", "2026-02-09", "2026-03-08", "15.5"))[0]
    assert (answer.status, answer.reduction_mg) == ("credited", 5_400_000)
    other = town.record(gas("other", "2026-02-09", "2026-03-08", "15.5", "g2"))[0]
    assert other.reason == "history_too_short"
    assert town.audit() == []


def test_a_meter_freed_by_another_resident_counts_for_the_days_after_it(
    house: House, clock: FixedClock
) -> None:
    town = Town.found(house, clock, residents=2)
    town.record(power("2026-02-01", "10.0"))
    for day in range(1, 8):
        town.record(power(f"2026-02-{day:02d}", "10.0", "card1"))
    last = town.record(power("2026-02-08", "9.0", "card1"))[0]
    assert last.reason == "history_too_short", "the first day belongs to somebody else"
    town.reverse("card0/m/2026-02-01/10.0")
    town.job("activities.settle_freed")
    assert sum(row.reduction_mg for row in town.rows(tables.activity)) == 619_100
    assert town.audit() == []


def test_a_freed_reading_finds_the_week_behind_it(house: House, clock: FixedClock) -> None:
    town = Town.found(house, clock, residents=2)
    for day in range(1, 8):
        town.record(power(f"2026-02-{day:02d}", "10.0", "card1"))
    town.record(power("2026-02-08", "9.0"))
    town.record(power("2026-02-08", "9.0", "card1"))
    town.reverse("card0/m/2026-02-08/9.0")
    town.job("activities.settle_freed")
    assert sum(row.reduction_mg for row in town.rows(tables.activity)) == 619_100
    assert town.audit() == []


def test_a_purchase_told_again_nets_the_months_of_the_one_that_counts(town: Town) -> None:
    def bought(name: str, day: str) -> dict[str, Any]:
        return act(name, "efficient_appliance", f"{day}T12:00:00+08:00", order_id="o",
                   product_type="refrigerator", label_kwh_year="100", reference_kwh_year="300",
                   vehicle=name)  # fmt: skip

    town.record(bought("late", "2025-03-06"))
    town.record(power("2026-03-04", "6.0"))
    town.record(bought("early", "2025-03-02"))
    assert town.audit() == []


def test_february_of_a_leap_year_answers_february(town: Town) -> None:
    town.clock.instant = datetime(2029, 3, 10, 4, tzinfo=UTC)
    town.record(gas("2029", "2029-02-01", "2029-02-28", "15.5"))
    town.record(gas("2028", "2028-02-01", "2028-02-29", "18.0"))
    found = sorted(paid(town).values())
    assert found == [0, 5_400_000]
    assert town.audit() == []


def with_caps(house: House, code: str, *caps: Cap) -> House:
    behaviour = house.rules.behaviours[code]
    changed = replace(behaviour, caps=(*behaviour.caps, *caps))
    behaviours = {**house.rules.behaviours, code: changed}
    return replace(house, rules=replace(house.rules, behaviours=behaviours, digest="d" * 64))


def a_month(unit: str, limit: str) -> Cap:
    return Cap("month", unit, Decimal(limit), "assumption", Reference("for a test"))


def test_a_month_cap_on_a_meter_measures_against_the_week_before_the_month(
    house: House, clock: FixedClock
) -> None:
    house = with_caps(house, "household_electricity_saving", a_month("kWh", "1.5"))
    town = Town.found(house, clock)
    for day in range(22, 29):
        town.record(power(f"2026-02-{day:02d}", "10.0"))
    for day in range(1, 5):
        town.record(power(f"2026-03-{day:02d}", "9.0"))
        assert town.audit() == []
    assert sum(row.reduction_mg for row in town.rows(tables.activity)) == 619_100 * 3 // 2
    town.record(power("2026-03-09", "7.5"))
    assert town.audit() == []
