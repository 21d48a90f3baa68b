"""What the resident's pages work out: months beside each other, the way to a grade, formulas."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.pages.resident import figures, wording
from tests.pages.readers import reading

GRADES = [
    {"code": "medium", "above_g": "50000.000"},
    {"code": "light", "above_g": "0.000"},
    {"code": "deep", "above_g": "100000.000"},
]


def sums(**grams: str) -> list[dict[str, Any]]:
    return [{"key": key.replace("_", "-")[1:], "reduction_g": n} for key, n in grams.items()]


@pytest.mark.parametrize(
    ("rows", "percent", "widths"),
    [
        (sums(m2026_10="200.000", m2026_11="300.000"), 50, (1000, 666)),
        (sums(m2026_10="300.000", m2026_11="200.000"), -33, (666, 1000)),
        (sums(m2026_10="80.000", m2026_11="80.000"), 0, (1000, 1000)),
        (sums(m2026_11="80.000"), None, (1000, 0)),
        (sums(m2026_10="80.000"), -100, (0, 1000)),
        ([], None, (0, 0)),
    ],
)
def test_two_months_beside_each_other(
    rows: list[dict[str, Any]], percent: int | None, widths: tuple[int, int]
) -> None:
    found = figures.compared(rows, "2026-11", "2026-10")
    assert found.percent == percent
    assert (found.this_width, found.last_width) == widths


@pytest.mark.parametrize(
    ("so_far", "code", "missing"),
    [
        ("0.000", "light", None),
        ("0.001", "medium", "49999.999"),
        ("50000.000", "medium", None),  # medium takes more than 50 kg, if by a milligram
        ("50000.001", "deep", "49999.999"),
    ],
)
def test_the_next_grade_is_the_first_not_passed(
    so_far: str, code: str, missing: str | None
) -> None:
    found = figures.ahead({"reduction_g": so_far}, GRADES)
    assert found is not None
    assert (found.grade["code"], found.missing_g) == (code, missing)


def test_above_the_highest_threshold_nothing_is_ahead() -> None:
    assert figures.ahead({"reduction_g": "100000.001"}, GRADES) is None


def test_what_is_there_at_all_has_a_bar() -> None:
    assert figures.thousandths(Decimal("0.001"), 100000) == 1
    assert figures.thousandths(0, 100) == 0
    assert figures.thousandths(5, 0) == 0


def test_months_and_days_have_no_gaps() -> None:
    assert figures.months_until(date(2026, 2, 28), 3) == ["2025-12", "2026-01", "2026-02"]
    assert figures.days_until(date(2026, 3, 1), 2) == ["2026-02-28", "2026-03-01"]
    items = [{"key": "2026-01", "reduction_g": "5.000"}]
    assert figures.spread(["2025-12", "2026-01"], items) == [("2025-12", "0"), ("2026-01", "5.000")]


@pytest.mark.parametrize(
    ("numbers", "english", "chinese"),
    [
        (
            "1 trip × 80 gCO2/trip = 80.000 g",
            ("1 trip × 80 g CO₂/trip = 80 g", ""),
            ("1 次 × 80 克 CO₂/次 = 80 克", ""),
        ),
        (
            "2.5 km × 26.9 gCO2/person-km = 67.250 g; per_day_km leaves 10.500 g",
            (
                "2.5 km × 26.9 g CO₂/person-km = 67.25 g",
                "Daily limit: km; 10.5 g of it are counted.",
            ),
            ("2.5 公里 × 26.9 克 CO₂/人公里 = 67.25 克", "每日上限（公里），其中计入 10.5 克。"),
        ),
        (
            "0.000 g (below_minimum)",
            ("0 g · Below the least that counts", ""),
            ("0 克 · 未达到起算标准", ""),
        ),
        (
            "(9.1 kWh as the mean of 7 days before − 8 kWh − 1 kWh of a car); reversed",
            (
                "(9.1 kWh as the mean of 7 days before − 8 kWh − 1 kWh of a car)",
                "It was taken back later.",
            ),
            (
                "(9.1 千瓦时（此前 7 天的平均值） − 8 千瓦时 − 1 千瓦时（汽车充电）)",
                "后来已被撤销。",
            ),
        ),
    ],
)
def test_formulas_are_told_in_both_languages(
    numbers: str, english: tuple[str, str], chinese: tuple[str, str]
) -> None:
    with reading("en"):
        assert wording.formula(numbers) == english
    with reading("zh"):
        assert wording.formula(numbers) == chinese


def test_examples_are_told_in_chinese() -> None:
    with reading("zh"):
        assert wording.example("500 steps") == "500 步"
        assert wording.example("1 case handled fully online") == "全程网办 1 件"


def test_what_is_not_known_stays_as_it_came() -> None:
    with reading("zh"):
        assert wording.formula("1 moon × 2 gCO2/moon = 2 g; eclipsed") == (
            "1 moon × 2 克 CO₂/moon = 2 克",
            "eclipsed",
        )
