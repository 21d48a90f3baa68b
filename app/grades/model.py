"""Values of grades: quarters, what a grade stands on, the grade itself. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from app.kernel import add_months, to_wire

_MONTHS = 3
_TEXT = re.compile(r"[0-9]{4}Q[1-4]")


class Quarter(NamedTuple):
    """A calendar quarter; on the wire "2026Q3"."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Quarter:
        """The quarter that a day belongs to."""
        return cls(day.year, (day.month - 1) // _MONTHS + 1)

    @classmethod
    def read(cls, text: str) -> Quarter:
        """The quarter of a text like "2026Q3". Raises ValueError."""
        if not _TEXT.fullmatch(text):
            raise ValueError(f"not a quarter: {text}")
        return cls(int(text[:4]), int(text[-1]))

    @property
    def first(self) -> date:
        return date(self.year, (self.number - 1) * _MONTHS + 1, 1)

    @property
    def last(self) -> date:
        return add_months(self.first, _MONTHS) - timedelta(days=1)

    def plus(self, quarters: int) -> Quarter:
        """The quarter so many later, or earlier where negative."""
        return Quarter.of(add_months(self.first, quarters * _MONTHS))

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"


class Line(NamedTuple):
    """What a resident's acts of one behaviour from one kind of source saved in one month, verified.

    `month` is "2026-07", `source` the kind of the provider's client (government, utility, bank,
    clearing, other).
    """

    behaviour: str
    month: str
    source: str
    reduction_mg: int
    acts: int


class Part(NamedTuple):
    """One part of a factor: what was measured (whole numbers of `unit`), the points it gave of
    `most`, and what the next step asks for and would add; None at the top."""

    name: str
    measured: int
    unit: str
    points: int
    most: int
    next_at: int | None
    next_adds: int | None


@dataclass(frozen=True, slots=True)
class Grade:
    """A resident's grade of one quarter, one version of it; the highest version stands.

    `code` is None where nothing was saved. `factor` is 0 to 1000, the sum of `parts`. `quality` is
    the level of the evidence. `reason` says why this version is there: closing, reversal, dispute,
    objection, rules; `before` is the code that stood before: of the version before it, or of the
    quarter before where this is the first.
    """

    id: bytes
    resident_id: bytes
    quarter: Quarter
    version: int
    code: str | None
    reduction_mg: int
    factor: int
    parts: tuple[Part, ...]
    quality: str
    lines: tuple[Line, ...]
    earlier: int
    rulebook: str
    card: str
    made_at: datetime
    reason: str
    before: str | None

    @property
    def wire(self) -> str:
        return to_wire("grd", self.id)
