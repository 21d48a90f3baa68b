"""The law of Weihai as the HTTP contract and the methodology have it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from app import rulebook
from app.rulebook import NotInForce
from tests.rules.packs import SET_N, WEIHAI

BOOK = rulebook.load(WEIHAI)

# code: unit of quantity (bold: "!"), required evidence, other evidence; as in the HTTP contract
CONTRACT = {
    "bus_ride": ("km", "", "line board_stop alight_stop vehicle_energy"),
    "metro_ride": ("km", "", "entry_station entry_time exit_station exit_time"),
    "shared_bike_ride": ("km", "", "unlock_time lock_time"),
    "shared_ebike_ride": ("km!", "", "unlock_time lock_time"),
    "walking": ("step!", "day device", "manual_entry"),
    "ev_charging": ("kWh!", "", "vehicle_use green_power"),
    "etc_toll_pass": (None, "fuel_type", "plate"),
    "egov_online_service": (None, "case_id fully_online", "sheets"),
    "e_licence_use": (None, "verifier_id", ""),
    "online_medical_service": (None, "visit_id", ""),
    "e_statement": (None, "account statement_month opened", ""),
    "e_card_application": (None, "application_id", "physical_card"),
    "online_transfer": (None, "amount", ""),
    "online_loan_service": (None, "application_id", ""),
    "mobile_payment": (None, "amount payment_id", "merchant_id"),
    "online_utility_bill": (None, "utility_type account billing_period", "amount"),
    "e_invoice": ("invoice", "", ""),
    "household_electricity_saving": (None, "meter day kwh household_size", "ev_kwh"),
    "household_water_saving": (
        None,
        "meter period_start period_end m3 household_size",
        "m3_same_period_last_year",
    ),
    "household_gas_saving": (
        None,
        "meter period_start period_end m3",
        "m3_same_period_last_year fuel_switch",
    ),
    "efficient_appliance": (
        None,
        "order_id product_type",
        "rated_kw apf label_kwh_year reference_kwh_year",
    ),
    "water_efficient_fixture": (None, "order_id product_type label_litres household_size", ""),
    "waste_paper_recycling": ("kg!", "", "site"),
    "recyclables_other": ("kg!", "material", ""),
    "old_clothes_recycling": ("kg!", "", ""),
    "used_phone_trade_in": (None, "imei_hash destination resale_confirmed", ""),
    "parcel_box_reuse": ("box", "", "parcel"),
    "no_cutlery_order": (None, "order_id", ""),
    "own_cup": (None, "order_id", ""),
}
NAMES_OF_PLACES = {"line", "board_stop", "alight_stop", "entry_station", "exit_station"}


def test_there_are_29_behaviours_numbered_in_order():
    assert [each.number for each in BOOK.behaviours.values()] == list(range(1, 30))
    assert list(BOOK.behaviours) == list(CONTRACT)


@pytest.mark.parametrize("code", CONTRACT)
def test_quantity_and_evidence_are_those_of_the_contract(code: str):
    behaviour = BOOK.behaviours[code]
    unit, required, others = CONTRACT[code]

    assert behaviour.unit == (unit and unit.removesuffix("!"))
    if behaviour.quantity:
        assert behaviour.quantity.required is str(unit).endswith("!")
    bold = {name for name, field in behaviour.evidence.items() if field.required}
    assert bold == set(required.split())
    assert set(behaviour.evidence) - bold == set(others.split())


def test_what_may_accompany_any_behaviour_may_accompany_walking():
    common = {"payment_id", "order_id", "merchant_id", "amount", "case_id", "vehicle"}

    assert set(BOOK.pack.common_evidence) == common
    assert common < set(BOOK.fields("walking"))
    assert BOOK.fields("mobile_payment")["amount"].required


def test_identifiers_are_hashed_and_names_of_places_dropped():
    for code in BOOK.behaviours:
        for name, field in BOOK.fields(code).items():
            if field.type == "identifier":
                assert field.keep == "hash", (code, name)
            if name in NAMES_OF_PLACES:
                assert (field.keep, field.days) == ("drop", None), (code, name)
            elif field.keep != "drop":
                assert field.days == 5 * 365


def test_every_value_and_cap_has_a_source_a_confidence_and_values_an_approver():
    for parameter in BOOK.parameters():
        for entry in parameter.values:
            assert entry.reference.title
            assert entry.reference.url or entry.reference.title
            assert entry.confidence in ("seen", "unverified", "assumption")
            assert entry.approved_by
    for behaviour in BOOK.behaviours.values():
        assert behaviour.caps
        assert all(cap.reference.title for cap in behaviour.caps)


def test_the_grid_of_shandong_gets_cleaner_and_begins_when_it_was_published():
    grid = BOOK.factors["grid_electricity"]
    first, second, third = (entry.number for entry in grid.values)

    assert first > second > third
    assert [grid.at(date(2024, 6, 1)).value, grid.at(date(2025, 6, 1)).value] == [first, second]
    assert grid.at(date(2026, 1, 15)).value == third == Decimal("619.1")
    assert grid.at(date(2025, 12, 30)).value == Decimal("641.0")
    with pytest.raises(NotInForce, match="grid_electricity has no value on 2024-04-11"):
        grid.at(date(2024, 4, 11))


@pytest.mark.parametrize(
    ("code", "day"),
    [
        ("bus_ride", date(2020, 2, 19)),  # the flat value is enough for a tap
        ("metro_ride", date(2022, 9, 23)),
        ("ev_charging", date(2024, 4, 12)),
        ("household_water_saving", date(2022, 1, 1)),
        ("recyclables_other", date(2025, 1, 1)),
        ("own_cup", date(2022, 5, 5)),
    ],
)
def test_a_behaviour_is_in_force_once_all_it_uses_has_a_value(code: str, day: date):
    assert BOOK.behaviours[code].in_force_from == day


def test_the_pack_begins_in_2020_with_a_point_of_ten_grams():
    assert BOOK.in_force_from == date(2020, 1, 1)
    assert BOOK.pack.count("milligrams_a_point", BOOK.in_force_from) == 10_000
    assert BOOK.pack.word("expiry_end", date(2026, 3, 10)) == "quarter"
    assert str(BOOK.pack.zone) == "Asia/Shanghai"
    with pytest.raises(NotInForce):
        BOOK.pack.number("late_days", BOOK.in_force_from - timedelta(days=1))


def test_caps_have_the_names_that_capped_activities_carry():
    names = {
        code: [cap.name for cap in BOOK.behaviours[code].caps]
        for code in ("bus_ride", "e_card_application", "recyclables_other", "efficient_appliance")
    }

    assert names == {
        "bus_ride": ["per_day_trips", "per_day_km"],
        "e_card_application": ["per_day_cards", "per_lifetime_cards"],
        "recyclables_other": ["per_day_kg", "per_day_kg_steel_aluminium"],
        "efficient_appliance": ["per_event_kwh", "per_day_devices", "per_year_devices"],
    }
    trips, kilometres = BOOK.behaviours["bus_ride"].caps
    assert trips.counts_acts
    assert not kilometres.counts_acts


def test_an_assumption_weakens_the_whole_behaviour():
    assert BOOK.behaviours["bus_ride"].confidence == "seen"
    assert BOOK.behaviours["shared_bike_ride"].confidence == "unverified"
    assert BOOK.behaviours["ev_charging"].confidence == "assumption"


def test_the_lock_of_the_pack_is_whole():
    assert rulebook.check(WEIHAI) == []


def test_set_n_is_a_pack_of_its_own():
    book = rulebook.load(SET_N)

    day = date(2026, 3, 10)
    values = [each.parameters["reduction"].at(day).value for each in book.behaviours.values()]
    assert values == [Decimal(52), Decimal(72), Decimal("95.3")]
    assert book.digest != BOOK.digest
