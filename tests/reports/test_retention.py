"""What has stayed its time goes, on its day and not before; the books agree without it."""

from collections.abc import Callable
from datetime import date, timedelta

import sqlalchemy as sa
from flask.testing import FlaskClient

from app import activities
from app.kernel import from_wire
from app.plumbing.db import metadata
from tests.conftest import Headers
from tests.recognition.bourse import Bourse
from tests.redemption.market import COMMAND
from tests.reports.life import Life

Register = Callable[..., tuple[str, str]]


def come(city: Bourse, day: date) -> None:
    """Noon of a day, in the city."""
    city.wait(days=(day - city.clock.instant.date()).days)


def count(city: Bourse, table: str, whose: str = "", column: str = "resident_id") -> int:
    found = metadata.tables[table]
    statement = sa.select(sa.func.count()).select_from(found)
    if whose:
        statement = statement.where(found.c[column] == from_wire("res", whose))
    with city.house.look(COMMAND) as work:
        return int(work.db.scalar(statement) or 0)


def evidence(life: Life) -> dict[str, list[str]]:
    """Names of the evidence that is kept, by behaviour."""
    with life.city.house.look(COMMAND) as work:
        found = activities.copy_of(work, from_wire("res", life.wire) or b"")["activities"]
    rows: dict[str, list[str]] = {}
    for row in found:
        rows.setdefault(row["behaviour"], []).extend(each["name"] for each in row["evidence"])
    return rows


def test_evidence_that_no_score_reads_goes_after_its_days(
    bourse: Bourse, register: Register
) -> None:
    life = Life(bourse, register)
    last = date(2026, 3, 8) + timedelta(days=1825)
    come(bourse, last)
    bourse.job("activities.empty_evidence")
    assert evidence(life)["waste_paper_recycling"] == ["site"]
    come(bourse, last + timedelta(days=1))
    assert bourse.job("activities.empty_evidence") > 0
    assert evidence(life)["waste_paper_recycling"] == []
    # What a score reads stays as long as it can be made again.
    assert "product_type" in evidence(life)["efficient_appliance"]
    assert bourse.job("activities.empty_evidence") == 0


def test_the_acts_of_a_closed_account_go_when_the_law_lets_them(
    bourse: Bourse, client: FlaskClient, register: Register
) -> None:
    life = Life(bourse, register)
    client.delete("/v1/me?confirm=true", headers=life.person)
    months = count(bourse, "tally", life.wire)
    come(bourse, date(2026, 3, 10) + timedelta(days=1095))
    assert bourse.job("activities.forget_closed") == 0
    bourse.wait(days=1)
    assert bourse.job("activities.forget_closed") == 1
    for table in ("activity", "portion", "score_history", "reversal", "partner_claim", "sign_in"):
        assert count(bourse, table, life.wire) == 0, table
    assert count(bourse, "resident", life.wire, "id") == 0
    assert count(bourse, "page_session", life.wire, "subject") == 0
    assert count(bourse, "tally", life.wire) == months > 0
    assert bourse.job("activities.forget_closed") == 0


def test_what_was_told_agreed_and_asked_goes_after_three_years(
    bourse: Bourse, register: Register
) -> None:
    life = Life(bourse, register)
    before = {name: count(bourse, name) for name in ("disclosure", "inquiry")}
    come(bourse, date(2026, 3, 10) + timedelta(days=1095))
    for job in ("consent.forget", "credit.forget"):
        assert bourse.job(job) == 0
    assert {name: count(bourse, name) for name in before} == before
    bourse.wait(days=1)
    bourse.job("consent.forget")
    bourse.job("credit.forget")
    assert (count(bourse, "disclosure"), count(bourse, "inquiry")) == (0, 0)
    assert count(bourse, "consent", life.wire) == 1  # its term ended later
    bourse.wait(days=100)
    bourse.job("consent.forget")
    assert count(bourse, "consent", life.wire) == 0


def test_sign_ins_are_remembered_for_half_a_year_after_their_end(
    bourse: Bourse, resident: Headers
) -> None:
    assert resident  # has signed in
    bourse.wait(days=61)  # no token lives any more
    bourse.job("identity.forget_stale")
    bourse.job("identity.forget_sign_ins")
    assert count(bourse, "sign_in") == 1
    bourse.wait(days=180)
    bourse.job("identity.forget_sign_ins")
    assert count(bourse, "sign_in") == 1
    bourse.wait(days=1)
    bourse.job("identity.forget_sign_ins")
    assert count(bourse, "sign_in") == 0
