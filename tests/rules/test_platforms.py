"""Who else recognises acts: what loaded platforms promise, and those of Weihai."""

import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest

from app import rulebook
from app.rulebook import BadRule, NotInForce, Platform, Recognition
from app.rulebook.vocabulary import CONSENT_DATA, LEVELS, PLATFORM_PARAMETERS, PLATFORM_RATES
from tests.rules.packs import GOOD, SET_N, WEIHAI, copy_good

RECOGNITION = rulebook.load(GOOD).recognition
FERRY, TIDE = (RECOGNITION.platforms[code] for code in ("ferry_club", "tide_bank"))
WEIHAI_BOOK = rulebook.load(WEIHAI)
WEIHAI_PLATFORMS = WEIHAI_BOOK.recognition.platforms
UNIONPAY = WEIHAI_PLATFORMS["unionpay_low_carbon"]
LAST_YEAR, THIS_YEAR = date(2025, 12, 31), date(2026, 1, 1)
DAY = date(2026, 3, 10)
each_of_weihai = pytest.mark.parametrize(
    "platform", WEIHAI_PLATFORMS.values(), ids=WEIHAI_PLATFORMS.keys()
)


def test_a_rate_is_the_exact_fraction_of_the_day_with_its_source():
    before, after = FERRY.rate("out", LAST_YEAR), FERRY.rate("out", THIS_YEAR)

    assert (str(before), before.fraction) == ("13", 13)
    assert (str(after), after.fraction) == ("27/2", Fraction(27, 2))
    assert after[:3] == (27, 2, THIS_YEAR)
    assert after.reference.title == "Ferries, notice 2"
    assert after.confidence == "assumption"
    assert str(FERRY.rate("in", DAY)) == "27/2"


@pytest.mark.parametrize("day", [date(2024, 12, 31), date(2030, 1, 1)])
def test_there_is_no_rate_before_the_first_and_after_the_end(day: date):
    with pytest.raises(NotInForce):
        FERRY.rate("out", day)


def test_points_come_in_hundredths_and_the_rest_whole():
    assert FERRY.hundredths("out_daily", DAY) == 2050
    assert FERRY.hundredths("least", DAY) == 1
    assert [FERRY.count(name, DAY) for name in ("quote_seconds", "badge_g")] == [60, 500]
    assert (FERRY.scale, TIDE.scale) == (100, 1)


def test_a_net_is_worth_fen_rounded_once_towards_zero():
    # 1.25 fen a point: 79 hundredths of a point are short of a fen, 80 are one.
    assert [FERRY.worth(points, DAY) for points in (7900, 8000, 10_000)] == [98, 100, 125]
    assert [FERRY.worth(points, DAY) for points in (79, 80, -79, -80)] == [0, 1, 0, -1]
    assert FERRY.worth(-10_001, DAY) == -125


def test_a_platform_says_how_far_it_recognises_each_behaviour():
    assert FERRY.behaviours["stairs"].totals
    assert not FERRY.behaviours["tram_ride"].totals
    assert (FERRY.level("tram_ride"), TIDE.level("tram_ride")) == ("exchange", None)
    assert FERRY.at_level("exchange") == ("tram_ride", "stairs")
    assert FERRY.at_level("badge", "exchange") == ("tram_ride", "boat_charging", "stairs")


def test_the_digest_of_a_consent_is_of_all_that_it_says():
    consent = FERRY.consent
    others: list[Mapping[str, object]] = [
        {"version": "2"},
        {"text_zh": f"{consent.text_zh} "},
        {"data": consent.data[1:]},
        {"months": 23},
        {"purpose_en": consent.text_en, "text_en": consent.purpose_en},
    ]
    digests = {replace(consent, **other).digest for other in others}

    assert len(consent.digest) == 32
    assert consent.digest == replace(consent).digest
    assert len(digests | {consent.digest}) == len(others) + 1


REGISTERED = {"provider": "Harbour trams", "evidence": {"ticket": "month"}}


@pytest.mark.parametrize(
    ("day", "changed", "covered"),
    [
        (date(2021, 5, 31), {}, False),
        (date(2021, 6, 1), {}, True),
        (date(2040, 1, 1), {}, True),
        (DAY, {"provider": "Other trams"}, False),
        (DAY, {"provider": None}, False),
        (DAY, {"evidence": {"ticket": "single"}}, False),
        (DAY, {"evidence": {}}, False),
    ],
)
def test_a_registration_covers_acts_of_its_days_its_provider_and_its_evidence(
    day: date, changed: Mapping[str, object], covered: bool
):
    trams = RECOGNITION.registered[1]
    act = {**REGISTERED, **changed}

    assert trams.covers("tram_ride", day, **act) is covered
    assert not trams.covers("stairs", day, **act)


def test_a_registration_of_any_provider_covers_its_first_and_last_day():
    boats = RECOGNITION.registered[0]
    days = [date(2017, 12, 31), date(2018, 1, 1), date(2019, 12, 31), date(2020, 1, 1)]

    covered = [boats.covers("boat_charging", day, None, {}) for day in days]

    assert covered == [False, True, True, False]


# The digest, and packs without the folder


