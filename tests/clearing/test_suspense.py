"""What differs from their file is parked, and closed once, by two."""

from datetime import timedelta
from typing import Any

import pytest

from app import clearing
from app.clearing import Difference, Item
from app.kernel import Conflict, Forbidden, Invalid, NotFound, to_wire
from app.plumbing import Page
from tests.clearing.conftest import ALL, BOOK, MONDAY, SHAPE, Town, reference
from tests.concurrency.test_threads import at_once

TUESDAY = MONDAY + timedelta(days=1)
TWO = ("cli_maker", "cli_checker")


def name(n: int) -> str:
    return to_wire("red", reference(n))


def ride(n: int, amount: int = 199) -> Item:
    return Item(name(n), "redemption", amount)


# Ours: five rides, the fourth voided. Theirs differs in each of the five ways.
THEIRS = [
    ride(2, 299),
    ride(3),
    ride(3),
    ride(4),
    ride(5),
    Item("till 7\x00", "redemption", 150),
]


@pytest.fixture
def monday(town: Town) -> Town:
    """A town whose Monday is closed."""
    void = town.line(4, -199, "void", at=town.clock.instant + timedelta(minutes=1))
    town.add(*(town.line(n) for n in range(1, 6)), void)
    town.stands_on(TUESDAY)
    town.close(MONDAY)
    return town


def reconcile(town: Town, theirs: list[Item]) -> list[Difference]:
    return town.do(clearing.reconcile, BOOK, "bus", MONDAY, theirs)


def resolve(town: Town, found: Difference, how: str, **more: Any) -> Difference:
    return town.do(clearing.resolve, found.id, how, TWO, **more)


def test_each_difference_of_a_file_is_parked_once_however_often_it_is_sent(monday: Town) -> None:
    found = reconcile(monday, THEIRS)
    assert [(each.reference, each.type, each.kind, each.ours, each.theirs) for each in found] == [
        (name(1), "short", "redemption", 199, None),
        (name(2), "amount", "redemption", 199, 299),
        (name(3), "duplicate", "redemption", 199, 398),
        (name(4), "state", "void", 0, 199),
        ("till 7?", "long", "redemption", None, 150),
    ]
    assert {each.state for each in found} == {"open"}
    assert reconcile(monday, THEIRS[::-1]) == found
    assert len(monday.do(clearing.differences, BOOK, None, "open", ALL)[0]) == 5


def test_our_own_file_sent_back_differs_in_nothing(monday: Town) -> None:
    text = monday.content(monday.file(MONDAY)).decode()
    assert reconcile(monday, clearing.read_csv(text, SHAPE.reference)) == []


def test_a_day_without_a_file_cannot_be_reconciled(monday: Town) -> None:
    with pytest.raises(NotFound, match="not_closed"):
        monday.do(clearing.reconcile, BOOK, "bus", TUESDAY, [])


def test_the_same_file_sent_by_many_at_once_is_parked_once(monday: Town) -> None:
    answers = at_once(6, lambda n: reconcile(monday, THEIRS[:: 1 if n % 2 else -1]))
    assert answers == [answers[0]] * 6
    assert len(answers[0]) == 5


def test_differences_are_listed_newest_first_by_party_and_state(monday: Town) -> None:
    found = reconcile(monday, THEIRS)
    resolve(monday, found[0], "ours")
    first, after = monday.do(clearing.differences, BOOK, "bus", "open", Page(3, None, None, None))
    assert after is not None
    then = Page(3, [first[-1].id.hex()], None, None)
    rest, end = monday.do(clearing.differences, BOOK, "bus", "open", then)
    assert ([*first, *rest], end) == (found[:0:-1], None)
    assert len(monday.do(clearing.differences, BOOK, None, None, ALL)[0]) == 5
    assert monday.do(clearing.differences, BOOK, "cafe", None, ALL) == ([], None)
    assert monday.do(clearing.differences, "partner", None, None, ALL) == ([], None)


def test_if_they_are_right_the_next_file_makes_up_for_it(monday: Town) -> None:
    for found in reconcile(monday, THEIRS):
        payer = {"payer": "bank"} if found.type == "long" else {}
        assert resolve(monday, found, "theirs", **payer).resolution == "theirs"
    monday.stands_on(TUESDAY + timedelta(days=1))
    made = monday.close(TUESDAY)
    lines = monday.do(clearing.lines_of, made.id)
    assert {SHAPE.name(line): line.amount for line in lines} == {
        name(1): -199,
        name(2): 100,
        name(3): 199,
        name(4): 199,
        "till 7?": 150,
    }
    assert {line.kind for line in lines} == {"adjustment"}
    assert made.totals.by["funder"] == {"bank": (1, 150), "city": (4, 299)}
    assert monday.do(clearing.reconcile, BOOK, "bus", TUESDAY, []) == []
    told = clearing.read_csv(monday.content(made).decode(), SHAPE.reference)
    assert monday.do(clearing.reconcile, BOOK, "bus", TUESDAY, told) == []


@pytest.mark.parametrize("how", ["ours", "written_off"])
def test_if_we_are_right_or_it_is_written_off_nothing_moves(monday: Town, how: str) -> None:
    for found in reconcile(monday, THEIRS):
        closed = resolve(monday, found, how)
        assert (closed.state, closed.resolution, closed.closed_at) == (
            "closed",
            how,
            monday.clock.instant,
        )
        assert (closed.proposed_by, closed.approved_by) == TWO
    monday.stands_on(TUESDAY + timedelta(days=1))
    assert monday.close(TUESDAY).totals.all == (0, 0)


def test_a_reference_that_we_do_not_have_needs_a_payer(monday: Town) -> None:
    found = reconcile(monday, THEIRS)[-1]
    with pytest.raises(Invalid, match="payer_needed"):
        resolve(monday, found, "theirs")
    assert monday.do(clearing.difference, found.id).state == "open"


def test_a_difference_is_closed_by_two_who_differ(monday: Town) -> None:
    found = reconcile(monday, THEIRS)[0]
    with pytest.raises(Forbidden, match="same_operator"):
        monday.do(clearing.resolve, found.id, "ours", ("cli_one", "cli_one"))
    with pytest.raises(Invalid, match="unknown_resolution"):
        resolve(monday, found, "nobody")
    with pytest.raises(NotFound, match="unknown_difference"):
        monday.do(clearing.resolve, reference(1), "ours", TWO)


def test_a_difference_is_closed_once_whoever_else_tries(monday: Town) -> None:
    found = reconcile(monday, THEIRS)[1]
    answers = at_once(6, lambda n: resolve(monday, found, ["theirs", "ours"][n % 2]))
    assert [each.code for each in answers if isinstance(each, Conflict)] == ["already_closed"] * 5
    kept = monday.do(clearing.difference, found.id)
    monday.stands_on(TUESDAY + timedelta(days=1))
    adjusted = {"theirs": (1, 100), "ours": (0, 0)}[kept.resolution]
    assert monday.close(TUESDAY).totals.all == adjusted


def test_a_reference_is_adjusted_once_for_one_file(monday: Town) -> None:
    rest = [ride(n) for n in (1, 2, 3)] + [ride(4), Item(name(4), "void", -199)]
    [wrong] = reconcile(monday, [*rest, ride(5, 250)])
    [twice] = reconcile(monday, [*rest, ride(5), ride(5)])
    assert (wrong.type, twice.type) == ("amount", "duplicate")
    resolve(monday, twice, "theirs")
    with pytest.raises(Conflict, match="already_adjusted"):
        resolve(monday, wrong, "theirs")
    assert resolve(monday, wrong, "written_off").state == "closed"
