"""`flask credit`: one line of JSON, a picture, and a *no* that says what to do next."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from click.testing import Result

from tests.grades.office import CLOSED, FIFTY, Office


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
    assert found["scorecard"] == office.grade()["scorecard"]["digest"]
    picture = ElementTree.parse(found["picture"])
    assert "2025Q4" in "".join(picture.getroot().itertext())
