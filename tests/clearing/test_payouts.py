"""Who pays how much for a file: due, held, carried over, paid once."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from app import clearing
from app.clearing import Line, Payout
from app.kernel import Conflict, NotFound
from tests.clearing.conftest import ALL, BOOK, MONDAY, Town, reference
from tests.concurrency.test_threads import at_once


def day(n: int) -> date:
    return MONDAY + timedelta(days=n)


def pass_day(town: Town, n: int, *make: Callable[[], Line]) -> list[Payout]:
    """Add lines on the n-th day, and close it on the next."""
    town.stands_on(day(n))
    town.add(*(one() for one in make))
    town.stands_on(day(n + 1))
    made = town.close(day(n))
    return town.do(clearing.payouts_of, [made.id])[made.id]


def test_a_file_is_paid_by_each_funder_for_its_own_lines(town: Town) -> None:
    found = pass_day(
        town,
        0,
        lambda: town.line(1, 199),
        lambda: town.line(2, 300, funder="bank"),
        lambda: town.line(1, -99, "refund"),
    )
    assert [(each.payer, each.amount, each.state) for each in found] == [
        ("bank", 300, "due"),
        ("city", 100, "due"),
    ]
    assert {each.payable_on for each in found} == {day(2)}
    assert town.do(clearing.payouts_in, BOOK, "due", ALL) == (found[::-1], None)


def test_what_is_negative_is_carried_over_until_it_is_made_up_for(town: Town) -> None:
    def story(n: int, *amounts: int) -> list[tuple[int, int, str]]:
        make = [lambda a=amount: town.line(n, a) for amount in amounts]
        return [(each.brought, each.amount, each.state) for each in pass_day(town, n, *make)]

    assert story(0, 199, -500) == [(0, -301, "carried")]
    assert story(1) == []
    assert story(2, 200) == [(-301, -101, "carried")]
    assert story(3, 101) == [(-101, 0, "carried")]
    assert story(4, 400) == [(0, 400, "due")]
    monday = town.do(clearing.payouts_of, [town.file(MONDAY).id])[town.file(MONDAY).id]
    assert [each.state for each in monday] == ["netted"]
    assert town.do(lambda work: list(clearing.verify(work))) == []


def test_one_funder_does_not_pay_for_another(town: Town) -> None:
    pass_day(town, 0, lambda: town.line(1, -500, "refund", funder="bank"))
    found = pass_day(town, 1, lambda: town.line(2, 199))
    assert [(each.payer, each.brought, each.amount) for each in found] == [("city", 0, 199)]
    found = pass_day(town, 2, lambda: town.line(3, 600, funder="bank"))
    assert [(each.payer, each.brought, each.amount) for each in found] == [("bank", -500, 100)]


def test_what_is_held_is_not_paid_and_new_payouts_are_held_too(town: Town) -> None:
    before = pass_day(town, 0, lambda: town.line(1))[0]
    assert town.do(clearing.hold, BOOK, "bus") == 1
    then = pass_day(town, 1, lambda: town.line(2), lambda: town.line(3, -5, funder="bank"))
    assert [each.state for each in then] == ["carried", "held"]
    town.stands_on(day(9))
    for each in (before, then[1]):
        with pytest.raises(Conflict, match="payout_held"):
            town.do(clearing.pay, each.id, "bank transfer 1")
    assert town.do(clearing.release, BOOK, "bus") == 2
    assert town.do(clearing.pay, before.id, "bank transfer 1").state == "paid"
    assert town.do(clearing.hold, BOOK, "bus") == 1
    assert town.do(clearing.release, BOOK, "cafe") == 0
    assert pass_day(town, 10, lambda: town.line(4))[0].state == "held"


def test_a_payout_is_paid_when_it_is_payable_and_once(town: Town) -> None:
    found = pass_day(town, 0, lambda: town.line(1))[0]
    with pytest.raises(Conflict, match="not_payable_yet") as early:
        town.do(clearing.pay, found.id, "t1")
    assert early.value.extra == {"payable_on": "2026-03-11"}
    town.stands_on(day(2))
    answers = at_once(6, lambda n: town.do(clearing.pay, found.id, f"t{n}"))
    paid = [each for each in answers if isinstance(each, Payout)]
    assert len(paid) == 1, answers
    assert (paid[0].state, paid[0].paid_at) == ("paid", town.clock.instant)
    assert [each.code for each in answers if isinstance(each, Conflict)] == ["already_paid"] * 5
    assert town.do(clearing.payouts_of, [found.file_id])[found.file_id] == paid
    with pytest.raises(NotFound, match="unknown_payout"):
        town.do(clearing.pay, reference(1), "t1")


def test_there_is_nothing_to_pay_for_what_is_carried_over(town: Town) -> None:
    found = pass_day(town, 0, lambda: town.line(1, -1, "void"))[0]
    town.stands_on(day(5))
    with pytest.raises(Conflict, match="nothing_to_pay"):
        town.do(clearing.pay, found.id, "t1")


def test_a_hold_and_a_close_at_once_leave_no_payout_due(town: Town) -> None:
    for n in range(4):
        town.stands_on(day(n))
        town.add(town.line(n))
        town.stands_on(day(n + 1))
        town.do(clearing.release, BOOK, "bus")
        at_once(2, lambda k, n=n: town.close(day(n)) if k else town.do(clearing.hold, BOOK, "bus"))
        assert town.do(clearing.payouts_in, BOOK, "due", ALL) == ([], None)
