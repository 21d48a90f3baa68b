"""Every grade can be computed again from what is kept; what was tampered with is found."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app import grades
from app.grades import tables
from app.rulebook import credit_from_text
from tests.grades.office import A_LITTLE, COMMAND, FIFTY, Office, ride


def differences(office: Office) -> list[str]:
    with office.house.look(COMMAND) as work:
        return list(grades.differences(work))


@pytest.fixture
def closed(office: Office) -> Office:
    """Two versions of one quarter."""
    office.report(*FIFTY, A_LITTLE)
    office.close()
    office.clock.instant += timedelta(days=1)
    office.desk.reverse("a little")
    office.restate()
    assert [each[0] for each in office.versions()] == [2, 1]
    assert differences(office) == []
    return office


TAMPERED: list[tuple[dict[str, Any], str]] = [
    ({"code": "deep"}, "is kept as deep"),
    ({"factor": 999}, "with 999"),
    ({"reduction_mg": 1}, "for 1 mg"),
    ({"quality": "high?"}, "is kept as"),
    ({"earlier": 4}, "is kept as"),
    ({"lines": "[]"}, "is kept as"),
    ({"parts": "[]"}, "is kept as"),
    ({"before": "deep"}, "and says deep"),
]


@pytest.mark.parametrize(("columns", "said"), TAMPERED, ids=[next(iter(c)) for c, _ in TAMPERED])
def test_what_was_changed_by_hand_is_found(
    closed: Office, columns: dict[str, Any], said: str
) -> None:
    with closed.house.work(COMMAND) as work:
        second = tables.grade.c.version == 2
        work.db.execute(tables.grade.update().where(second).values(**columns))
    (found,) = differences(closed)
    assert said in found
    told = closed.app.test_cli_runner().invoke(args=["ledger", "audit"])
    assert told.exit_code == 1
    assert found in told.stdout


def test_a_version_that_is_gone_is_missed(closed: Office) -> None:
    with closed.house.work(COMMAND) as work:
        work.db.execute(tables.grade.delete().where(tables.grade.c.version == 1))
    assert differences(closed) == ["version 2 of a grade of 2025Q4 follows no version before it"]


def other_rules(office: Office) -> None:
    """From now on the pack says something else of grades, and of what acts are worth."""
    here = office.house
    files = json.loads(here.rules.credit.text)
    files["credit/grades.toml"] = files["credit/grades.toml"].replace("= 100\n", "= 90\n")
    credit = credit_from_text(json.dumps(files), here.rules.behaviours)
    assert credit.digest != here.rules.credit.digest
    rules = replace(here.rules, credit=credit, digest="e" * 64)
    office.app.extensions["weitan"] = replace(here, rules=rules)


def test_grades_are_computed_again_by_the_rules_they_name(closed: Office) -> None:
    before = closed.history()
    other_rules(closed)
    assert differences(closed) == []
    assert closed.history() == before
    closed.clock.instant += timedelta(days=1)
    closed.report(ride("new", "2026-01-02"))
    closed.close(datetime(2026, 4, 20, tzinfo=UTC))
    digests = [each["scorecard"]["digest"] for each in closed.history()]
    assert digests[0] != digests[1] == digests[2]
    assert differences(closed) == []
    with closed.house.look(COMMAND) as work:
        assert work.db.scalar(sa.select(sa.func.count()).select_from(tables.card_edition)) == 2


def test_a_new_card_changes_no_closed_quarter(closed: Office) -> None:
    other_rules(closed)
    closed.clock.instant += timedelta(days=1)
    closed.desk.reverse(FIFTY[0]["reference"])
    closed.restate()
    now, before = closed.history()[:2]
    assert (now["version"], now["scorecard"]) == (3, before["scorecard"])
    assert differences(closed) == []
