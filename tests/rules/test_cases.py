"""The golden cases are whole: every vector, every behaviour, and only words that the rules know."""

import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app import rulebook
from tests.rules.packs import SET_N, WEIHAI

STATUSES = {"credited", "capped", "overlapped", "rejected"}
SHARE_CAP = "share_of_baseline"  # the `share` parameter of meters, which is no cap of the table
ACT = {"behaviour", "occurred_at", "quantity", "unit", "evidence", "reference", "expect"}


def cases(pack: Path) -> list[dict[str, Any]]:
    return [
        case
        for path in sorted((pack / "cases").glob("*.toml"))
        for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]
    ]


def test_all_51_vectors_stand_in_the_two_packs():
    vectors = {case["id"] for case in cases(WEIHAI) if re.fullmatch(r"TV\d\d", case["id"])}
    set_n = {case["id"] for case in cases(SET_N)}

    assert set_n == {"TV03", "TV05", "TV08"}
    assert vectors == {f"TV{number:02}" for number in range(1, 52)} - set_n


def test_every_behaviour_has_its_days_and_a_cap():
    ids = {case["id"] for case in cases(WEIHAI)}

    for code in rulebook.load(WEIHAI).behaviours:
        assert {f"{code}/day_before", f"{code}/first_day"} <= ids
        assert any(each.startswith(f"{code}/cap_") for each in ids), code


@pytest.mark.parametrize("pack", [WEIHAI, SET_N], ids=["weihai", "set_n"])
def test_cases_speak_of_what_the_rules_know(pack: Path):
    book = rulebook.load(pack)
    found = cases(pack)

    assert len({case["id"] for case in found}) == len(found)
    for case in found:
        assert case["sentence"].endswith(".")
        for act in case["act"]:
            behaviour = book.behaviours[act["behaviour"]]
            assert set(act) <= ACT
            assert act.get("unit", behaviour.unit) == behaviour.unit
            assert set(act.get("evidence", {})) <= set(book.fields(behaviour.code))
            assert act["expect"]["status"] in STATUSES
            if act["expect"]["status"] == "capped":
                known = {SHARE_CAP, *(cap.name for cap in behaviour.caps)}
                assert act["expect"]["reason"] in known
        total = sum(Decimal(act["expect"]["reduction_g"]) for act in case["act"])
        assert Decimal(case["total_g"]) == total, case["id"]
