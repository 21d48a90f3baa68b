"""`flask credit`: one line of JSON, a picture, and a *no* that says what to do next."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import Result
from flask import Flask

from app import rulebook
from tests.grades.office import CLOSED, FIFTY, Office
from tests.rules.packs import WEIHAI


def run(office: Office, *words: str, command: str = "close") -> Result:
    return office.app.test_cli_runner().invoke(args=["credit", command, *words])


def said(done: Result) -> dict[str, Any]:
    assert done.exit_code == 0, done.output
    (line,) = done.stdout.splitlines()
    found: dict[str, Any] = json.loads(line)
    return found


def test_it_closes_what_is_due_and_says_so_again(office: Office) -> None:
    office.report(*FIFTY)
    office.clock.instant = CLOSED
    closed = {
        "quarter": "2025Q4",
        "residents": 1,
        "grades": {"light": 1},
        "reduction_g": "50000.000",
        "closed_at": "2026-01-16T01:00:00+08:00",
    }
    assert said(run(office)) == {"quarters": [closed]}
    assert said(run(office)) == {"quarters": []}
    assert said(run(office, "2025Q4")) == {"quarters": [closed]}
    assert office.code() == "light"


def test_what_is_not_due_is_refused(office: Office) -> None:
    office.report(*FIFTY)
    done = run(office, "2025Q4")
    assert done.exit_code == 1
    assert "2025Q4 not before 2026-01-16" in done.stderr
    assert office.history() == []


def test_what_is_no_quarter_is_refused(office: Office) -> None:
    assert "2026Q3" in run(office, "autumn").stderr


def test_a_card_is_examined_on_whom_it_graded(office: Office, tmp_path: Path) -> None:
    assert "flask credit close" in run(office, command="validate").stderr
    office.client.patch("/v1/me", json={"birth_year": 1990}, headers=office.resident)
    office.report(*FIFTY)
    office.close()
    found = said(run(office, "--out", str(tmp_path / "new"), command="validate"))
    assert (found["quarter"], found["before"]) == ("2025Q4", "2025Q3")
    assert found["distribution"]["grades"] == {"light": 1, "medium": 0, "deep": 0}
    assert found["distribution"]["factor"]["median"] == office.grade()["factor"]
    assert found["stability"]["verdict"] == "too_few"
    # One resident is nobody to be told apart.
    assert found["parity"]["age_band"] == {
        "groups": [], "suppressed": 1, "least_ratio": None, "fair": True,
    }  # fmt: skip
    assert found["scorecards"] == {office.grade()["scorecard"]["digest"]: 1}
    assert found["tried_by"] is None
    picture = ElementTree.parse(found["picture"])
    assert "2025Q4" in "".join(picture.getroot().itertext())


def other_card(folder: Path) -> Path:
    """The rules with a card that gives 20 points more for one category from April 2026 on."""
    pack = shutil.copytree(WEIHAI, folder / "rules" / WEIHAI.name)
    card = pack / "credit" / "scorecard.toml"
    text = card.read_text(encoding="utf-8")
    steps, _ = text.split("[[parts.breadth.steps.values]]\n")[1].split("\n[parts.regularity]")
    later = steps.replace("2020-01-01", "2026-04-01").replace("points = 40", "points = 60")
    text = text.replace(steps, f"{steps}\n[[parts.breadth.steps.values]]\n{later}")
    card.write_text(text, encoding="utf-8")
    with pytest.raises(rulebook.BadRule) as refused:
        rulebook.load(pack)
    (digest,) = re.findall(r"write (\w+)", str(refused.value))
    text = re.sub(r'^card = "\w+"', f'card = "{digest}"', text, flags=re.MULTILINE)
    card.write_text(text, encoding="utf-8")
    return pack.parent


def test_a_changed_card_is_tried_on_what_another_graded(
    office: Office, make_app: Callable[..., Flask], tmp_path: Path
) -> None:
    office.report(*FIFTY)
    office.close()
    made = office.grade()
    office.app = make_app(rules_folder=other_card(tmp_path), instance=tmp_path)
    # What was graded names the card that graded it, whichever is loaded now.
    kept = said(run(office, command="validate"))
    assert kept["scorecards"] == {made["scorecard"]["digest"]: 1}
    assert kept["distribution"]["factor"]["median"] == made["factor"]
    tried = said(run(office, "--by", "2026Q2", command="validate"))
    assert made["scorecard"]["digest"] not in tried["scorecards"]
    assert tried["tried_by"] == "2026Q2"
    assert tried["picture"] != kept["picture"]
    # One category gives 40 points by the card in force, 60 by the one that follows it.
    assert tried["distribution"]["factor"]["median"] == made["factor"] + 20
    assert office.grade() == made
    assert "2019Q4" in run(office, "--by", "2019Q4", command="validate").stderr
