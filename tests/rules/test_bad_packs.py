"""Every way to be wrong is found, and named by file, key and words."""

from pathlib import Path

import pytest

from app import rulebook
from tests.rules.packs import GOOD, Patch, copy_good, patches


def test_the_pack_that_the_patches_spoil_is_good():
    assert [str(fault) for fault in rulebook.check(GOOD)] == [
        "values.lock: -: missing: run flask rules lock"
    ]


@pytest.mark.parametrize("patch", patches(), ids=lambda patch: patch.path.stem)
def test_a_fault_is_named_by_file_key_and_words(patch: Patch, tmp_path: Path):
    folder = copy_good(tmp_path)
    patch.apply(folder)

    faults = rulebook.check(folder)

    found = [fault for fault in faults if (fault.file, fault.key) == (patch.file, patch.key)]
    assert any(patch.words in fault.message for fault in found), [str(fault) for fault in faults]


@pytest.mark.parametrize("patch", patches(), ids=lambda patch: patch.path.stem)
def test_a_bad_pack_does_not_load(patch: Patch, tmp_path: Path):
    folder = copy_good(tmp_path)
    patch.apply(folder)

    with pytest.raises(rulebook.BadRule) as refusal:
        rulebook.load(folder)

    first = refusal.value
    assert str(first) == f"{first.file}: {first.key}: {first.message}"
    assert (first.file, first.key, first.message) == rulebook.check(folder)[0].args


def test_all_faults_of_a_pack_are_found_at_once(tmp_path: Path):
    folder = copy_good(tmp_path)
    spoilt = {patch.path.stem: patch for patch in patches()}
    for name in ("number_nan", "cap_unit", "pack_zone", "quantity_unit"):
        spoilt[name].apply(folder)

    found = {(fault.file, fault.key) for fault in rulebook.check(folder)}

    assert found == {
        ("behaviours/boat_charging.toml", "quantity.unit"),
        ("behaviours/tram_ride.toml", "caps[0].unit"),
        ("factors/grid.toml", "values[0].value"),
        ("pack.toml", "zone"),
    }


def test_a_folder_without_a_pack_is_refused(tmp_path: Path):
    with pytest.raises(rulebook.BadRule, match=r"pack\.toml: -: missing"):
        rulebook.load(tmp_path)


def test_a_pack_without_behaviours_is_refused(tmp_path: Path):
    folder = copy_good(tmp_path)
    for path in [*folder.glob("behaviours/*.toml"), *folder.glob("factors/*.toml")]:
        path.unlink()

    with pytest.raises(rulebook.BadRule, match="holds no behaviour"):
        rulebook.load(folder)
