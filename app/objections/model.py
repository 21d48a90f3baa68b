"""Values of objections: what can be contested, what an answer can do, the clock. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from app.kernel import Conflict, NotFound, to_wire
from app.rulebook import Calendar
from app.rulebook.calendar import ANSWER, EXTENDED, LATEST

OPEN, UPHELD, REJECTED, WITHDRAWN = "open", "upheld", "rejected", "withdrawn"
STATES = (OPEN, UPHELD, REJECTED, WITHDRAWN)

ACTIVITY, GRADE, INQUIRY = "activity", "grade", "inquiry"
KINDS = (ACTIVITY, GRADE, INQUIRY)
WISHES = ("remove", "correct", "explain", "human_review")

REVERSE, STANDS, ADMIT, RECOMPUTE, INVALID = "reverse", "none", "admit", "recompute", "withdraw"
REMEDIES = {
    ACTIVITY: (REVERSE, STANDS),
    GRADE: (ADMIT, RECOMPUTE),
    INQUIRY: (INVALID, STANDS),
}
LATE, VERY_LATE = 1, 2  # levels of what is overdue
MOST_WORDS = 1000  # of an objection, of a statement, of an answer
MOST_ROLE = 60


class Clock(NamedTuple):
    """Days, all included, by which an objection is answered: as a rule, and at the very latest."""

    due_on: date
    latest_on: date


class Waiting(NamedTuple):
    """How many wait for an answer, and how many of these longer than they should."""

    open: int
    overdue: int


def clock(calendar: Calendar, opened_on: date) -> Clock:
    """The clock of an objection that is made on a day."""
    latest = opened_on + timedelta(days=calendar.count(LATEST, opened_on))
    return Clock(min(calendar.after(opened_on, calendar.count(ANSWER, opened_on)), latest), latest)


def extended(calendar: Calendar, opened_on: date, latest_on: date) -> date:
    """The day by which it is answered when another body must check."""
    return min(calendar.after(opened_on, calendar.count(EXTENDED, opened_on)), latest_on)


@dataclass(frozen=True, slots=True)
class Objection:
    """One objection, as it is kept: everything said is sealed.

    `subject` is the wire id of an act or an inquiry, or a quarter ("2026Q3"). `taken_by`, `role`:
    the officer who deals with it; `decided_by` answered, `checked_by` approved what the answer
    does. `level` rises when it is overdue.
    """

    id: bytes
    resident_id: bytes
    kind: str
    subject: str
    wish: str | None
    status: str
    level: int
    opened_at: datetime
    due_on: date
    latest_on: date
    reason_sealed: bytes
    raised_at: datetime | None = None
    taken_at: datetime | None = None
    taken_by: bytes | None = None
    role_sealed: bytes | None = None
    extended_at: datetime | None = None
    extension_sealed: bytes | None = None
    decided_at: datetime | None = None
    decided_by: bytes | None = None
    checked_by: bytes | None = None
    remedy: str | None = None
    answer_sealed: bytes | None = None
    comment_sealed: bytes | None = None

    @property
    def wire(self) -> str:
        return to_wire("obj", self.id)

    def overdue(self, today: date) -> bool:
        """Whether it waits for an answer that should be there."""
        return self.status == OPEN and today > self.due_on


class UnknownObjection(NotFound):
    """No such objection, or none of this resident's: the two look alike."""

    def __init__(self) -> None:
        super().__init__("unknown_objection", "There is no such objection.")


def check_open(found: Objection) -> None:
    """Raises Conflict (already_decided)."""
    if found.status != OPEN:
        raise already_decided(found.status)


def already_decided(status: str) -> Conflict:
    """What was decided stays decided."""
    return Conflict("already_decided", f"This objection is no longer open: it is {status}.")
