"""The clock of an objection: three working days, seven once with a reason, twenty days at most."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.kernel import FixedClock
from tests.objections.court import Court

CITY = ZoneInfo("Asia/Shanghai")


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CITY).astimezone(UTC)


@pytest.mark.parametrize(
    ("opened", "due", "longer", "latest"),
    [
        ("2026-03-10T23:59:59", "2026-03-13", "2026-03-19", "2026-03-30"),
        ("2026-03-11T00:00:00", "2026-03-16", "2026-03-20", "2026-03-31"),
        ("2026-03-14T12:00:00", "2026-03-18", "2026-03-24", "2026-04-03"),  # a Saturday
        ("2026-09-30T17:00:00", "2026-10-10", "2026-10-15", "2026-10-20"),  # National Day week
        ("2026-12-31T23:59:59", "2027-01-05", "2027-01-11", "2027-01-20"),  # year's end
    ],
)
def test_the_days_of_a_clock(
    court: Court, clock: FixedClock, opened: str, due: str, longer: str, latest: str
) -> None:
    ride = court.ride()
    clock.instant = instant(opened)
    found = court.contest("activity", ride)
    assert (found["due_on"], found["latest_on"]) == (due, latest)
    path, officer = f"/v1/objections/{found['id']}/extend", court.market.operator()
    reason = {"reason": "The bus company must look."}
    assert court.market.post(path, officer, reason)["due_on"] == longer
    seen = court.look(found)
    assert (seen["extended"], seen["extension"]) == (True, reason["reason"])
    assert court.market.refused(path, officer, reason) == "already_extended"


def test_an_overdue_case_rises_and_is_not_extended(court: Court, clock: FixedClock) -> None:
    found = court.contest("activity", court.ride())
    officer, overdue = court.market.operator(), "/v1/objections?overdue=true"

    def stands(at: str) -> tuple[int, int, bool, int]:
        """How many rise, the level, whether it is overdue, how many the desk lists as such."""
        clock.instant = instant(at)
        risen = court.run("objections.escalate")
        seen = court.look(found)
        listed = len(court.market.get(overdue, officer)["items"])
        return risen, seen["level"], seen["overdue"], listed

    assert stands("2026-03-13T23:59:59") == (0, 0, False, 0)
    assert stands("2026-03-14T00:00:00") == (1, 1, True, 1)
    assert stands("2026-03-30T23:59:59") == (0, 1, True, 1)
    assert stands("2026-03-31T00:00:00") == (1, 2, True, 1)
    assert stands("2026-04-30T00:00:00") == (0, 2, True, 1)
    path = f"/v1/objections/{found['id']}/extend"
    assert court.market.refused(path, officer, {"reason": "Wait."}) == "overdue"
    court.reject(officer, found)
    assert stands("2026-05-30T00:00:00") == (0, 2, False, 0)


def test_a_case_that_nobody_saw_for_weeks_rises_to_the_top(court: Court, clock: FixedClock) -> None:
    found = court.contest("activity", court.ride())
    clock.instant += timedelta(days=40)
    assert court.run("objections.escalate") == 1
    assert court.look(found)["level"] == 2
    assert date.fromisoformat(found["latest_on"]) == date(2026, 3, 30)


def test_an_extended_case_is_due_later(court: Court, clock: FixedClock) -> None:
    found = court.contest("activity", court.ride())
    path = f"/v1/objections/{found['id']}/extend"
    clock.instant = instant("2026-03-13T23:59:59")
    court.market.post(path, court.market.operator(), {"reason": "The bus company must look."})
    clock.instant = instant("2026-03-14T00:00:00")
    assert court.run("objections.escalate") == 0
    assert not court.look(found)["overdue"]
