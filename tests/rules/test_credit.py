"""What the folder of credit promises once it is loaded, and what Weihai's says."""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app import rulebook
from app.identity.model import KINDS
from app.rulebook import BadRule, Credit, NotInForce, Row, Step, credit_from_text
from app.rulebook.vocabulary import FORBIDDEN_INPUTS, SOURCES, WHEREABOUTS
from tests.rules.packs import GOOD, SET_N, WEIHAI, copy_good

BOOK = rulebook.load(GOOD)
CREDIT = BOOK.credit
HARBOUR = CREDIT.banks["harbour_bank"]
WEIHAI_BOOK = rulebook.load(WEIHAI)
WEIHAI_CREDIT = WEIHAI_BOOK.credit
BEFORE, DAY = date(2024, 12, 31), date(2026, 3, 31)
KG = 1_000_000


# Grades


@pytest.mark.parametrize(
    ("reduction_mg", "grade"),
    [
        (0, None),
        (1, "light"),
        (50_000_000, "light"),
        (50_000_001, "medium"),
        (50_100_000, "medium"),
        (100_000_000, "medium"),
        (100_000_001, "deep"),
        (100_100_000, "deep"),
        (104_700_000, "deep"),  # the first resident of the press, T1
        (117_000_000, "deep"),  # the second, T6
    ],
)
def test_a_grade_of_weihai_holds_its_upper_end(reduction_mg: int, grade: str | None):
    assert WEIHAI_CREDIT.grade(reduction_mg, DAY) == grade


def test_there_is_no_grade_before_the_first_threshold():
    assert WEIHAI_CREDIT.grade(200 * KG, date(2023, 4, 19)) is None
    assert WEIHAI_CREDIT.grade(200 * KG, date(2023, 4, 20)) == "deep"


def test_grades_rise_and_carry_titles():
    titles = [(each.code, each.title_zh) for each in WEIHAI_CREDIT.grades]

    assert titles == [("light", "浅绿"), ("medium", "中绿"), ("deep", "深绿")]
    assert [each.milligrams(DAY) for each in WEIHAI_CREDIT.grades] == [0, 50 * KG, 100 * KG]
    assert WEIHAI_CREDIT.level("deep").title_en == "Deep green"


# The scorecard


def test_steps_give_the_points_of_the_last_one_reached():
    saving = CREDIT.scorecard.parts[0]

    assert saving.ladder(DAY) == (Step(1, 100), Step(10, 200), Step(100, 500))
    assert [saving.points(kg, DAY) for kg in (0, 1, 9, 10, 99, 100, 5000)] == [
        *(0, 100, 100, 200, 200, 500, 500)
    ]
    with pytest.raises(NotInForce):
        saving.points(1, BEFORE)


def test_bands_fill_the_factor():
    bands = {CREDIT.scorecard.band(factor, DAY) for factor in range(1001)}

    assert sorted(bands) == [(0, 199), (200, 399), (400, 599), (600, 799), (800, 1000)]
    assert CREDIT.scorecard.band(1000, DAY) == CREDIT.scorecard.band(999, DAY)


def test_what_is_left_out_has_no_category_and_a_reason():
    assert CREDIT.scorecard.categories == {"boat_charging": "travel", "tram_ride": "travel"}
    assert [each.code for each in CREDIT.scorecard.left_out] == ["stairs"]


def test_a_card_counts_no_behaviour_that_tells_of_health(tmp_path: Path):
    folder = copy_good(tmp_path)
    tram = (folder / "behaviours" / "tram_ride.toml").read_text(encoding="utf-8")
    other = tram.replace("number = 1", "number = 9").replace("电车出行", "看病")
    (folder / "behaviours" / "medical_visit.toml").write_text(
        other.replace("Tram ride", "Medical visit"), encoding="utf-8"
    )

    with pytest.raises(BadRule, match=r"'medical_visit' tells of illness: 征信业管理条例 art\. 14"):
        rulebook.load(folder)


def test_a_part_that_says_no_step_of_its_day_is_not_in_force():
    with pytest.raises(NotInForce):
        CREDIT.scorecard.count("lone_most", BEFORE)
    assert CREDIT.scorecard.milligrams("category_least", DAY) == 500_000
    assert [CREDIT.scorecard.weight(each, DAY) for each in ("bank", "other", "comet")] == [
        *(70, 50, 50)
    ]


