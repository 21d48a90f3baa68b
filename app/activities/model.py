"""What an act is, and what its score is. Pure values and refusals of this room."""

from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any, NamedTuple

from app.kernel import NotFound

CREDITED, CAPPED, OVERLAPPED, REVERSED = "credited", "capped", "overlapped", "reversed"
PENDING, DUPLICATE, REJECTED = "pending", "duplicate", "rejected"
STATUSES = (CREDITED, PENDING, CAPPED, DUPLICATE, OVERLAPPED, REJECTED)
REPLACED = "replaced"

Measure = int | Fraction


class Provider(NamedTuple):
    """Who reports: a client with scope provider, what it may report (None: anything), its name."""

    id: bytes
    wire: str
    behaviours: frozenset[str] | None
    name: str = ""


class Act(NamedTuple):
    """A live report, as scoring sees it.

    `reference` is the SHA-256 of provider and reference. `quantity` is in thousandths of the
    behaviour's unit. `evidence` holds what the rule file keeps: decimals in thousandths, instants
    in epoch seconds, days as `YYYY-MM-DD`, identifiers as keyed hashes in hex.
    """

    id: bytes
    reference: bytes
    behaviour: str
    earned_on: date
    occurred_at: datetime
    quantity: int | None
    evidence: Mapping[str, Any]

    @property
    def order(self) -> tuple[date, datetime, bytes]:
        """The canonical order: day, instant, bytes. Never arrival, never a database id."""
        return (self.earned_on, self.occurred_at, self.reference)


class Portion(NamedTuple):
    """A part of an act's reduction that counts for a day of its own."""

    earned_on: date
    due_on: date
    reduction_mg: int
    points: int


class Score(NamedTuple):
    """What an act is worth. `units` are its live units after overlap, in thousandths."""

    status: str
    reason: str | None
    units: int
    reduction_mg: int
    points: int
    portions: tuple[Portion, ...]


class Report(NamedTuple):
    """An item that was understood: an act with what intake needs besides."""

    act: Act
    subject: bytes
    content: bytes
    due_on: date
    replaces: bytes | None


class Rejection(NamedTuple):
    """Why an item was not understood: a stable reason, and a sentence."""

    reason: str
    detail: str = ""


class Result(NamedTuple):
    """The answer for one item, in the order sent."""

    reference: str
    id: bytes | None
    status: str
    reason: str | None
    reduction_mg: int
    points: int
    edition: int | None = None
    state: str | None = None


class Undone(NamedTuple):
    """The answer for one reversal. `debt` is what could not be taken back, in hundredths."""

    reference: str
    status: str
    debt: int


class UnknownActivity(NotFound):
    """No such act, or none of this resident's: the two look alike."""

    def __init__(self) -> None:
        super().__init__("unknown_activity", "There is no such activity of yours.")