@pytest.mark.parametrize("file", ["ferry_club.toml", "registered.toml"])
def test_any_byte_changes_the_digest_of_recognition_alone(file: str, tmp_path: Path):
    folder = copy_good(tmp_path)
    before = rulebook.load(folder)

    with (folder / "recognition" / file).open("a") as written:
        written.write("# a remark\n")

    after = rulebook.load(folder)
    assert after.recognition.digest != before.recognition.digest
    assert (after.digest, after.offers.digest) == (before.digest, before.offers.digest)
    assert after.text == before.text


def test_a_pack_without_partners_is_the_same_pack(tmp_path: Path):
    folder = copy_good(tmp_path)
    shutil.rmtree(folder / "recognition")

    bare, whole = rulebook.load(folder), rulebook.load(GOOD)

    assert bare == replace(whole, recognition=Recognition())
    assert rulebook.load(SET_N).recognition == Recognition()


def test_acts_may_be_registered_where_no_partner_is(tmp_path: Path):
    folder = copy_good(tmp_path)
    for file in (folder / "recognition").glob("*_*.toml"):
        file.unlink()

    found = rulebook.load(folder).recognition

    assert not found.platforms
    assert found.registered == RECOGNITION.registered


@pytest.mark.parametrize("order", [("2027-01-01", "2028-01-01"), ("2028-01-01", "2027-01-01")])
def test_no_chain_gains_whichever_rate_comes_first(order: tuple[str, str], tmp_path: Path):
    """A point sent on the best day out and brought back on the best day in: both orders lose."""
    folder = copy_good(tmp_path)
    path = folder / "recognition" / "tide_bank.toml"
    text = path.read_text(encoding="utf-8")
    for said, better, day in zip(('"1/3"', '"1"'), ('"2/3"', '"1/2"'), order, strict=True):
        said_entry = next(line for line in text.splitlines() if f"value = {said}," in line)
        added = said_entry[len("values = [") : -1].replace(said, better).replace("2025-01-01", day)
        text = text.replace(said_entry, f"{said_entry[:-1]}, {added}]")
    path.write_text(text, encoding="utf-8")

    with pytest.raises(BadRule, match="chain of exchanges gains: 2/3 for a point, back at 1/2"):
        rulebook.load(folder)


def test_equal_rates_both_ways_gain_nothing_and_are_good():
    assert FERRY.rate("out", DAY).fraction == FERRY.rate("in", DAY).fraction


# Weihai


def test_weihai_knows_three_platforms_under_codes_that_fit():
    assert set(WEIHAI_PLATFORMS) == {
        "unionpay_low_carbon",
        "citic_carbon_account",
        "ccb_carbon_ledger",
    }
    assert len({each.unit_en for each in WEIHAI_PLATFORMS.values()}) == 3


@each_of_weihai
def test_every_number_is_ours_and_says_so(platform: Platform):
    assert set(platform.parameters) == set(PLATFORM_PARAMETERS)
    for parameter in platform.parameters.values():
        assert parameter.title
        for entry in parameter.values:
            assert entry.since <= THIS_YEAR
            assert entry.confidence == "assumption"
            assert entry.approved_by == ("Weitan maintainers (pending city approval)",)
            assert entry.reference.title == "Set by the operator until the partner agrees"


@each_of_weihai
def test_each_is_told_in_both_languages(platform: Platform):
    consent = platform.consent
    chinese = [platform.title_zh, platform.unit_zh, consent.purpose_zh, consent.text_zh]
    english = [platform.title_en, platform.unit_en, consent.purpose_en, consent.text_en]

    assert all(any("\u4e00" <= sign <= "\u9fff" for sign in text) for text in chinese)
    assert all(text.isascii() for text in english)
    assert platform.title_zh in consent.text_zh
    assert platform.title_en in consent.text_en
    assert set(consent.data) <= set(CONSENT_DATA)
    assert consent.months == 12
    assert platform.notes


@each_of_weihai
def test_going_out_and_back_costs_something(platform: Platform):
    outs, ins = (
        [Fraction(str(entry.value)) for entry in platform.parameters[name].values]
        for name in PLATFORM_RATES
    )
    assert all(there / back < 1 for there, back in product(outs, ins))


def test_a_hundred_and_thirty_five_units_of_unionpay_make_ten_points():
    assert Fraction(135) / UNIONPAY.rate("in", DAY).fraction == 10


def test_unionpay_recognises_every_behaviour():
    assert set(UNIONPAY.behaviours) == set(WEIHAI_BOOK.behaviours)
    assert UNIONPAY.level("bus_ride") == UNIONPAY.level("mobile_payment") == "exchange"
    assert UNIONPAY.level("household_electricity_saving") == "view"


def test_weihai_shows_every_level_every_order_of_priority_and_sums():
    every = [
        each for platform in WEIHAI_PLATFORMS.values() for each in platform.behaviours.values()
    ]

    assert {each.level for each in every} == set(LEVELS)
    signs = {(each.priority > 100) - (each.priority < 100) for each in every}
    assert signs == {-1, 0, 1}
    sums = {
        (platform.code, code)
        for platform in WEIHAI_PLATFORMS.values()
        for code, each in platform.behaviours.items()
        if each.totals
    }
    assert sums == {
        ("ccb_carbon_ledger", "walking"),
        ("ccb_carbon_ledger", "household_electricity_saving"),
    }


def test_no_act_of_weihai_is_known_to_be_registered_elsewhere():
    assert WEIHAI_BOOK.recognition.registered == ()