def test_sources_are_the_kinds_of_providers():
    assert SOURCES == KINDS


# Products and banks


def test_a_table_gives_the_row_of_the_grade_with_the_highest_factor_reached():
    rows = {
        (grade, factor): HARBOUR.row("sail_loan", grade, factor, DAY)
        for grade, factor in (("pale", 1000), ("bright", 599), ("bright", 600))
    }

    assert rows["pale", 1000] == Row("pale", 0, 0, 10, "as_offered")
    assert rows["bright", 599] == Row("bright", 0, 20, 50, "as_offered")
    assert rows["bright", 600] == Row("bright", 600, 30, 100, "none_needed")


@pytest.mark.parametrize(
    ("product", "grade", "day"),
    [
        ("sail_loan", None, DAY),
        ("sail_loan", "gold", DAY),
        ("oar_loan", "bright", DAY),  # which this bank does not offer
        ("sail_loan", "bright", BEFORE),
        ("sail_loan", "bright", date(2030, 1, 1)),  # when the bank ended it
    ],
)
def test_where_a_table_says_nothing_nothing_changes(product: str, grade: str | None, day: date):
    assert HARBOUR.row(product, grade, 1000, day)[2:] == (0, 0, "as_offered")


def test_a_bank_without_a_file_of_its_own_has_the_table_of_the_city():
    assert CREDIT.bank("harbour_bank") is HARBOUR
    assert [CREDIT.bank(code).code for code in ("unheard_of", None, "standard")] == ["standard"] * 3
    assert list(CREDIT.banks) == ["harbour_bank"]
    assert CREDIT.standard.row("oar_loan", "bright", 0, DAY).uplift_pct == 5


def test_rules_come_as_counts_and_fen():
    assert (CREDIT.count("closing_day", DAY), CREDIT.fen("programme_ceiling", DAY)) == (
        15,
        30_000_050,
    )
    with pytest.raises(NotInForce):
        CREDIT.count("closing_day", BEFORE)


# Text, digest, lock, and packs without the folder


@pytest.mark.parametrize("book", [BOOK, WEIHAI_BOOK], ids=["good", "weihai"])
def test_what_was_kept_as_text_is_the_same_again(book: rulebook.Rulebook):
    again = credit_from_text(book.credit.text, book.behaviours)

    assert again == book.credit
    assert again.digest == book.credit.digest


@pytest.mark.parametrize("text", ["", "[]", "{", "3", '{"credit/grades.toml": "a = "}'])
def test_what_is_no_text_of_credit_is_refused(text: str):
    with pytest.raises(BadRule):
        credit_from_text(text, BOOK.behaviours)


@pytest.mark.parametrize(
    "file", ["grades.toml", "banks/harbour_bank.toml", "products/oar_loan.toml", "reasons.toml"]
)
def test_any_byte_changes_the_digest_of_credit_alone(file: str, tmp_path: Path):
    folder = copy_good(tmp_path)
    with (folder / "credit" / file).open("a") as written:
        written.write("# a remark\n")

    after = rulebook.load(folder)

    assert after.credit.digest != CREDIT.digest
    assert (after.digest, after.offers.digest, after.recognition.digest) == (
        *(BOOK.digest, BOOK.offers.digest, BOOK.recognition.digest),
    )


def test_a_remark_needs_no_new_release_and_a_number_does(tmp_path: Path):
    folder = copy_good(tmp_path)
    card = folder / "credit" / "scorecard.toml"
    said = card.read_text(encoding="utf-8")
    card.write_text(f"# a remark\n{said}", encoding="utf-8")

    assert rulebook.load(folder).credit.scorecard == CREDIT.scorecard
    card.write_text(said.replace("at = 50, ", "at = 51, "), encoding="utf-8")
    with pytest.raises(BadRule, match=r"release\.card: is of another card"):
        rulebook.load(folder)


