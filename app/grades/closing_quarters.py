"""Closing a quarter: everybody's grade of it, chunk by chunk, each a transaction.

A quarter can be closed an hour into the day after its closing day: by then whatever began before
midnight has been committed. How far a closing has come stands in its row, written in the chunk's
own transaction, so it goes on where it was cut off; who works at the same quarter waits for that
row, so two of them take turns. Which rule that is: row of the closing, then wallets; nobody holds
a wallet and asks for the row.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from app import activities, ledger
from app.grades import grading, registers, service, store
from app.grades.model import Grade, Quarter
from app.grades.registers import Closing, Counts
from app.kernel import add_months
from app.plumbing.db import wide
from app.plumbing.helpers import in_bulk
from app.plumbing.work import Work

_CHUNK = 500
_SETTLED = timedelta(hours=1)
_QUARTERS_BACK = 5
_MONTHS = 3
_PATIENCE = 60  # seconds to wait for a wallet that a file is being read into


class Step(NamedTuple):
    """A chunk of a closing: how many residents it graded, and whether the quarter is closed."""

    quarter: Quarter
    residents: int
    ended: bool


def months(quarter: Quarter) -> list[str]:
    """The months of a quarter, "2026-07" and so on."""
    return [f"{add_months(quarter.first, n):%Y-%m}" for n in range(_MONTHS)]


def frontier(work: Work) -> Quarter:
    """The first quarter that is not closed yet: the one that a closing would take next."""
    found = registers.closings(work)
    if not found:
        return _first(work)
    last = found[-1]
    return last.quarter if last.ended_at is None else last.quarter.plus(1)


def _first(work: Work) -> Quarter:
    """Where a city begins: with its first act, at most five quarters back, and with the rules."""
    today = Quarter.of(work.today)
    earliest = today.plus(-_QUARTERS_BACK)
    month = activities.first_month(work, months(earliest)[0])
    quarter = today if month is None else Quarter.of(date.fromisoformat(f"{month}-01"))
    while quarter < today and not grading.in_force(work.rules.credit, quarter):
        quarter = quarter.plus(1)
    return min(quarter, today)


def due(work: Work) -> Quarter | None:
    """The quarter that is to be closed now, the oldest first."""
    if not work.rules.credit.grades:
        return None
    quarter = frontier(work)
    if quarter >= Quarter.of(work.today) or not grading.in_force(work.rules.credit, quarter):
        return None
    return quarter if work.now >= service.cutoff(work, quarter) + _SETTLED else None


def step(work: Work) -> Step | None:
    """Grade the next residents of the quarter that is due; None when nothing is due."""
    quarter = due(work)
    if quarter is None:
        return None
    in_bulk(work, _PATIENCE)
    closing = registers.lock_closing(work, quarter, service.cutoff(work, quarter))
    if closing.ended_at is not None:  # somebody else was faster
        return Step(quarter, 0, ended=True)
    residents = activities.with_acts(work, months(quarter), closing.after, _CHUNK)
    if not residents:
        registers.end_closing(work, quarter)
        return Step(quarter, 0, ended=True)
    made = _grades(work, closing, residents)
    store.add(work, made)
    registers.go_on(work, quarter, residents[-1], _counted(closing.counts, made))
    return Step(quarter, len(residents), ended=False)


def concerned(work: Work, quarter: Quarter) -> int:
    """How many residents a closing has to look at, in all. Reads every tally."""
    wide(work.db)
    return activities.count_with_acts(work, months(quarter))


def _grades(work: Work, closing: Closing, residents: Sequence[bytes]) -> list[Grade]:
    """First versions for those who saved anything and are still there."""
    quarter = closing.quarter
    wallets = ledger.lock(work, residents)
    open_ = wallets.keys() - wallets.closed
    verified = activities.verified(
        work, sorted(open_), quarter.first, quarter.last, closing.cutoff
    )  # fmt: skip
    found = service.lines(work, verified)
    before = service.codes_before(work, found, quarter)
    service.keep_editions(work)
    return [
        service.first_version(
            work, resident, quarter, lines, before.get(resident, {}), "closing"
        )
        for resident, lines in sorted(found.items())
    ]  # fmt: skip


def _counted(counts: Counts, made: Sequence[Grade]) -> Counts:
    grades = dict(counts.grades)
    for each in made:
        grades[each.code or "none"] = grades.get(each.code or "none", 0) + 1
    saved = sum(each.reduction_mg for each in made)
    return Counts(counts.residents + len(made), grades, counts.reduction_mg + saved)
