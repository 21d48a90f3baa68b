"""What a resident is shown of a grade, and what does not touch it."""

from datetime import UTC, datetime, timedelta

from app import ledger
from app.plumbing import cursor
from tests.activities.desk import act
from tests.grades.office import A_LITTLE, CLOSED, COMMAND, FIFTY, Office, at, clothes, ride


def test_a_grade_is_shown_with_all_that_it_stands_on(office: Office) -> None:
    office.report(*FIFTY, A_LITTLE, act("cup", "own_cup", at("2025-10-20"), order_id="o"))
    office.close()
    found = office.grade()
    assert found["grade"] == {"code": "medium", "title_zh": "中绿", "title_en": "Medium green"}
    assert found["status"] == "closed"
    assert sum(part["points"] for part in found["parts"]) == found["factor"]
    assert sum(part["most"] for part in found["parts"]) == 1000
    lost = {part["name"]: part["most"] - part["points"] for part in found["parts"]}
    reasons = found["reasons"]
    assert 1 <= len(reasons) <= 4
    assert [each["points_lost"] for each in reasons] == sorted(
        (lost[each["part"]] for each in reasons), reverse=True
    )
    assert max(lost.values()) == reasons[0]["points_lost"]
    assert all(each["text_zh"] and each["text_en"] and each["hint_zh"] for each in reasons)
    raising = found["raise"]
    assert raising["grade"]["code"] == "deep"
    assert all(each["next_at"] > each["measured"] for each in raising["parts"])
    assert [each["above_g"] for each in found["thresholds"]] == [
        "0.000", "50000.000", "100000.000"
    ]  # fmt: skip
    assert "online_medical_service" in {each["code"] for each in found["not_used"]}
    assert found["rulebook"] == office.house.rules.digest
    assert found["scorecard"]["digest"] == office.house.rules.credit.digest
    assert (found["version"], found["reason"]["code"]) == (1, "closing")
    assert found["objections"] == "/v1/me/objections"


def test_the_present_quarter_is_shown_as_it_stands(office: Office) -> None:
    office.report(*FIFTY)
    office.close()
    office.clock.instant = datetime(2026, 2, 10, 4, tzinfo=UTC)
    office.report(clothes("coats", "2026-02-03", "20"), ride("ride", "2026-02-10"))
    assert office.grade()["current"] == {
        "quarter": "2026Q1",
        "from": "2026-01-01",
        "to": "2026-03-31",
        "reduction_g": "25680.000",
        "grade": {"code": "light", "title_zh": "浅绿", "title_en": "Light green"},
        "closes_on": "2026-04-16",
    }


def test_points_that_go_and_come_leave_the_grade_alone(office: Office) -> None:
    """Spent, or received from a partner (T7: 135 units at 13.5 are 10 points)."""
    office.report(*FIFTY)
    office.close()
    before = office.grade()
    office.clock.instant += timedelta(days=2)
    with office.house.work(COMMAND) as work:
        ledger.book_due(work, [office.me])
        had = ledger.wallet(work, office.me).available
        ledger.hold(work, office.me, had, ledger.Purpose("vou", bytes(16)))
        source, day = f"{ledger.PARTNER}unionpay", work.today + timedelta(days=400)
        ledger.receive(work, office.me, 1000, ledger.Purpose("xch", bytes(16)), source, day)
        assert had > 0
        assert ledger.wallet(work, office.me).available == 1000
    assert office.grade() == before


def test_history_comes_in_pages(office: Office) -> None:
    office.report(*FIFTY)
    office.close()
    for each in FIFTY:
        office.clock.instant += timedelta(hours=1)
        office.desk.reverse(each["reference"])
        office.restate()
    answer = office.client.get("/v1/me/grade/history?limit=2", headers=office.resident).get_json()
    assert [each["version"] for each in answer["items"]] == [3, 2]
    rest = office.history(f"?limit=2&cursor={answer['next_cursor']}")
    assert [each["version"] for each in rest] == [1]
    first = rest[0]
    assert first["before"] is None
    assert first["reason"]["text_zh"]
    assert first["made_at"] == CLOSED.astimezone(office.house.rules.pack.zone).isoformat()
    made_up = ([1], ["2026Q2\0", 1], ["2026Q2", True], ["2026Q2", 1 << 15], ["2026Q2", 2**64 - 1])
    for each in made_up:
        path = f"/v1/me/grade/history?cursor={cursor(each)}"
        bad = office.client.get(path, headers=office.resident)
        assert (bad.status_code, bad.get_json()["code"]) == (422, "bad_cursor"), each


def test_the_next_quarter_says_what_stood_before(office: Office) -> None:
    office.report(*FIFTY, A_LITTLE, ride("new", "2026-01-02"))
    office.close()
    office.close(datetime(2026, 4, 20, tzinfo=UTC))
    now = office.history()[0]
    assert (now["quarter"], now["before"]["code"], now["grade"]["code"]) == (
        "2026Q1", "medium", "light"
    )  # fmt: skip
