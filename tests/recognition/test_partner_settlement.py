"""The net of a day between the city and a partner: one file that never changes, both sides' files
matched, differences closed by two, either side paying what it owes."""

from typing import Any

import pytest

from tests.conftest import Headers
from tests.recognition.bourse import CITIC, Bourse

DAY = "2026-03-10"
BOOKS = "/v1/partner/settlements"


@pytest.fixture
def partner(bourse: Bourse) -> Headers:
    return bourse.partner()


def a_day(bourse: Bourse, partner: Headers) -> dict[str, dict[str, Any]]:
    """Thirty points go out, ten come in, ten more go out and are corrected; some come to nothing;
    and then morning comes."""
    person, other = bourse.riders(2)
    made = {
        "out": bourse.exchanged(partner, person, "30.00"),
        "in": bourse.exchanged(partner, other, "135", "in"),
        "corrected": bourse.exchanged(partner, other, "10.00"),
        "rejected": bourse.reject(partner, bourse.ask(person, "5.00")),
        "expired": bourse.ask(person, "5.00"),
    }
    assert bourse.correct(made["corrected"]).status_code == 200
    morning(bourse)
    return made


def morning(bourse: Bourse) -> None:
    bourse.wait(days=1)
    bourse.job("recognition.expire_exchanges")
    bourse.job("recognition.close_days")


def lines(found: Any) -> set[tuple[str, str, str]]:
    return {(each["exchange"], each["kind"], each["amount"]) for each in found["lines"]}


def test_the_file_of_a_day_tells_each_exchange_that_moved(bourse: Bourse, partner: Headers) -> None:
    made = a_day(bourse, partner)
    found = bourse.get(f"{BOOKS}/{DAY}", partner)
    assert lines(found) == {
        (made["out"]["id"], "out", "30.00"),
        (made["in"]["id"], "in", "-10.00"),
        (made["corrected"]["id"], "out", "10.00"),
        (made["corrected"]["id"], "correction", "-10.00"),
    }
    (one,) = [each for each in found["lines"] if each["exchange"] == made["in"]["id"]]
    assert {name: one[name] for name in ("theirs", "direction", "units", "rate", "rate_since")} == {
        "theirs": f"theirs {made['in']['id']}",
        "direction": "in",
        "units": "135",
        "rate": "27/2",
        "rate_since": "2025-01-01",
    }
    assert len(one["rulebook"]) == 64
    assert found["totals"]["amount"] == "20.00"
    assert found["totals"]["by_kind"]["out"] == {"count": 2, "amount": "40.00"}
    (listed,) = bourse.get(BOOKS, partner)["items"]
    assert [(each["payer"], each["amount"]) for each in listed["payouts"]] == [("city", "20.00")]
    csv = bourse.client.get(f"{BOOKS}/{DAY}?format=csv", headers=partner).get_data(as_text=True)
    assert csv.splitlines()[0].startswith("exchange,kind,at,day,amount,theirs,direction,units,rate")
    told = dict(bourse.told())["settlement.closed"]
    assert told == {"day": DAY, "sha256": found["sha256"]}


def test_the_position_lives_and_is_worth_something(bourse: Bourse, partner: Headers) -> None:
    a_day(bourse, partner)
    found = bourse.get("/v1/partner/position", partner)
    assert found == {
        "partner": "unionpay_low_carbon",
        "sent": "30.00",
        "received": "10.00",
        "net": "20.00",
        "held_out": "0.00",
        "held_in": "0.00",
        "cap": "500000.00",
        "point_value": "0.05",
        "value": "1.00",
        "as_of": "2026-03-11T12:00:00+08:00",
    }


def test_days_without_an_exchange_have_files_and_others_have_no_look(
    bourse: Bourse, partner: Headers
) -> None:
    a_day(bourse, partner)
    bourse.wait(days=2)
    assert bourse.job("recognition.close_days") == 2
    assert bourse.job("recognition.close_days") == 0
    days = [each["day"] for each in bourse.get(BOOKS, partner)["items"]]
    assert days == ["2026-03-12", "2026-03-11", DAY]
    citic = bourse.partner(CITIC)
    assert bourse.get(BOOKS, citic)["items"] == []
    assert bourse.get(f"{BOOKS}/{DAY}", citic, 404)["code"] == "not_closed"


def test_when_more_came_in_the_partner_pays(bourse: Bourse, partner: Headers) -> None:
    bourse.exchanged(partner, bourse.rider(), "1350", "in")
    morning(bourse)
    (listed,) = bourse.get(BOOKS, partner)["items"]
    (due,) = listed["payouts"]
    assert (due["payer"], due["amount"], due["status"]) == ("unionpay_low_carbon", "100.00", "due")
    done = bourse.approve("payout_payment", payout=due["id"], transfer="bank 1")
    assert done["status"] == "applied"
    paid = bourse.get("/v1/payouts?book=partner&status=paid", bourse.operator())["items"]
    assert [(each["partner"], each["payer"]) for each in paid] == [
        ("unionpay_low_carbon", "unionpay_low_carbon")
    ]


def theirs(made: dict[str, dict[str, Any]]) -> list[dict[str, str]]:
    """The partner's own file of the day, if it counts as we do; a corrected one by its state."""
    return [
        {"exchange": made["out"]["id"], "kind": "out", "amount": "30.00"},
        {"exchange": made["in"]["id"], "kind": "in", "amount": "-10.00"},
        {"exchange": made["corrected"]["id"], "kind": "out", "amount": "10.00"},
        {"exchange": made["corrected"]["id"], "status": "corrected", "amount": "-10.00"},
    ]


def test_files_that_agree(bourse: Bourse, partner: Headers) -> None:
    made = a_day(bourse, partner)
    done = bourse.post(f"{BOOKS}/{DAY}/reconcile", partner, {"lines": theirs(made)})
    assert (done["matched"], done["differences"]) == (True, [])


def test_five_kinds_of_difference_and_two_who_close_one(bourse: Bourse, partner: Headers) -> None:
    missed = bourse.exchanged(partner, bourse.rider(), "1.00")
    made = a_day(bourse, partner)
    out, came, _, fixed_back = theirs(made)
    wrong = [
        out | {"amount": "31.00"},
        came | {"kind": "out"},
        fixed_back,
        fixed_back,
        out | {"exchange": "never heard of"},
    ]
    done = bourse.post(f"{BOOKS}/{DAY}/reconcile", partner, {"lines": wrong})
    found = {each["type"]: each for each in done["differences"]}
    assert set(found) == {"amount", "state", "duplicate", "long", "short"}
    assert found["short"]["exchange"] == missed["id"]
    operator = bourse.operator()
    open_ones = bourse.get("/v1/differences?book=partner&status=open", operator)["items"]
    assert {each["partner"] for each in open_ones} == {"unionpay_low_carbon"}
    bourse.approve("difference_resolution", difference=found["amount"]["id"], resolution="theirs")
    morning(bourse)
    later = bourse.get(f"{BOOKS}/2026-03-11", partner)
    assert lines(later) == {(out["exchange"], "adjustment", "1.00")}


def test_what_is_too_late_to_dispute(bourse: Bourse, partner: Headers) -> None:
    made = a_day(bourse, partner)
    bourse.wait(days=30)
    path, body = f"{BOOKS}/{DAY}/reconcile", {"lines": theirs(made)}
    assert bourse.refused(path, partner, body) == "too_late_to_dispute"
