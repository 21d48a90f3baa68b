"""Two reports that are one act: who meets whom, and who stays."""

import pytest

from app.activities import tables
from app.kernel import FixedClock
from app.plumbing import House
from tests.activities.town import Town, act, status

AT = "2026-03-09T08:00:00+08:00"


@pytest.fixture
def town(house: House, clock: FixedClock) -> Town:
    return Town.found(house, clock)


def test_a_ride_over_midnight_meets_the_tap_of_the_next_day(town: Town) -> None:
    ride = act("m", "metro_ride", "2026-03-08T00:20:00+08:00",
               entry_time="2026-03-07T23:40:00+08:00",
               exit_time="2026-03-08T00:20:00+08:00")  # fmt: skip
    tap = act("b", "bus_ride", "2026-03-07T23:50:00+08:00")
    assert status(town, tap) == [("credited", None)]
    assert status(town, ride) == [("credited", None)]
    stored = {row.behaviour: (row.status, row.reason) for row in town.rows(tables.activity)}
    assert stored["bus_ride"] == ("overlapped", "TRIP"), "a pair of gates is stronger than a tap"
    assert town.audit() == []


@pytest.mark.parametrize("generic_first", [True, False])
def test_the_specific_beats_the_generic_whichever_arrives_first(
    town: Town, generic_first: bool
) -> None:
    pay = act("p", "mobile_payment", AT, amount="2.00", payment_id="77")
    ride = act("b", "bus_ride", "2026-03-09T08:03:00+08:00", payment_id="77")
    for item in (pay, ride) if generic_first else (ride, pay):
        town.record(item)
    found = {row.behaviour: (row.status, row.reason) for row in town.rows(tables.activity)}
    assert found == {"mobile_payment": ("overlapped", "PAY"), "bus_ride": ("credited", None)}
    assert town.wallet().available == 800
    assert town.audit() == []


def test_a_payment_without_its_number_is_known_by_merchant_amount_and_minutes(town: Town) -> None:
    ride = act("b", "bus_ride", AT, merchant_id="bus", amount="2.00")
    same = act("p", "mobile_payment", "2026-03-09T08:05:00+08:00", amount="2.00",
               payment_id="1", merchant_id="bus")  # fmt: skip
    later = act("q", "mobile_payment", "2026-03-09T08:05:01+08:00", amount="2.00",
                payment_id="2", merchant_id="bus")  # fmt: skip
    assert status(town, ride, same, later) == [
        ("credited", None), ("overlapped", "PAY"), ("credited", None),
    ]  # fmt: skip


def test_a_bill_given_up_by_one_resident_is_scored_for_the_one_who_waits(
    house: House, clock: FixedClock
) -> None:
    town = Town.found(house, clock, residents=2)
    bill = {"utility_type": "gas", "account": "9", "billing_period": "2026-02", "amount": "80"}
    first = act("a", "online_utility_bill", AT, "card0", **bill)
    second = act("b", "online_utility_bill", AT, "card1", **bill)
    assert status(town, first, second) == [("credited", None), ("overlapped", "DOC")]
    town.reverse("a")
    assert town.wallet(1).available == 0
    assert town.job("activities.settle_freed") == 1
    assert (town.wallet(0).available, town.wallet(1).available) == (0, 890)
    assert town.audit() == []


@pytest.mark.parametrize("generic_first", [True, False])
def test_a_payment_for_what_has_no_price_group_is_no_second_act(
    town: Town, generic_first: bool
) -> None:
    details = {"label_kwh_year": "100", "reference_kwh_year": "300", "payment_id": "77"}
    fridge = act("f", "efficient_appliance", AT, order_id="o", product_type="refrigerator",
                 **details)  # fmt: skip
    pay = act("p", "mobile_payment", "2026-03-05T08:00:00+08:00", amount="2000", payment_id="77")
    for item in (pay, fridge) if generic_first else (fridge, pay):
        town.record(item)
    found = {row.behaviour: (row.status, row.reason) for row in town.rows(tables.activity)}
    assert found == {
        "mobile_payment": ("overlapped", "PAY"), "efficient_appliance": ("credited", None),
    }  # fmt: skip
    assert town.audit() == []


def test_a_priced_act_before_midnight_meets_the_payment_after_it(town: Town) -> None:
    paid = {"merchant_id": "m", "amount": "2.00"}
    town.record(act("p", "mobile_payment", "2026-03-08T23:59:00+08:00", payment_id="1", **paid))
    town.record(act("c", "egov_online_service", "2026-03-09T00:01:00+08:00", case_id="c",
                    fully_online=True, **paid))  # fmt: skip
    found = {row.behaviour: row.status for row in town.rows(tables.activity)}
    assert found == {"mobile_payment": "overlapped", "egov_online_service": "credited"}
    assert town.audit() == []


def test_a_restated_act_no_longer_stands_in_the_way_of_a_payment(town: Town) -> None:
    """Steps that name a debit show that it was no bare payment, until larger steps restate them."""
    day = "2026-03-08"
    paid = act("p", "mobile_payment", AT, amount="20.00", payment_id="1")
    steps = act("few", "walking", AT, quantity="6000", unit="step", day=day,
                device="d", payment_id="1")  # fmt: skip
    more = act("more", "walking", AT, quantity="7250", unit="step", day=day, device="d")
    assert status(town, paid) == [("credited", None)]
    assert status(town, steps) == [("credited", None)]
    assert town.audit() == []
    town.record(more)
    assert town.audit() == []
    town.reverse("more")
    assert town.audit() == []
    found = {row.behaviour: row.reason for row in town.rows(tables.activity) if row.reason}
    assert found == {"mobile_payment": "PAY"}
