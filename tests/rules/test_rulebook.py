"""What a loaded rulebook promises to those who read it."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from app import rulebook
from app.rulebook import (
    METHODS,
    BadRule,
    Calendar,
    Credit,
    NotInForce,
    Offers,
    Privacy,
    Range,
    Recognition,
    Rulebook,
)
from tests.rules.packs import GOOD, copy_good

TRAM = rulebook.load(GOOD).behaviours["tram_ride"]


def test_the_value_of_a_day_is_the_last_that_began():
    reduction = TRAM.parameters["reduction"]

    assert reduction.at(date(2022, 9, 23)).value == Decimal("26.9")
    assert reduction.at(date(2024, 9, 22)).value == Decimal("26.9")
    assert reduction.at(date(2024, 9, 23)).value == Decimal(25)


@pytest.mark.parametrize("day", [date(2022, 9, 22), date(2030, 1, 1), date(2031, 1, 1)])
def test_before_the_first_day_and_after_the_end_there_is_no_value(day: date):
    with pytest.raises(NotInForce):
        TRAM.parameters["reduction"].at(day)


def test_numbers_are_exact_decimals():
    grid = rulebook.load(GOOD).factors["grid"]

    assert [str(entry.value) for entry in grid.values] == ["600.5", "500"]


def test_a_shared_factor_is_one_object_and_names_its_own_file():
    book = rulebook.load(GOOD)

    assert book.behaviours["boat_charging"].parameters["grid"] is book.factors["grid"]
    assert book.factors["grid"].source == "factors/grid.toml"
    assert TRAM.parameters["flat"].source == "behaviours/tram_ride.toml"


def test_an_edition_is_loaded_again_from_its_text_without_offers_and_partners():
    book = rulebook.load(GOOD)

    again = Rulebook.from_text(book.text)

    assert book.offers.benefits
    assert book.recognition.platforms
    assert book.calendar.years
    assert book.credit.grades
    assert book.privacy.purposes
    rest = {"offers": Offers(), "recognition": Recognition(), "calendar": Calendar()}
    assert again == replace(book, **rest, credit=Credit(), privacy=Privacy())
    assert set(json.loads(book.text)) == {
        "behaviours/boat_charging.toml",
        "behaviours/stairs.toml",
        "behaviours/tram_ride.toml",
        "factors/grid.toml",
        "pack.toml",
    }


@pytest.mark.parametrize("text", ["", "[]", "{}", "{"])
def test_a_text_that_is_no_rulebook_is_refused(text: str):
    with pytest.raises(BadRule):
        Rulebook.from_text(text)


def test_the_digest_changes_with_any_byte_of_a_rule_and_with_nothing_else(tmp_path: Path):
    folder = copy_good(tmp_path)
    before = rulebook.load(folder).digest
    (folder / "README.md").write_text("Not a rule.")
    (folder / "cases").mkdir()

    assert rulebook.load(folder).digest == before
    factor = folder / "factors" / "grid.toml"
    factor.write_bytes(factor.read_bytes() + b"# a remark\n")
    assert rulebook.load(folder).digest != before


def test_evidence_keeps_its_conditions_and_defaults():
    seat, guest = TRAM.evidence["seat"], TRAM.evidence["guest"]

    assert seat.required_when == {"ticket": ("month",)}
    assert not seat.required
    assert guest.default is False
    assert TRAM.evidence["fare"].days == 30
    assert TRAM.evidence["stop"].days is None


def test_both_ends_of_a_range_belong_to_it():
    distance = TRAM.plausible["quantity"]

    assert Decimal("0.3") in distance
    assert 50 in distance
    assert Decimal("50.001") not in distance
    assert 10_000 in Range(Decimal(1), None)


def test_every_method_says_what_it_takes():
    assert set(METHODS) == {
        "per_unit",
        "per_unit_or_flat",
        "sheets_saved",
        "case_handled",
        "fuel_saved",
        "step_blocks",
        "charging",
        "daily_meter",
        "period_meter",
        "appliance_year",
        "fixture_year",
        "material_mix",
        "cup_saved",
    }
    for method in METHODS.values():
        assert method.parameters
        assert method.optional <= set(method.parameters)
