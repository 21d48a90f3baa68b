"""What counts for a quarter, when it is closed, and that a closing goes on where it stopped."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from app import grades
from app.grades import Quarter, closing_quarters, tables
from app.plumbing import jobs
from tests.conftest import bearer, sign_in
from tests.grades.office import CLOSED, COMMAND, CUTOFF, FIFTY, LAST, Office, clothes, phones, ride

SECOND = timedelta(seconds=1)


def test_the_closing_day_counts_to_its_end(office: Office) -> None:
    office.report(clothes("in time", "2025-11-10", "20"), when=CUTOFF - SECOND)
    office.report(clothes("late", "2025-11-11", "20"), when=CUTOFF)
    office.close()
    assert office.grade()["reduction_g"] == "25600.000"


def test_a_quarter_is_closed_an_hour_into_the_day_after(office: Office) -> None:
    office.report(*FIFTY)
    assert office.grade()["closing"]["closes_on"] == "2026-01-16"
    assert office.close(CLOSED - SECOND) == 0
    assert office.close(CLOSED) > 0
    assert office.close(CLOSED + timedelta(days=30)) == 0
    assert office.grade()["closing"] is None


def test_what_comes_late_never_reopens_a_quarter(office: Office) -> None:
    office.report(*FIFTY)
    office.close()
    before = office.grade()
    office.clock.instant += timedelta(days=5)
    office.report(clothes("late", "2025-11-10", "20"))
    assert office.restate() == 0
    assert office.grade() == before
    office.report(ride("of another quarter", "2026-01-02"))
    assert office.close(datetime(2026, 4, 20, tzinfo=UTC)) > 0
    assert [each["quarter"] for each in office.history()] == ["2026Q1", "2025Q4"]
    assert office.history()[1]["reduction_g"] == "50000.000"
    assert office.audit() == []


def test_a_closing_that_is_late_asks_what_was_known_at_its_cutoff(office: Office) -> None:
    """Corrected between the cutoff and the closing: closed as it stood, and corrected after."""
    office.report(*FIFTY, clothes("coats", "2025-11-10", "20"))
    office.clock.instant = CUTOFF + SECOND
    office.desk.reverse(FIFTY[0]["reference"])
    office.report(clothes("late", "2025-11-12", "10"))
    assert office.restate() == 0
    office.close(CLOSED + timedelta(days=3))
    assert office.grade()["reduction_g"] == "75600.000"
    assert office.restate() == 1
    assert office.grade()["reduction_g"] == "50600.000"
    assert office.versions() == [(2, "reversal", "medium"), (1, "closing", "medium")]


def test_older_quarters_are_closed_in_order_since_the_first_act(office: Office) -> None:
    summer, autumn = phones("2025-07-01", "2025-10-01")
    office.report(clothes("spring", "2025-06-30", "10"), when=datetime(2025, 7, 1, tzinfo=UTC))
    office.report(summer, autumn, when=datetime(2025, 10, 2, tzinfo=UTC))
    office.report(ride("too late", "2025-06-29"))
    office.close()
    found = [(each["quarter"], each["grade"]["code"]) for each in office.history()]
    assert found == [("2025Q4", "light"), ("2025Q3", "light"), ("2025Q2", "light")]
    parts = {part["name"]: part["measured"] for part in office.grade()["parts"]}
    assert parts["persistence"] == 2
    assert office.history()[-1]["reduction_g"] == "12800.000"
    with office.house.look(COMMAND) as work:
        assert grades.closing(work, Quarter(2025, 1)) is None


def test_what_is_older_than_five_quarters_is_not_closed(office: Office) -> None:
    office.report(ride("old", "2025-03-02"), ride("new", "2026-01-02"))
    office.close(datetime(2026, 7, 20, tzinfo=UTC))
    with office.house.look(COMMAND) as work:
        assert grades.closing(work, Quarter(2025, 1)) is None
        assert grades.window(work) == Quarter(2026, 2)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks of two residents."""
    monkeypatch.setattr(closing_quarters, "_CHUNK", 2)


def crowd(office: Office, count: int) -> None:
    """So many residents, each with a phone of 25 kg."""
    for n in range(count):
        who = bearer(sign_in(office.client, str(13_900_000_000 + n)))
        office.desk.bind(who, card=f"crowd{n}")
        (phone,) = phones("2025-11-11", card=f"crowd{n}")
        phone["evidence"]["imei_hash"] = f"{n:064x}"
        office.report(phone | {"reference": f"crowd {n}"})


def closed_rows(office: Office) -> list[tuple[str, int]]:
    with office.house.look(COMMAND) as work:
        rows = work.db.execute(tables.grade.select())
        return [(row.resident_id.hex(), row.version) for row in rows]


@pytest.mark.usefixtures("small")
def test_a_closing_cut_off_goes_on_where_it_was(office: Office) -> None:
    crowd(office, 5)
    office.clock.instant = CLOSED
    job = jobs.read(grades.JOBS)["grades.close"]
    assert jobs.run(office.house, job, most=1) == 2
    with office.house.work(COMMAND) as work:
        assert grades.step(work) == grades.Step(LAST, 2, ended=False)
        work.db.rollback()
    with office.house.look(COMMAND) as work:
        assert grades.window(work) is None
    assert len(closed_rows(office)) == 2
    office.close()
    found = closed_rows(office)
    assert len(found) == len(set(found)) == 5
    with office.house.look(COMMAND) as work:
        closing = grades.closing(work, LAST)
        assert closing is not None
        assert closing.counts == (5, {"light": 5}, 125_000_000)
    assert office.audit() == []


@pytest.mark.usefixtures("small")
def test_two_closings_at_once_grade_everybody_once(office: Office) -> None:
    crowd(office, 7)
    office.clock.instant = CLOSED
    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(lambda _: office.job("grades.close"), range(3)))
    assert sum(done) >= 7
    found = closed_rows(office)
    assert len(found) == len(set(found)) == 7
    with office.house.look(COMMAND) as work:
        closing = grades.closing(work, LAST)
        assert closing is not None
        assert closing.counts.residents == 7


def test_who_has_left_gets_no_grade(office: Office) -> None:
    office.report(*FIFTY)
    gone = office.client.delete("/v1/me?confirm=true", headers=office.resident)
    assert gone.status_code == 200, gone.get_json()
    office.close()
    assert closed_rows(office) == []
