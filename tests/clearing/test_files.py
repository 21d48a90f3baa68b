"""A file of a party and day: which lines are in it, what it says, and that it never changes."""

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import pytest

from app import clearing
from app.kernel import Conflict, NotFound
from app.plumbing import Page
from tests.clearing.conftest import ALL, BOOK, MONDAY, Town, reference
from tests.concurrency.test_threads import at_once

TUESDAY = MONDAY + timedelta(days=1)
WEDNESDAY = MONDAY + timedelta(days=2)


def test_the_day_ends_at_midnight_in_the_city(town: Town) -> None:
    midnight = datetime(2026, 3, 9, 16, tzinfo=UTC)
    last = town.line(1, at=midnight - timedelta(milliseconds=1))
    first = town.line(2, at=midnight)
    town.add(last, first)
    town.stands_on(WEDNESDAY)
    monday, tuesday = town.close(MONDAY), town.close(TUESDAY)
    assert [line.reference for line in town.do(clearing.lines_of, monday.id)] == [reference(1)]
    assert [line.reference for line in town.do(clearing.lines_of, tuesday.id)] == [reference(2)]
    assert b"2026-03-09T23:59:59.999000+08:00" in town.content(monday)
    assert b"2026-03-10T00:00:00+08:00" in town.content(tuesday)


def test_a_day_is_closed_when_it_is_over(town: Town) -> None:
    with pytest.raises(Conflict, match="day_not_over"):
        town.close(MONDAY)
    town.clock.instant = datetime(2026, 3, 9, 16, tzinfo=UTC)
    assert town.close(MONDAY) is not None


def test_a_line_that_comes_after_its_day_was_closed_goes_into_the_next_file(town: Town) -> None:
    town.add(town.line(1))
    late = town.line(2)
    town.stands_on(TUESDAY)
    monday = town.close(MONDAY)
    town.add(late)
    town.stands_on(WEDNESDAY)
    tuesday = town.close(TUESDAY)
    assert town.do(clearing.references_in, monday.id) == [reference(1)]
    assert [(line.day, line.reference) for line in town.do(clearing.lines_of, tuesday.id)] == [
        (MONDAY, reference(2))
    ]
    assert json.loads(town.content(tuesday, "json"))["lines"][0]["day"] == "2026-03-09"


def test_csv_and_json_say_the_same_and_carry_totals_and_hash(town: Town) -> None:
    town.add(
        town.line(2, 300, funder="bank", at=town.clock.instant + timedelta(minutes=5)),
        town.line(1),
        town.line(1, -199, "void", at=town.clock.instant + timedelta(minutes=1)),
    )
    town.stands_on(TUESDAY)
    made = town.close(MONDAY)
    table, document = town.content(made), json.loads(town.content(made, "json"))
    rows = list(csv.DictReader(io.StringIO(table.decode(), newline="")))
    assert rows == document["lines"]
    assert [(row["kind"], row["amount"]) for row in rows] == [
        ("redemption", "1.99"),
        ("void", "-1.99"),
        ("redemption", "3.00"),
    ]
    assert (document["book"], document["party"], document["day"]) == (BOOK, "bus", "2026-03-09")
    assert document["totals"] == {
        "count": 3,
        "amount": "3.00",
        "by_kind": {
            "redemption": {"count": 2, "amount": "4.99"},
            "void": {"count": 1, "amount": "-1.99"},
        },
        "by_funder": {
            "bank": {"count": 1, "amount": "3.00"},
            "city": {"count": 2, "amount": "0.00"},
        },
    }
    assert document["sha256"] == sha256(table).hexdigest() == made.sha256.hex()
    assert sha256(town.content(made, "json")).digest() == made.json_sha256
    assert town.file(MONDAY) == made


def test_a_day_without_lines_has_a_file_too(town: Town) -> None:
    town.stands_on(TUESDAY)
    made = town.close(MONDAY)
    assert town.content(made) == b"redemption,kind,at,day,amount,store,benefit,funder,cash\r\n"
    assert clearing.shown(made.totals)["amount"] == "0.00"
    assert town.do(clearing.payouts_of, [made.id]) == {made.id: []}


def test_what_comes_later_changes_no_byte_of_a_file(town: Town) -> None:
    town.add(town.line(1), town.line(2))
    town.stands_on(TUESDAY)
    made = town.close(MONDAY)
    before = [town.content(made, kind) for kind in ("csv", "json")]
    town.add(town.line(1, -199, "void"), town.line(2, -50, "refund"), town.line(9, 7, "adjustment"))
    assert town.close(MONDAY) is None
    town.stands_on(WEDNESDAY)
    town.close(TUESDAY)
    assert [town.content(made, kind) for kind in ("csv", "json")] == before
    assert town.file(MONDAY) == made
    assert clearing.shown(town.file(TUESDAY).totals)["by_kind"] == {
        "adjustment": {"count": 1, "amount": "0.07"},
        "refund": {"count": 1, "amount": "-0.50"},
        "void": {"count": 1, "amount": "-1.99"},
    }


