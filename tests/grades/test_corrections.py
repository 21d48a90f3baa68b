"""What was wrong is corrected by a further version, with its reason; nothing is edited."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app import activities, grades
from app.grades import Quarter
from app.kernel import from_wire
from tests.activities.desk import act
from tests.activities.test_rules_change import with_value
from tests.grades.office import (
    A_LITTLE,
    CLOSED,
    COMMAND,
    FIFTY,
    HUNDRED,
    LAST,
    Office,
    at,
    clothes,
    phones,
    ride,
)


def raw(activity: str) -> bytes:
    found = from_wire("act", activity)
    assert found is not None
    return found


def test_a_report_taken_back_lowers_a_closed_grade(office: Office) -> None:
    office.report(*HUNDRED, A_LITTLE)
    office.close()
    before = office.history()
    office.clock.instant += timedelta(days=3)
    office.desk.reverse("phone 2025-10-08")
    assert office.restate() == 1
    assert office.versions() == [(2, "reversal", "medium"), (1, "closing", "deep")]
    now = office.history()
    assert now[1:] == before
    assert now[0]["before"]["code"] == "deep"
    assert now[0]["reduction_g"] == "75001.022"
    assert now[0]["scorecard"] == before[0]["scorecard"]
    assert office.grade()["reason"]["code"] == "reversal"
    assert office.audit() == []
    assert office.restate() == 0


def test_all_taken_back_leaves_no_grade(office: Office) -> None:
    office.report(*FIFTY)
    office.close()
    office.clock.instant += timedelta(days=1)
    office.desk.reverse(*(each["reference"] for each in FIFTY))
    office.restate()
    assert office.versions() == [(2, "reversal", None), (1, "closing", "light")]
    found = office.grade()
    assert (found["grade"], found["factor"], found["reduction_g"]) == (None, None, "0.000")
    with office.house.look(COMMAND) as work:
        assert grades.latest(work, office.me) is None
        gone = grades.of(work, office.me, LAST)
        assert gone is not None
        assert (gone.code, gone.before) == (None, "light")
    assert office.audit() == []


def test_a_reading_replaced_after_the_closing_counts_as_it_should_have_been(
    office: Office,
) -> None:
    office.report(clothes("coats", "2025-11-10", "20"))
    office.close()
    office.clock.instant += timedelta(days=10)
    right = clothes("coats again", "2025-11-10", "10") | {"replaces": "coats"}
    office.report(right)
    office.restate()
    assert office.grade()["reduction_g"] == "12800.000"
    office.clock.instant += timedelta(days=10)
    office.report(clothes("third", "2025-11-10", "11") | {"replaces": "coats again"})
    office.restate()
    assert office.grade()["reduction_g"] == "14080.000"
    assert [each[:2] for each in office.versions()] == [
        (3, "reversal"), (2, "reversal"), (1, "closing")
    ]  # fmt: skip


def test_a_late_act_taken_back_again_changes_nothing(office: Office) -> None:
    office.report(*FIFTY)
    office.close()
    office.clock.instant += timedelta(days=1)
    office.report(clothes("late", "2025-11-10", "20"))
    office.desk.reverse("late")
    assert office.restate() == 1
    assert office.versions() == [(1, "closing", "light")]


def test_a_corrected_factor_restates_closed_quarters(office: Office) -> None:
    office.report(ride("ride", "2025-11-10"))
    office.close()
    rules = with_value(office.house.rules, "bus_ride", "flat", "70")
    office.clock.instant += timedelta(days=1)
    house = replace(office.house, rules=rules)
    with house.work(COMMAND) as work:
        activities.rescore(work, [office.me])
    office.app.extensions["weitan"] = house
    office.restate()
    assert office.versions() == [(2, "rules", "light"), (1, "closing", "light")]
    assert [each["reduction_g"] for each in office.history()] == ["70.000", "80.000"]
    assert office.history()[0]["rulebook"] == rules.digest


def test_a_contested_act_is_left_out_until_it_is_decided(office: Office) -> None:
    (phone, *_) = office.report(*FIFTY, A_LITTLE)
    office.close()
    objection = bytes(15) + b"1"
    office.clock.instant += timedelta(days=1)
    with office.house.work(COMMAND) as work:
        activities.dispute(work, office.me, raw(phone), objection)
    office.restate()
    assert office.grade()["reduction_g"] == "25001.022"
    assert office.grade()["contested_acts"] == [phone]
    office.clock.instant += timedelta(days=1)
    with office.house.work(COMMAND) as work:
        activities.end_dispute(work, office.me, raw(phone), objection)
    office.restate()
    assert office.grade()["contested_acts"] == []
    assert office.versions() == [
        (3, "objection", "medium"), (2, "dispute", "light"), (1, "closing", "medium")
    ]  # fmt: skip


def test_what_is_contested_when_the_quarter_closes_is_left_out(office: Office) -> None:
    (phone, *_) = office.report(*FIFTY)
    objection = bytes(15) + b"1"
    with office.house.work(COMMAND) as work:
        activities.dispute(work, office.me, raw(phone), objection)
    assert office.grade()["closing"]["reduction_g"] == "25000.000"
    office.close()
    assert office.grade()["reduction_g"] == "25000.000"
    office.restate()
    assert office.versions() == [(1, "closing", "light")]


def test_a_late_act_that_was_let_in_counts_in_every_later_correction(office: Office) -> None:
    office.report(*FIFTY)
    office.close()
    office.clock.instant += timedelta(days=2)
    (late,) = office.report(clothes("late", "2025-11-10", "20"))
    with office.house.work(COMMAND) as work:
        made = grades.correct(work, office.me, LAST, "objection", [raw(late)])
        assert made is not None
        assert (made.version, made.code, made.reduction_mg) == (2, "medium", 75_600_000)
        assert grades.correct(work, office.me, LAST, "objection") is None
    office.clock.instant += timedelta(days=2)
    office.desk.reverse("phone 2025-10-08")
    office.restate()
    assert office.history()[0]["reduction_g"] == "50600.000"
    assert office.audit() == []


def test_a_grade_that_goes_corrects_the_quarters_that_looked_back_on_it(office: Office) -> None:
    summer, autumn = phones("2025-07-01", "2025-10-01")
    office.report(summer, when=datetime(2025, 7, 2, tzinfo=UTC))
    office.report(autumn, when=datetime(2025, 10, 2, tzinfo=UTC))
    office.close()
    office.desk.reverse(summer["reference"])
    office.restate()
    assert office.versions(Quarter(2025, 3)) == [(2, "reversal", None), (1, "closing", "light")]
    assert office.versions() == [(2, "reversal", "light"), (1, "closing", "light")]
    first, second = (each["factor"] for each in office.history()[1::-1])
    assert second == first - 40
    assert office.audit() == []


def test_a_purchase_taken_back_is_taken_from_every_quarter_it_was_released_in(
    office: Office,
) -> None:
    words = {"label_kwh_year": "100", "reference_kwh_year": "300", "order_id": "f"}
    fridge = act(
        "fridge", "efficient_appliance", at("2025-08-20"), product_type="refrigerator", **words
    )
    office.report(fridge, when=datetime(2025, 8, 21, tzinfo=UTC))
    office.report(ride("ride", "2025-12-01"), when=datetime(2025, 12, 2, tzinfo=UTC))
    office.close()
    mine = {each["quarter"]: each["reduction_g"] for each in office.history()}
    # 128.2 kg over twelve months: two of them in one quarter, three in the next.
    assert mine == {"2025Q3": "21366.666", "2025Q4": "32130.000"}
    office.desk.reverse("fridge")
    office.restate()
    assert office.versions(Quarter(2025, 3))[0] == (2, "reversal", None)
    assert office.history()[0]["reduction_g"] == "80.000"
    assert office.audit() == []


def test_corrections_of_an_open_quarter_are_forgotten(office: Office) -> None:
    office.report(*FIFTY)
    office.clock.instant = CLOSED - timedelta(days=9)
    office.desk.reverse("phone 2025-10-08")
    assert office.restate() == 1
    assert office.history() == []
    office.close()
    assert office.grade()["reduction_g"] == "25000.000"


def test_nobody_corrects_what_is_not_closed_or_the_same(office: Office) -> None:
    office.report(*FIFTY)
    with office.house.work(COMMAND) as work:
        assert grades.correct(work, office.me, LAST, "objection") is None
    office.close()
    with office.house.work(COMMAND) as work:
        assert grades.correct(work, office.me, LAST, "objection") is None


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_whichever_is_taken_back_first_the_last_version_is_the_same(
    office: Office, order: tuple[int, int]
) -> None:
    office.report(*HUNDRED)
    office.close()
    for n in order:
        office.clock.instant += timedelta(hours=1)
        office.desk.reverse(FIFTY[n]["reference"])
        office.restate()
    assert office.versions()[0] == (3, "reversal", "light")
    assert office.history()[0]["reduction_g"] == "50000.000"


def test_corrections_followed_by_several_at_once_are_one_version(office: Office) -> None:
    office.report(*HUNDRED)
    office.close()
    office.clock.instant += timedelta(hours=1)
    office.desk.reverse(*(each["reference"] for each in FIFTY))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: office.restate(), range(4)))
    assert office.versions() == [(2, "reversal", "light"), (1, "closing", "medium")]
    assert office.audit() == []


def test_what_was_deleted_for_its_age_is_not_made_again(office: Office) -> None:
    office.report(*FIFTY)
    me = office.me
    office.close()
    office.close(datetime(2031, 6, 1, tzinfo=UTC))
    assert office.job("grades.forget") == 1
    rules = with_value(office.house.rules, "used_phone_trade_in", "reduction", "20000")
    office.clock.instant += timedelta(days=1)
    with replace(office.house, rules=rules).work(COMMAND) as work:
        assert activities.rescore(work, [me]) == 2
    assert office.restate() == 1
    with office.house.look(COMMAND) as work:
        assert grades.of(work, me, LAST) is None
