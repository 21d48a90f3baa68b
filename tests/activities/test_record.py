"""What a provider sends and what becomes of it: days, bounds, corrections, one story each."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app import consent
from app.activities import tables
from app.consent.store import binding
from app.kernel import FixedClock
from app.plumbing import House
from tests.activities.town import TESTER, Town, act, status

AT = "2026-03-09T08:00:00+08:00"


@pytest.fixture
def town(house: House, clock: FixedClock) -> Town:
    return Town.found(house, clock)


def test_the_same_reference_in_one_batch_counts_once(town: Town) -> None:
    ride = act("r", "bus_ride", AT)
    other = act("r", "bus_ride", AT, line="another")
    assert status(town, ride, ride, other) == [
        ("credited", None), ("duplicate", None), ("rejected", "reference_reused"),
    ]  # fmt: skip
    assert status(town, ride, other) == [("duplicate", None), ("rejected", "reference_reused")]
    assert town.wallet().available == 800


def test_a_reference_of_another_person_is_reused(house: House, clock: FixedClock) -> None:
    town = Town.found(house, clock, residents=2)
    assert status(town, act("r", "bus_ride", AT)) == [("credited", None)]
    reused = act("r", "bus_ride", AT, "card1")
    assert status(town, reused) == [("rejected", "reference_reused")]


def test_a_rejected_reference_stays_free(town: Town) -> None:
    bad = act("r", "bus_ride", AT, quantity="-1", unit="km")
    assert status(town, bad) == [("rejected", "bad_quantity")]
    assert status(town, act("r", "bus_ride", AT)) == [("credited", None)]


def test_one_bad_item_never_fails_the_others(town: Town) -> None:
    found = status(town, act("a", "?", AT), act("b", "bus_ride", AT), act("c", "bus_ride", AT, "?"))
    assert [state for state, _ in found] == ["rejected", "credited", "rejected"]


@pytest.mark.parametrize(
    ("behaviour", "more", "reason"),
    [
        ("bus_ride", {"quantity": "0", "unit": "km"}, "bad_quantity"),
        ("bus_ride", {"quantity": "-3", "unit": "km"}, "bad_quantity"),
        ("bus_ride", {"quantity": "1000001", "unit": "km"}, "bad_quantity"),
        ("bus_ride", {"quantity": "NaN", "unit": "km"}, "bad_quantity"),
        ("bus_ride", {"quantity": "Infinity", "unit": "km"}, "bad_quantity"),
        ("bus_ride", {"quantity": "1e3", "unit": "km"}, "bad_quantity"),
        ("bus_ride", {"quantity": "1.2345", "unit": "km"}, "bad_quantity"),
        ("bus_ride", {"quantity": "٣", "unit": "km"}, "bad_quantity"),
        ("bus_ride", {"quantity": "3", "unit": "mile"}, "bad_quantity"),
        ("shared_ebike_ride", {}, "bad_quantity"),
        ("e_card_application", {"quantity": "1", "application_id": "a"}, "bad_quantity"),
        ("parcel_box_reuse", {"quantity": "1.5", "unit": "box"}, "bad_quantity"),
        ("walking", {"quantity": "9", "unit": "step"}, "bad_evidence"),
        ("etc_toll_pass", {"fuel_type": "steam"}, "bad_evidence"),
        ("egov_online_service", {"case_id": "c", "fully_online": "yes"}, "bad_evidence"),
        ("online_transfer", {"amount": "ten"}, "bad_evidence"),
        ("bus_ride", {"note": "x" * 2048}, "bad_evidence"),
        ("walking", {"quantity": "9", "unit": "step", "day": "2026-02-30", "device": "d"},
         "bad_evidence"),
        ("walking", {"quantity": "300000", "unit": "step", "day": "2026-03-09", "device": "d"},
         "implausible"),
        ("walking", {"quantity": "9", "unit": "step", "day": "2026-03-09", "device": "d",
                     "manual_entry": True}, "implausible"),
        ("shared_bike_ride", {"quantity": "9", "unit": "km"}, "implausible"),
        ("shared_bike_ride", {"quantity": "2", "unit": "km", "unlock_time": AT,
                              "lock_time": "2026-03-09T08:03:00+08:00"}, "implausible"),
        ("metro_ride", {"entry_station": "A", "exit_station": "A", "entry_time": AT,
                        "exit_time": "2026-03-09T08:10:00+08:00"}, "implausible"),
        ("metro_ride", {"entry_time": AT, "exit_time": "2026-03-09T07:50:00+08:00"},
         "bad_evidence"),
    ],
)  # fmt: skip
def test_bad_quantity_and_bad_evidence_are_told(
    town: Town, behaviour: str, more: dict[str, Any], reason: str
) -> None:
    assert status(town, act("r", behaviour, AT, **more)) == [("rejected", reason)]
    assert town.wallet().available == 0


def test_an_act_counts_only_within_the_days_of_the_binding(house: House, clock: FixedClock) -> None:
    town = Town.found(house, clock)
    with house.work(TESTER) as work:
        key = consent.subject_hash(work, town.providers[0].id, "late")
        found = consent.hold(work, town.providers[0].id, key, town.residents[0], date(2026, 3, 5))
    before = act("a", "bus_ride", "2026-03-04T23:59:59+08:00", "late")
    first = act("b", "bus_ride", "2026-03-05T00:00:00+08:00", "late")
    assert status(town, before, first) == [("rejected", "no_consent"), ("credited", None)]
    with house.work(TESTER) as work:
        ends = {"until_day": date(2026, 3, 7), "revoked_at": work.now}
        work.db.execute(binding.update().where(binding.c.id == found.id).values(**ends))
    last = act("c", "bus_ride", "2026-03-07T23:59:59+08:00", "late")
    after = act("d", "bus_ride", "2026-03-08T00:00:00+08:00", "late")
    assert status(town, last, after) == [("credited", None), ("rejected", "no_consent")]


def test_the_future_and_the_far_past_are_refused(town: Town) -> None:
    town.clock.instant = datetime(2026, 3, 10, 4, tzinfo=UTC)  # noon in Shanghai
    soon = act("a", "bus_ride", "2026-03-10T12:04:00+08:00")
    later = act("b", "bus_ride", "2026-03-10T12:06:00+08:00")
    old = act("c", "bus_ride", "2025-02-02T08:00:00+08:00")
    assert status(town, soon, later, old) == [
        ("pending", None), ("rejected", "in_the_future"), ("rejected", "too_old"),
    ]  # fmt: skip
    ahead = act("d", "walking", AT, quantity="900", unit="step", day="2026-03-11", device="d")
    assert status(town, ahead) == [("rejected", "in_the_future")]


def test_the_local_day_decides_and_the_year_ends_in_shanghai(town: Town) -> None:
    town.clock.instant = datetime(2026, 1, 2, 4, tzinfo=UTC)
    kwh = {"quantity": "20.0", "unit": "kWh"}
    # 15:59:59 UTC is the last second of 30 December in Shanghai; the grid factor changes with it.
    last = act("a", "ev_charging", "2025-12-30T15:59:59Z", **kwh)
    first = act("b", "ev_charging", "2025-12-30T16:00:00Z", **kwh)
    answers = town.record(last, first)
    assert [answer.reduction_mg for answer in answers] == [9_500_000, 9_938_000]
    assert [row.earned_on for row in sorted(town.rows(tables.activity), key=lambda r: r.id)] == [
        date(2025, 12, 30), date(2025, 12, 31),
    ]  # fmt: skip


def test_a_correction_replaces_what_it_names(town: Town) -> None:
    town.record(act("a", "bus_ride", AT, quantity="6.0", unit="km"))
    fixed = act("b", "bus_ride", AT, quantity="3.0", unit="km", replaces="a")
    assert status(town, fixed) == [("credited", None)]
    assert town.wallet().available == 807
    unknown = act("c", "bus_ride", AT, replaces="nothing")
    assert status(town, unknown) == [("rejected", "unknown_replaced")]
    assert town.audit() == []


def test_a_reversal_is_answered_once_and_never_remembered_for_later(town: Town) -> None:
    assert town.reverse("r")[0].status == "unknown"
    town.record(act("r", "bus_ride", AT))
    assert [u.status for u in town.reverse("r", "r", "s")] == ["reversed", "already", "unknown"]
    assert town.reverse("r")[0].status == "already"
    assert town.wallet().available == 0
    assert status(town, act("r", "bus_ride", AT)) == [("duplicate", None)]


def test_a_provider_cannot_undo_what_another_reported(house: House, clock: FixedClock) -> None:
    town = Town.found(house, clock, providers=2)
    town.record(act("r", "bus_ride", AT))
    assert town.reverse("r", provider=1)[0].status == "unknown"
    assert town.wallet().available == 800


def test_a_restated_reading_scores_the_week_behind_it_again(town: Town) -> None:
    def reading(day: int, kwh: str, **more: Any) -> Any:
        return act(f"{day}/{kwh}", "household_electricity_saving",
                   f"2026-02-{day + 1:02d}T06:00:00+08:00", meter="m", kwh=kwh,
                   day=f"2026-02-{day:02d}", household_size=3, **more)  # fmt: skip

    for day in range(1, 8):
        assert status(town, reading(day, "10.0")) == [("credited", "history_too_short")]
    assert status(town, reading(8, "9.0")) == [("credited", None)]
    before = sum(row.reduction_mg for row in town.rows(tables.activity))
    assert before == 619_100
    town.record(reading(7, "17.0", replaces="7/10.0"))
    after = sum(row.reduction_mg for row in town.rows(tables.activity))
    assert after == 1_238_200, "the average rose by one kWh"
    assert town.audit() == []


def test_a_purchase_is_released_over_twelve_months(town: Town) -> None:
    bought = act("a", "efficient_appliance", AT, order_id="o", product_type="air_conditioner",
                 rated_kw="3.5", apf="5.00")  # fmt: skip
    answer = town.record(bought)[0]
    assert (answer.status, answer.reduction_mg) == ("pending", 103_467_087)
    parts = sorted(town.rows(tables.portion), key=lambda row: row.number)
    assert [row.reduction_mg for row in parts[:2]] == [8_622_257, 8_622_257]
    assert sum(row.reduction_mg for row in parts) == 103_467_087
    assert [row.earned_on for row in parts[:2]] == [date(2026, 3, 9), date(2026, 4, 9)]
    assert town.wallet().pending == sum(row.points for row in parts)
    town.clock.instant += timedelta(days=40)
    assert town.wallet().available == sum(row.points for row in parts[:2])
    town.reverse("a")
    assert (town.wallet().available, town.wallet().pending) == (0, 0)
    assert town.audit() == []


def test_identifiers_are_kept_only_as_keyed_hashes_and_stops_not_at_all(town: Town) -> None:
    town.record(
        act(
            "secret-reference",
            "bus_ride",
            AT,
            line="K1",
            board_stop="Harbour",
            vehicle="鲁K12345",
            payment_id="6225-0001",
        )
    )
    for table in (tables.activity, tables.act_claim, tables.intake_batch):
        for row in town.rows(table):
            text = repr(tuple(row))
            for word in ("card0", "Harbour", "K12345", "6225", "secret-reference", "K1'"):
                assert word not in text


def test_a_ride_whose_times_are_not_those_of_its_day_is_refused(town: Town) -> None:
    far = act("m", "metro_ride", AT, entry_time="2026-03-04T07:40:00+08:00",
              exit_time="2026-03-04T08:00:00+08:00")  # fmt: skip
    long = act("n", "metro_ride", AT, entry_time="2026-03-05T08:00:00+08:00", exit_time=AT)
    assert status(town, far, long) == [("rejected", "implausible")] * 2
