"""Is the factor steady and fair? Figures that were worked out by hand, and what never happens."""

from decimal import Decimal
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reports import parity, picture
from app.reports.parity import Standing
from app.reports.validating import age_band

WORDS = ["light", "medium", "deep"]


def people(*factors: int, code: str | None = "light", first: int = 0) -> list[Standing]:
    return [Standing((first + n).to_bytes(16), code, factor) for n, factor in enumerate(factors)]


def test_a_distribution_counts_grades_bands_and_quarters() -> None:
    found = people(0, 99, 100, 500, 1000) + people(700, code="deep", first=9)
    told = parity.distribution(found, WORDS)
    assert told["residents"] == 6
    assert told["grades"] == {"light": 5, "medium": 0, "deep": 1}
    assert told["bands"] == [2, 1, 0, 0, 0, 1, 0, 1, 0, 1]
    assert list(told["factor"].values()) == [0, 99, 100, 500, 1000]


def test_nobody_has_no_quarters() -> None:
    assert set(parity.distribution([], WORDS)["factor"].values()) == {None}


def test_the_same_people_are_steady() -> None:
    same = people(*range(0, 1000, 50))
    told = parity.stability(same, same)
    assert told == {
        "index": "0.0000", "verdict": "steady", "stayed": 20, "rose": 0, "fell": 0, "came": 0,
        "went": 0,
    }  # fmt: skip


def test_an_index_worked_out_by_hand() -> None:
    # Bands 0 and 1: of 10, 5 and 5 before, 8 and 2 now; the eight empty bands count half each.
    before, now = people(*[50] * 5, *[150] * 5), people(*[50] * 8, *[150] * 2)
    # (0.8 − 0.5) ln(0.8 ÷ 0.5) + (0.2 − 0.5) ln(0.2 ÷ 0.5) = 0.1410 + 0.2748
    told = parity.stability(now, before)
    assert told["index"] == "0.4158"
    assert told["verdict"] == "shifted"
    assert (told["stayed"], told["rose"], told["fell"]) == (7, 0, 3)


def test_who_came_and_who_went() -> None:
    told = parity.stability(people(50, 250, first=1), people(50, 50))
    assert (told["came"], told["went"], told["rose"]) == (1, 1, 0)
    assert parity.stability([], people(50))["verdict"] == "too_few"


def test_groups_stand_beside_the_best_one_and_small_ones_are_not_told_apart() -> None:
    found = people(*[400] * 10, *[300] * 10, *[900] * 9, 1)
    names = ["a"] * 10 + ["b"] * 10 + ["c"] * 9 + [None]
    groups = {each.resident: name for each, name in zip(found, names, strict=True)}
    told = parity.parity(found, groups)
    assert told["groups"] == [
        {"group": "a", "residents": 10, "mean_factor": 400, "ratio": "1.0000"},
        {"group": "b", "residents": 10, "mean_factor": 300, "ratio": "0.7500"},
    ]
    assert told["suppressed"] == 10
    assert told["least_ratio"] == "0.7500"
    assert told["fair"] is False


@given(st.lists(st.integers(0, 1000), max_size=60), st.lists(st.integers(0, 1000), max_size=60))
def test_whatever_stands_there_it_adds_up(now: list[int], before: list[int]) -> None:
    there = people(*now)
    assert sum(parity.distribution(there, WORDS)["bands"]) == len(now)
    told = parity.stability(there, people(*before, first=30))
    assert told["stayed"] + told["rose"] + told["fell"] + told["came"] == len(now)
    assert told["index"] is None or Decimal(told["index"]) >= 0
    groups = {each.resident: "ab"[each.factor % 2] for each in there}
    fair = parity.parity(there, groups)
    assert sum(each["residents"] for each in fair["groups"]) + fair["suppressed"] == len(now)


def test_age_bands_begin_where_they_say() -> None:
    from datetime import date

    day = date(2026, 9, 30)
    told = [age_band(born, day) for born in (None, 1997, 1996, 1982, 1981, 1967, 1966, 1900)]
    assert told == [
        None, "under 30", "30 to 44", "30 to 44", "45 to 59", "45 to 59", "60 and over",
        "60 and over",
    ]  # fmt: skip


@pytest.mark.parametrize("size", [0, 40])
def test_the_picture_is_a_picture(size: int) -> None:
    found = people(*(n * 25 for n in range(size)))
    groups = {each.resident: "环翠区 <&>" if each.factor % 50 else "文登区" for each in found}
    told = parity.distribution(found, WORDS)
    drawn = picture.draw(
        {
            "quarter": "2026Q3",
            "before": "2026Q2",
            "distribution": told,
            "distribution_before": told,
            "stability": parity.stability(found, found),
            "parity": dict.fromkeys(("age_band", "district"), parity.parity(found, groups)),
        }
    )
    root = ElementTree.fromstring(drawn)
    bars = [each for each in root.iter() if each.tag.endswith("rect")]
    assert len(bars) == 1 + 20 + (4 if size else 0)
    assert all(int(each.attrib["width"]) >= 0 for each in bars)
    assert ("环翠区 <&>" in "".join(root.itertext())) is bool(size)
