"""A book in which either side may owe the other."""

from datetime import timedelta

import orjson
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import clearing
from app.clearing import Item, Line, Payout, Shape
from app.clearing.tables import file, payout
from app.kernel import to_wire
from tests.clearing.conftest import ALL, MONDAY, Town, reference

BOOK, THEM = "partner", "platform"
SHAPE = Shape("exchange", "xch", ("direction", "rate"), (), both_ways=True)
TWO = ("cli_one", "cli_two")
_DAY = timedelta(days=1)


def line(town: Town, n: int, amount: int) -> Line:
    kind = "out" if amount > 0 else "in"
    told = {"direction": kind, "rate": "27/2"}
    plain = town.line(n, amount, kind, party=THEM)
    whose = (plain.id, BOOK, THEM, plain.day, plain.at, kind, plain.reference, amount)
    return Line(*whose, told)


def pass_day(town: Town, n: int, *amounts: int) -> list[Payout]:
    """Lines of the n-th day and its file; the payouts."""
    day = MONDAY + timedelta(days=n)
    town.stands_on(day)
    town.add(*(line(town, 100 * n + k, amount) for k, amount in enumerate(amounts)))
    town.stands_on(day + timedelta(days=1))
    made = town.do(clearing.close, BOOK, THEM, day, SHAPE, day + timedelta(days=1))
    return town.do(clearing.payouts_of, [made.id])[made.id]


def test_whoever_owes_on_balance_pays_and_nothing_is_carried_over(town: Town) -> None:
    def story(n: int, *amounts: int) -> list[tuple[str, int, int, str]]:
        found = pass_day(town, n, *amounts)
        return [(each.payer, each.brought, each.amount, each.state) for each in found]

    assert story(0, 1000, -300) == [("city", 0, 700, "due")]
    assert story(1, 200, -900) == [(THEM, 0, 700, "due")]
    assert story(2, 500, -500) == []
    assert story(3) == []
    assert story(4, -1) == [(THEM, 0, 1, "due")]
    assert town.do(lambda work: list(clearing.verify(work))) == []


def test_the_file_says_both_ways_and_the_net(town: Town) -> None:
    pass_day(town, 0, 1000, -300)
    found = town.do(clearing.file, BOOK, THEM, MONDAY)
    assert found.shape == SHAPE
    told = orjson.loads(town.content(found, "json"))
    assert told["totals"] == {
        "count": 2,
        "amount": "7.00",
        "by_kind": {"in": {"count": 1, "amount": "-3.00"}, "out": {"count": 1, "amount": "10.00"}},
    }
    names = [to_wire("xch", reference(n)) for n in (0, 1)]
    assert sorted(each["exchange"] for each in told["lines"]) == sorted(names)


def test_a_payout_of_theirs_is_held_and_paid_like_ours(town: Town) -> None:
    found = pass_day(town, 0, -300)[0]
    assert town.do(clearing.hold, BOOK, THEM) == 1
    assert pass_day(town, 1, -100)[0].state == "held"
    assert town.do(clearing.release, BOOK, THEM) == 2
    assert town.do(clearing.pay, found.id, "their transfer 1").state == "paid"
    assert town.do(clearing.payouts_in, BOOK, "paid", ALL)[0][0].payer == THEM


def test_a_difference_needs_no_payer_and_its_line_is_in_the_next_file(town: Town) -> None:
    pass_day(town, 0, 1000)
    ours = Item(to_wire("xch", reference(0)), "out", 1000)
    theirs = [ours, Item("TX-9", "in", -250)]
    (found,) = town.do(clearing.reconcile, BOOK, THEM, MONDAY, theirs)
    assert (found.type, found.reference, found.excess) == ("long", "TX-9", -250)
    town.do(clearing.resolve, found.id, "theirs", TWO)
    assert [(each.payer, each.amount) for each in pass_day(town, 1)] == [(THEM, 250)]
    told = orjson.loads(town.content(town.do(clearing.file, BOOK, THEM, MONDAY + _DAY), "json"))
    assert [(each["exchange"], each["kind"]) for each in told["lines"]] == [("TX-9", "adjustment")]


def test_a_file_made_before_there_were_such_books_is_read_as_it_was(town: Town) -> None:
    town.add(town.line(1))
    town.stands_on(MONDAY + _DAY)
    town.close(MONDAY)
    with town.house.engine.begin() as connection:
        kept = orjson.loads(connection.execute(sa.select(file.c.shape)).scalar_one())
        assert kept.pop("both_ways") is False
        connection.execute(file.update().values(shape=orjson.dumps(kept).decode()))
    assert town.file(MONDAY).shape.payer == "funder"
    assert town.do(lambda work: list(clearing.verify(work))) == []


@pytest.mark.parametrize("change", [{"amount": 701}, {"payer": THEM}])
def test_the_audit_sees_a_payout_that_was_changed(town: Town, change: dict[str, object]) -> None:
    pass_day(town, 0, 1000, -300)
    with town.house.engine.begin() as connection:
        connection.execute(payout.update().values(**change))
    assert any("payout of" in each for each in town.do(lambda w: list(clearing.verify(w))))


_days = st.lists(st.lists(st.integers(-500, 500).filter(bool), max_size=4), min_size=1, max_size=5)


def test_what_is_paid_both_ways_is_the_sum_of_all_lines(town: Town) -> None:
    begins = iter(range(0, 100_000, 10))

    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(_days)
    def holds(days: list[list[int]]) -> None:
        first = next(begins)
        paid = 0
        for n, amounts in enumerate(days):
            for each in pass_day(town, first + n, *amounts):
                assert each.amount > 0
                paid += each.amount if each.payer == clearing.CITY else -each.amount
        assert paid == sum(sum(amounts) for amounts in days)

    holds()
    assert town.do(lambda work: list(clearing.verify(work))) == []
