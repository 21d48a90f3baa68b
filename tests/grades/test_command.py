"""`flask credit close`: one line of JSON, and a *no* that says what to do next."""

import json
from typing import Any

from click.testing import Result

from tests.grades.office import CLOSED, FIFTY, Office


def run(office: Office, *words: str) -> Result:
    return office.app.test_cli_runner().invoke(args=["credit", "close", *words])


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