def test_a_pack_without_credit_is_the_same_pack(tmp_path: Path):
    folder = copy_good(tmp_path)
    shutil.rmtree(folder / "credit")

    bare = rulebook.load(folder)

    assert bare == replace(BOOK, credit=Credit())
    assert rulebook.load(SET_N).credit == Credit()
    assert (bare.credit.scorecard, bare.credit.grade(200 * KG, DAY)) == (None, None)
    assert bare.credit.bank("any").row("any", "deep", 1000, DAY).uplift_pct == 0


def test_a_city_may_grade_without_a_factor_but_explains_none_either(tmp_path: Path):
    folder = copy_good(tmp_path)
    (folder / "credit" / "scorecard.toml").unlink()
    with pytest.raises(BadRule, match=r"reasons\.toml: -: there is no credit/scorecard\.toml"):
        rulebook.load(folder)

    (folder / "credit" / "reasons.toml").unlink()

    credit = rulebook.load(folder).credit
    assert (credit.scorecard, credit.reasons) == (None, {})
    assert credit.grade(51 * KG, DAY) == "bright"


@pytest.mark.parametrize(
    "file", ["grades.toml", "rules.toml", "reasons.toml", "banks/standard.toml"]
)
def test_what_credit_cannot_do_without_is_asked_for(file: str, tmp_path: Path):
    folder = copy_good(tmp_path)
    (folder / "credit" / file).unlink()

    faults = [str(fault) for fault in rulebook.check(folder)]

    assert any(fault.startswith(f"credit/{file}: -: missing") for fault in faults), faults


def test_every_dated_value_of_credit_is_locked():
    named = {line.split(" ")[0] for line in rulebook.lock_lines(BOOK)}
    keys = [tuple(line.split(" ")[:3]) for line in rulebook.lock_lines(WEIHAI_BOOK)]

    assert {each for each in named if each.startswith("credit/")} == {
        *("credit/grades.toml", "credit/rules.toml", "credit/scorecard.toml"),
        *("credit/banks/standard.toml", "credit/banks/harbour_bank.toml"),
    }
    assert len(set(keys)) == len(keys)


def test_a_step_or_a_row_that_changes_needs_a_correction(tmp_path: Path):
    folder = copy_good(tmp_path)
    rulebook.write_lock(folder)
    bank = folder / "credit" / "banks" / "harbour_bank.toml"
    bank.write_text(bank.read_text("utf-8").replace("uplift_pct = 20", "uplift_pct = 25"), "utf-8")

    (fault,) = rulebook.check(folder)
    assert (fault.file, fault.key) == (
        "credit/banks/harbour_bank.toml",
        "sail_loan from 2025-01-01",
    )
    assert fault.message == "a past value changed without a correction of its own"


# Weihai


def test_weihai_offers_three_loans_for_all_four_uses():
    titles = {each.title_zh for each in WEIHAI_CREDIT.products.values()}

    assert titles == {"低碳贷", "减碳贷", "零碳贷"}
    for product in WEIHAI_CREDIT.products.values():
        assert product.purposes == ("admission", "limit", "pricing", "risk")
    assert set(WEIHAI_CREDIT.banks) == {"demo_city_bank", "wendeng_rural_commercial_bank"}


def test_what_no_bank_agreed_to_is_an_assumption_and_says_so():
    banks = (WEIHAI_CREDIT.standard, *WEIHAI_CREDIT.banks.values())
    entries = [entry for bank in banks for table in bank.tables.values() for entry in table.values]

    assert {entry.confidence for entry in entries} == {"assumption"}
    assert all(len(entry.approved_by) >= 2 for entry in entries)
    assert "虚构" in WEIHAI_CREDIT.banks["demo_city_bank"].legal_name


def test_weihais_card_explains_every_part_and_names_all_it_never_uses():
    card = WEIHAI_CREDIT.scorecard

    assert [reason.part for reason in WEIHAI_CREDIT.reasons.values()] == [
        part.name for part in card.parts
    ]
    assert sum(part.most for part in card.parts) == 1000
    assert {each.code for each in card.never_used} == set(FORBIDDEN_INPUTS)
    assert WHEREABOUTS in FORBIDDEN_INPUTS
    assert "online_medical_service" not in card.categories
    assert len(card.release.approved_by) >= 2
