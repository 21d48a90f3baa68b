"""Past values change only by a correction."""

from datetime import date
from pathlib import Path

import pytest

from app import rulebook
from app.rulebook import BadRule, check, lock_lines, write_lock
from tests.rules.packs import copy_good

GRID = "factors/grid.toml"
PARTNER = "recognition/ferry_club.toml"
CORRECTION = 'correction = { reason = "misread", approved_by = ["one", "two"] }'


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = copy_good(tmp_path)
    write_lock(folder)
    return folder


def edit(pack: Path, old: str, new: str, file: str = GRID) -> None:
    path = pack / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def faults(pack: Path, today: date | None = None) -> list[str]:
    return [str(fault) for fault in check(pack, today)]


def test_a_locked_pack_has_a_line_a_value_and_no_fault(pack: Path):
    lines = (pack / "values.lock").read_text(encoding="utf-8").splitlines()

    assert lines == lock_lines(rulebook.load(pack)) == sorted(lines)
    assert sum(line.startswith(f"{GRID} grid 202") for line in lines) == 2
    assert faults(pack) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("value = 600.5", "value = 600.4"),
        ('confidence = "seen"', 'confidence = "unverified"'),
        ('clause = "table 1"', 'clause = "table 2"'),
        ('unit = "gCO2/kWh"', 'unit = "gCO2e/kWh"'),
    ],
)
def test_a_past_value_that_says_something_else_is_refused(pack: Path, old: str, new: str):
    edit(pack, old, new)

    assert (
        "factors/grid.toml: grid from 2024-01-01: "
        "a past value changed without a correction of its own"
    ) in faults(pack)
    with pytest.raises(BadRule, match="without a correction"):
        write_lock(pack)


@pytest.mark.parametrize(
    ("file", "old", "new", "named"),
    [
        ("benefits/ferry_ride.toml", "value = 12.50", "value = 12", "price from 2025-01-01"),
        ("benefits/ferry_ride.toml", "value = 4.99", "value = 5", "unit_cost from 2025-02-01"),
        ("funders/town.toml", "value = 1000.50", "value = 1000", "budget from 2025-01-01"),
        ("redemption.toml", "value = 60", "value = 61", "code_seconds from 2020-01-01"),
        (PARTNER, 'value = "13"', 'value = "12"', "out_rate from 2025-01-01"),
        (PARTNER, "places = 2", "places = 1", "places from 0001-01-01"),
        (PARTNER, "value = 20.50", "value = 20", "out_daily from 2025-01-01"),
    ],
)
def test_a_past_price_cost_budget_rule_of_redemption_or_rate_is_refused_alike(
    pack: Path, file: str, old: str, new: str, named: str
):
    edit(pack, old, new, file)

    assert faults(pack) == [
        f"{file}: {named}: a past value changed without a correction of its own"
    ]
    with pytest.raises(BadRule, match="without a correction"):
        write_lock(pack)


def test_a_later_approval_is_no_change(pack: Path):
    edit(pack, 'approved_by = ["tests"]', 'approved_by = ["tests", "the city"]')

    assert faults(pack) == []


def test_a_correction_carries_a_change_and_waits_for_its_lock(pack: Path):
    edit(pack, "value = 600.5", f"value = 600.4\n{CORRECTION}")

    assert faults(pack) == [
        "factors/grid.toml: grid from 2024-01-01: corrected, not locked: run flask rules lock"
    ]
    write_lock(pack)
    assert faults(pack) == []


def test_a_corrected_price_is_locked_like_any_value(pack: Path):
    edit(pack, "value = 12.50", f"value = 12\n{CORRECTION}", "benefits/ferry_ride.toml")

    write_lock(pack)

    assert faults(pack) == []


def test_an_old_correction_does_not_carry_a_second_change(pack: Path):
    edit(pack, "value = 600.5", f"value = 600.4\n{CORRECTION}")
    write_lock(pack)
    edit(pack, "value = 600.4", "value = 600.3")

    assert any("without a correction of its own" in fault for fault in faults(pack))
    edit(pack, "misread", "misread again")
    write_lock(pack)
    assert faults(pack) == []


def test_a_past_value_that_vanished_is_refused(pack: Path):
    edit(pack, "from = 2024-01-01", "from = 2023-12-31")

    vanished, unlocked = faults(pack)
    assert vanished == (
        "factors/grid.toml: grid from 2024-01-01: "
        "a past value vanished; end it with an entry `ended = true` instead"
    )
    assert unlocked == "factors/grid.toml: grid from 2023-12-31: not locked: run flask rules lock"


def test_a_value_to_come_may_still_change(pack: Path):
    edit(pack, "value = 500", "value = 499")

    assert faults(pack, today=date(2024, 12, 31)) == []
    assert len(faults(pack, today=date(2025, 1, 1))) == 1
    write_lock(pack, today=date(2024, 12, 31))
    assert faults(pack) == []


def test_a_new_value_is_asked_for_once_it_is_in_force(pack: Path):
    new = '\nfrom = 2026-01-01\nvalue = 490\nconfidence = "seen"\napproved_by = ["tests"]\n'
    path = pack / GRID
    path.write_text(
        path.read_text(encoding="utf-8") + f'\n[[values]]{new}reference.title = "Notice 3"\n',
        encoding="utf-8",
    )

    assert faults(pack, today=date(2025, 12, 31)) == []
    assert faults(pack, today=date(2026, 1, 1)) == [
        "factors/grid.toml: grid from 2026-01-01: not locked: run flask rules lock"
    ]
    write_lock(pack)
    assert faults(pack) == []


def test_a_broken_line_of_the_lock_is_named(pack: Path):
    path = pack / "values.lock"
    path.write_text(path.read_text(encoding="utf-8") + "nonsense\n", encoding="utf-8")

    assert [fault.split(": ", 1)[0] for fault in faults(pack)] == ["values.lock"]