def test_many_closers_at_once_make_one_file(town: Town) -> None:
    town.add(*(town.line(n) for n in range(20)))
    town.stands_on(TUESDAY)
    answers = at_once(6, lambda _: town.close(MONDAY))
    made = [each for each in answers if each is not None]
    assert len(made) == 1, answers
    assert made[0].totals.all == (20, 20 * 199)
    assert town.file(MONDAY) == made[0]
    assert len(town.do(clearing.payouts_of, [made[0].id])[made[0].id]) == 1


def test_lines_that_come_while_a_day_is_closed_are_in_one_file_or_the_next(town: Town) -> None:
    lines = [town.line(n) for n in range(40)]
    town.stands_on(TUESDAY)

    def one(n: int) -> None:
        if n == 3:
            town.close(MONDAY)
        else:
            town.add(*lines[n * 10 : n * 10 + 10])

    assert at_once(4, one) == [None] * 4
    town.stands_on(WEDNESDAY)
    town.close(TUESDAY)
    both = [town.do(clearing.references_in, town.file(day).id) for day in (MONDAY, TUESDAY)]
    told = {line.reference for n in (0, 1, 2) for line in lines[n * 10 : n * 10 + 10]}
    assert set(both[0]) | set(both[1]) == told
    assert set(both[0]) & set(both[1]) == set()


def test_a_file_of_five_thousand_lines(town: Town) -> None:
    town.add(*(town.line(n, n, funder=f"funder {n % 3}") for n in range(1, 5001)))
    town.stands_on(TUESDAY)
    made = town.close(MONDAY)
    assert made.totals.all == (5000, 5000 * 5001 // 2)
    assert town.content(made).count(b"\r\n") == 5001
    assert len(town.do(clearing.references_in, made.id)) == 5000


def test_parties_and_books_do_not_meet(town: Town) -> None:
    town.add(town.line(1), town.line(2, party="cafe"))
    town.stands_on(TUESDAY)
    assert town.do(clearing.parties_waiting, BOOK, MONDAY) == ["bus", "cafe"]
    assert town.do(clearing.parties_waiting, BOOK, MONDAY - timedelta(days=1)) == []
    assert town.close(MONDAY).totals.all == (1, 199)
    assert town.do(clearing.parties_waiting, BOOK, TUESDAY) == ["cafe"]
    assert town.do(clearing.closed_until, BOOK) == {"bus": MONDAY}
    assert town.do(clearing.closed_until, "partner") == {}
    with pytest.raises(NotFound, match="not_closed"):
        town.file(MONDAY, "cafe")
    assert town.close(MONDAY, "cafe").totals.all == (1, 199)


def test_files_are_listed_newest_first_and_a_month_adds_them_up(town: Town) -> None:
    for n in range(1, 4):
        town.stands_on(date(2026, 3, 2 * n))
        town.add(town.line(n), town.line(n + 10, 100, funder="bank"), town.line(n, -199, "void"))
        town.stands_on(date(2026, 3, 2 * n + 1))
        town.close(date(2026, 3, 2 * n))
    newest, after = town.do(clearing.files, BOOK, "bus", Page(2, None, None, None))
    assert [each.day.day for each in newest] == [6, 4]
    assert after is not None
    rest, end = town.do(clearing.files, BOOK, "bus", Page(2, ["2026-03-04"], None, None))
    assert ([each.day.day for each in rest], end) == ([2], None)
    some, _ = town.do(clearing.files, BOOK, "bus", ALL._replace(since=date(2026, 3, 4)))
    assert [each.day.day for each in some] == [6, 4]

    told = town.do(clearing.month, BOOK, "bus", date(2026, 3, 31))
    assert [each.day.day for each in told.files] == [2, 4, 6]
    assert clearing.shown(told.totals) == {
        "count": 9,
        "amount": "3.00",
        "by_kind": {
            "redemption": {"count": 6, "amount": "8.97"},
            "void": {"count": 3, "amount": "-5.97"},
        },
        "by_funder": {
            "city": {"count": 6, "amount": "0.00"},
            "bank": {"count": 3, "amount": "3.00"},
        },
    }
    assert [each.day for each in told.missing] == [1, 3, 5]
    empty = town.do(clearing.month, BOOK, "bus", date(2026, 2, 1))
    assert (empty.files, empty.totals.all) == ([], (0, 0))
