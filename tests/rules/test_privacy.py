"""The notices of Weihai: all that has to be said is said, and another word is another notice."""

import shutil
from pathlib import Path

import pytest

from app import rulebook
from app.rulebook import Privacy
from app.rulebook.vocabulary import GIVEN_TO, LOOKS
from tests.rules.packs import WEIHAI


@pytest.fixture(scope="module")
def privacy() -> Privacy:
    return rulebook.load(WEIHAI).privacy


def changed(folder: Path, file: str, old: str, new: str) -> Privacy:
    copy = folder / "pack"
    shutil.copytree(WEIHAI, copy)
    path = copy / "privacy" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return rulebook.load(copy).privacy


def test_the_four_uses_of_a_bank_are_four_purposes(privacy: Privacy) -> None:
    assert set(privacy.purposes) == {"admission", "limit", "pricing", "risk"}
    for each in privacy.purposes.values():
        assert each.separate
        assert {kind.code for kind in each.data} <= set(GIVEN_TO["bank"])
        assert {kind.code for kind in each.data} - set(each.choosable) == {"terms"}
        for language in ("zh", "en"):
            for said in ("text", "method", "necessity", "effect", "kept_after"):
                assert getattr(each, f"{said}_{language}").strip()


def test_no_act_place_or_time_is_ever_given(privacy: Privacy) -> None:
    whereabouts = {"acts", "evidence", "bindings", "claims", "points", "vouchers"}
    given = {kind.code for each in privacy.purposes.values() for kind in each.data}
    assert given.isdisjoint(whereabouts)


def test_every_kind_says_how_long_and_by_which_law(privacy: Privacy) -> None:
    assert all(each.keep.law and each.keep.reason_zh for each in privacy.kinds.values())
    assert {each.class_ for each in privacy.kinds.values()} == {"C1", "C2"}
    assert privacy.kinds["disclosures"].keep.days >= 3 * 365
    assert privacy.kinds["consents"].keep.days >= 3 * 365
    assert privacy.kinds["inquiries"].keep.days >= 3 * 365


def test_every_look_has_words(privacy: Privacy) -> None:
    assert set(privacy.looks) == set(LOOKS)
    assert all(each.data and each.title_zh and each.basis_zh for each in privacy.looks.values())
    assert privacy.look("partner_link").kind == "partner"
    assert Privacy().look("partner_link").data == ()


@pytest.mark.parametrize(
    ("file", "old", "new", "hit"),
    [
        ("purposes/limit.toml", 'version = "2026-11"', 'version = "2026-12"', {"limit"}),
        ("purposes/limit.toml", "May raise the limit", "May well raise the limit", {"limit"}),
        ("purposes/limit.toml", "days = 1825", "days = 3650", {"limit"}),
        ("purposes/risk.toml", "征信业管理条例 art. 18", "征信业管理条例 art. 19", {"risk"}),
        (
            "data.toml",
            'title_en = "factor and its parts"\nclass = "C2"',
            'title_en = "factor and its parts"\nclass = "C1"',
            {"limit", "pricing", "risk"},
        ),
        ("data.toml", 'why_en = "signing in', 'why_en = "to sign in', set()),
        ("consent.toml", "value = 90", "value = 60", set()),
    ],
    ids=["version", "effect", "retention", "basis", "class", "elsewhere", "days"],
)
def test_another_word_is_another_notice_of_its_purpose(
    privacy: Privacy, tmp_path: Path, file: str, old: str, new: str, hit: set[str]
) -> None:
    later = changed(tmp_path, file, old, new)
    assert later.digest != privacy.digest
    assert {c for c in privacy.purposes if later.notice(c) != privacy.notice(c)} == hit


def test_what_has_no_notice_was_never_agreed_to(privacy: Privacy) -> None:
    assert privacy.notice("marketing") == b""
    assert len({privacy.notice(code) for code in privacy.purposes}) == len(privacy.purposes)
