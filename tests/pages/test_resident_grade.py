"""The grade's page, and what home says when something is near its end, on hold or contested."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.kernel import FixedClock, to_wire
from app.settings import Settings
from tests.activities.desk import Desk
from tests.conftest import Headers
from tests.grades.office import COMMAND, FIFTY, HUNDRED, Office, ride
from tests.pages.conftest import Browser


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Tokens that outlive the quarters of a test."""
    return replace(settings, access_seconds=4 * 366 * 86_400)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2025, 6, 1, tzinfo=UTC))


@pytest.fixture
def office(
    app: Flask,
    client: FlaskClient,
    clock: FixedClock,
    register: Callable[..., Any],
    resident: Headers,
) -> Office:
    desk = Desk.opened(client, register, kind="utility")
    desk.bind(resident)
    clock.instant = datetime(2026, 1, 5, 4, tzinfo=UTC)
    return Office(app, client, clock, desk, resident)


@pytest.fixture
def read(office: Office, browse: Callable[..., Browser]) -> Callable[[str], str]:
    """A page as the resident reads it now, signed in anew."""

    def look(path: str) -> str:
        mine = browse("resident", to_wire("res", office.me))
        answer = mine.get(path)
        assert answer.status_code == 200, mine.page
        return " ".join(mine.page.split())

    return look


Read = Callable[[str], str]


def test_a_closed_quarter_tells_grade_factor_reasons_and_the_way_on(
    office: Office, read: Read
) -> None:
    office.report(*FIFTY)
    office.close()
    office.report(ride("later", "2026-01-16"), when=datetime(2026, 1, 17, 4, tzinfo=UTC))
    page = read("/my/grade")
    assert "Q4 2025" in page
    assert "Light green" in page
    assert "of 1000" in page
    assert "49.92 kg more this quarter reaches Medium green." in page
    assert "What would raise it" in page
    assert "/contest?grade=2025Q4" in page
    assert "more than 100 kg a quarter" in page
    home = read("/my")
    assert "Light green" in home
    assert "49.92 kg more this quarter reaches Medium green." in home


def test_a_quarter_that_is_being_closed_says_so(office: Office, read: Read) -> None:
    office.report(*HUNDRED)
    page = read("/my/grade")
    assert "Q4 2025 is over and being closed" in page


def test_versions_of_a_quarter_are_told_with_their_reasons(office: Office, read: Read) -> None:
    office.report(*HUNDRED, ride("more", "2025-12-20"))
    office.close()
    assert "Deep green" in read("/my/grade")
    office.desk.reverse("more", reason="never happened")
    office.restate()
    page = read("/my/grade")
    assert "version 2" in page
    assert "A record was taken back" in page
    assert "Medium green" in page


def test_points_near_their_end_are_announced(office: Office, read: Read) -> None:
    office.report(ride("r", "2026-01-04"))
    assert "expire on" not in read("/my")
    office.clock.instant = datetime(2028, 3, 10, tzinfo=UTC)
    for path in ("/my", "/my/points"):
        page = read(path)
        assert "8 points expire on Mar 31, in 21 days" in page


def test_an_account_on_hold_is_told(office: Office, read: Read) -> None:
    assert "on hold" not in read("/my")
    with office.house.work(COMMAND) as work:
        work.db.execute(sa.text("UPDATE resident SET spending_frozen = :yes"), {"yes": True})
    assert "Your account is on hold" in read("/my")


def test_what_is_contested_is_told(office: Office, read: Read) -> None:
    contested = office.report(*FIFTY)[0]
    office.close()
    body = {"activity_id": contested, "wish": "remove", "reason": "not mine"}
    answer = office.client.post(
        "/v1/me/objections", json=body, headers=office.resident | {"Idempotency-Key": "o"}
    )
    assert answer.status_code in (200, 201), answer.get_json()
    page = read(f"/my/acts/{contested}")
    assert "You have contested this record" in page
    assert "Contest this record" not in page
    assert "Contested" in read("/my/acts")
    assert "Contested records left out" in read("/my/grade")
