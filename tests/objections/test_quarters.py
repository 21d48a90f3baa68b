"""What an objection does to the grade of a closed quarter, and to the bank that had asked."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from app.kernel import FixedClock
from tests.activities.desk import act
from tests.conftest import Headers
from tests.credit.counter import DEMO, Counter
from tests.objections.court import MINE, Court

CLOSED = datetime(2026, 1, 16, 2, tzinfo=UTC)
QUARTER = "2025Q4"


@pytest.fixture
def clock() -> FixedClock:
    """It is December; the quarter is open."""
    return FixedClock(datetime(2025, 12, 20, 4, tzinfo=UTC))


@pytest.fixture
def counter(court: Court) -> Counter:
    return Counter(court.market.app, court.market.clock, court.market.client)


def charge(court: Court, day: str, quantity: str = "80") -> str:
    """An act of more than 25 kg and less than 50; its id."""
    one = act(day, "ev_charging", f"{day}T08:00:00+08:00", quantity=quantity, unit="kWh")
    return str(court.desk.one(one)["id"])


@pytest.fixture
def charges(court: Court) -> list[str]:
    """Two acts, by which the quarter is medium green; now it is closed."""
    found = [charge(court, "2025-11-10"), charge(court, "2025-12-11", "40")]
    court.market.clock.instant = CLOSED
    court.run("grades.close")
    return found


def grade(court: Court) -> dict[str, Any]:
    return dict(court.market.get("/v1/me/grade", court.resident))


def saved(court: Court) -> Decimal:
    return Decimal(grade(court)["reduction_g"])


def code(court: Court) -> str | None:
    found = grade(court)["grade"]
    return found["code"] if found else None


def history(court: Court) -> list[tuple[int, str]]:
    """(version, reason), the newest first."""
    items = court.market.get("/v1/me/grade/history", court.resident)["items"]
    return [(each["version"], each["reason"]["code"]) for each in items]


def told(counter: Counter, bank: Headers) -> list[str]:
    """What a bank was told, once the jobs have run."""
    for name in ("grades.restate", "credit.tell_changes"):
        counter.job(name)
    return [each["type"] for each in counter.events(bank)]


@pytest.mark.usefixtures("charges")
def test_the_quarter_is_medium(court: Court) -> None:
    assert (code(court), history(court)) == ("medium", [(1, "closing")])


def test_a_contested_act_leaves_the_grade_and_comes_back(
    court: Court, counter: Counter, charges: list[str]
) -> None:
    bank = counter.bank()
    first = counter.ask(bank, counter.agree(court.resident))
    assert first["grade"] == "medium"
    found = court.contest("activity", charges[0])
    assert told(counter, bank) == ["grade.corrected"]
    assert (code(court), history(court)[0]) == ("light", (2, "dispute"))
    court.reject(court.market.operator(), found)
    assert told(counter, bank) == ["grade.corrected", "grade.corrected"]
    assert (code(court), history(court)[0]) == ("medium", (3, "objection"))
    assert grade(court)["factor"] == first["factor"]


def test_an_act_that_is_undone_leaves_points_grade_factor_and_the_bank_is_told(
    court: Court, counter: Counter, charges: list[str]
) -> None:
    bank = counter.bank()
    first = counter.ask(bank, counter.agree(court.resident))
    before = court.market.get("/v1/me/points", court.resident)
    found = court.contest("activity", charges[0])
    court.market.wait(minutes=1)
    court.uphold(found, "reverse")
    assert told(counter, bank) == ["grade.corrected"]
    after = court.market.get("/v1/me/points", court.resident)
    assert Decimal(after["available"]) == Decimal(before["available"]) / 3
    assert after["debt"] == "0.00"
    assert (code(court), history(court)) == ("light", [(2, "objection"), (1, "closing")])
    assert grade(court)["factor"] < first["factor"]
    (event,) = counter.events(bank)
    assert event["data"]["before"] == {"grade": "medium", "factor": first["factor"]}
    assert event["data"]["after"]["grade"] == "light"
    assert counter.ask(bank, counter.agree(court.resident))["grade"] == "light"


def test_an_act_that_is_contested_at_the_closing_does_not_count(court: Court) -> None:
    charge(court, "2025-12-10")
    found = court.contest("activity", charge(court, "2025-12-11"))
    court.market.clock.instant = CLOSED
    court.run("grades.close")
    assert (code(court), history(court)) == ("light", [(1, "closing")])
    court.withdraw(found)
    court.run("grades.restate")
    assert (code(court), history(court)[0]) == ("medium", (2, "objection"))


def test_a_contested_grade_says_so_wherever_it_is_told(
    court: Court, counter: Counter, charges: list[str]
) -> None:
    bank = counter.bank(DEMO)
    found = court.contest("grade", QUARTER, wish="human_review")
    assert grade(court)["disputed"] is True
    assert counter.ask(bank, counter.agree(court.resident, DEMO))["disputed"] is True
    seen = court.market.get(f"/v1/objections/{found['id']}", court.market.operator())
    explained = seen["explanation"]
    assert (explained["grade"], explained["factor"]) == ("medium", grade(court)["factor"])
    assert sum(part["points"] for part in explained["parts"]) == explained["factor"]
    assert charges[0] not in str(seen)  # of a grade its acts are not shown
    court.reject(court.market.operator(), found)
    assert grade(court)["disputed"] is False
    again = counter.agree(court.resident, DEMO)
    assert counter.ask(bank, again, application_reference="2")["disputed"] is False


def test_late_acts_are_let_in_for_good(court: Court, counter: Counter, charges: list[str]) -> None:
    bank = counter.bank()
    counter.ask(bank, counter.agree(court.resident))
    late = [charge(court, day) for day in ("2025-11-05", "2025-12-01")]
    assert told(counter, bank) == []
    before = saved(court)
    found = court.contest("grade", QUARTER, wish="correct")
    maker = court.market.operator()
    other = charge(court, "2026-01-10")
    for wrong in ([other], ["act_01m80dm0wde0y95z0eh04byx4k"], ["act"], []):
        refused = court.propose(maker, found, "admit", 422, admit=wrong)
        assert refused["errors"][0]["pointer"] == "/payload/admit"
    assert court.uphold(found, "admit", admit=late)["answer"]["remedy"] == "admit"
    after = saved(court)
    assert (code(court), history(court)[0]) == ("deep", (2, "objection"))
    assert after > before
    assert told(counter, bank) == ["grade.corrected"]
    # It counts as well when the quarter is added up again.
    withdrawn = court.contest("activity", charges[0])
    court.run("grades.restate")
    assert before > after - saved(court) > 0
    court.withdraw(withdrawn)
    court.run("grades.restate")
    assert saved(court) == after


@pytest.mark.usefixtures("charges")
def test_a_late_purchase_is_let_into_every_quarter_over_which_it_is_released(court: Court) -> None:
    words = {"label_kwh_year": "100", "reference_kwh_year": "300", "order_id": "f"}
    at, kind = "2025-08-20T08:00:00+08:00", {"product_type": "refrigerator"}
    fridge = str(court.desk.one(act("fridge", "efficient_appliance", at, **kind, **words))["id"])
    before = saved(court)
    court.uphold(court.contest("grade", QUARTER), "admit", admit=[fridge])
    # Three of the twelve months of 128.2 kg.
    assert saved(court) - before == Decimal("32.05") * 1000


@pytest.mark.usefixtures("charges")
def test_a_grade_that_is_right_stands_after_it_was_computed_again(court: Court) -> None:
    found = court.contest("grade", QUARTER)
    assert court.uphold(found, "recompute")["status"] == "upheld"
    assert (code(court), history(court)) == ("medium", [(1, "closing")])


def test_the_last_quarter_can_be_contested_by_who_got_no_grade(court: Court) -> None:
    court.market.clock.instant = CLOSED
    late = charge(court, "2025-12-10")
    assert code(court) is None
    body = {"quarter": QUARTER, "reason": "The charger was late."}
    assert court.market.refused(MINE, court.resident, body, 404) == "unknown_grade"
    charge(court, "2026-01-10")
    court.run("grades.close")
    found = court.market.post(MINE, court.resident, body, 201)
    court.uphold(found, "admit", admit=[late])
    assert code(court) == "light"


@pytest.mark.usefixtures("charges")
@pytest.mark.parametrize("subject", ["2026Q1", "2024Q1", "2025Q5", "25Q4", "deep"])
def test_a_grade_that_is_not_there_is_not_contested(court: Court, subject: str) -> None:
    body = {"kind": "grade", "subject": subject, "reason": "?"}
    assert court.market.refused(MINE, court.resident, body, 404) == "unknown_grade"
