"""Values of clearing: lines, files, their totals, payouts and differences.

Amounts are whole numbers of a book's smallest unit (fen, hundredths of a point), signed: above
nothing we owe the party.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from app.kernel import from_wire, to_wire

ADJUSTMENT = "adjustment"
RESOLUTIONS = ("ours", "theirs", "written_off")
# Who pays what a file of a book of both ways says that we owe.
CITY = "city"

Told = Mapping[str, str | int | None]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is owed, or owed back.

    `reference` (16 bytes) is what both sides know it by; lines of several kinds may share it (a
    redemption and its void). `told` are further columns of the file.
    """

    id: bytes
    book: str
    party: str
    day: date
    at: datetime
    kind: str
    reference: bytes
    amount: int
    told: Told


@dataclass(frozen=True, slots=True)
class Shape:
    """How the files of a book look.

    `reference` names the column of references, whose ids have `prefix` on the wire; `columns` are
    the told ones, in order; totals are split by those in `split`, and the first says who pays.
    Where both sides pay (`both_ways`), the sum of the file says who, and nothing is carried over.
    """

    reference: str
    prefix: str
    columns: tuple[str, ...]
    split: tuple[str, ...] = ("funder",)
    both_ways: bool = False

    @property
    def payer(self) -> str | None:
        """The told column that says who pays, None where either side does."""
        return None if self.both_ways else self.split[0]

    @property
    def head(self) -> tuple[str, ...]:
        return (self.reference, "kind", "at", "day", "amount", *self.columns)

    def name(self, line: Line) -> str:
        """The reference as text: the id, or the party's own words where a line tells them."""
        told = line.told.get(self.reference)
        return to_wire(self.prefix, line.reference) if told is None else str(told)

    def read(self, name: str) -> bytes | None:
        """The id behind a reference, or None when it is the party's own words."""
        return from_wire(self.prefix, name)


class Sum(NamedTuple):
    """How many lines, and their amounts added up."""

    lines: int
    amount: int

    def plus(self, other: "Sum") -> "Sum":
        return Sum(self.lines + other.lines, self.amount + other.amount)


NOTHING = Sum(0, 0)
Split = dict[str, dict[str, Sum]]


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over everything, and by the values of a column: `by["kind"]["void"]`."""

    all: Sum
    by: Split

    @staticmethod
    def nothing() -> "Totals":
        return Totals(NOTHING, {})

    @staticmethod
    def of(lines: Iterable[Line], shape: Shape) -> "Totals":
        """The totals of some lines by kind and by each column of `shape.split`."""
        by: Split = {column: {} for column in ("kind", *shape.split)}
        total = NOTHING
        for line in lines:
            one = Sum(1, line.amount)
            total = total.plus(one)
            for column, sums in by.items():
                value = line.kind if column == "kind" else str(line.told.get(column) or "")
                sums[value] = sums.get(value, NOTHING).plus(one)
        return Totals(total, {column: dict(sorted(sums.items())) for column, sums in by.items()})

    def plus(self, other: "Totals") -> "Totals":
        by = {column: dict(sums) for column, sums in self.by.items()}
        for column, sums in other.by.items():
            mine = by.setdefault(column, {})
            for value, one in sums.items():
                mine[value] = mine.get(value, NOTHING).plus(one)
        return Totals(self.all.plus(other.all), by)


@dataclass(frozen=True, slots=True)
class File:
    """What was told of a party's day, without the bytes; it never changes.

    `sha256` is that of the CSV, `json_sha256` that of the JSON (32 bytes each).
    """

    id: bytes
    book: str
    party: str
    day: date
    made_at: datetime
    shape: Shape
    totals: Totals
    sha256: bytes
    json_sha256: bytes

    @property
    def owed(self) -> dict[str, int]:
        """What each payer owes by its lines; below nothing it is owed something itself."""
        payer, net = self.shape.payer, self.totals.all.amount
        if payer is not None:
            return {who: one.amount for who, one in self.totals.by[payer].items()}
        return {CITY if net > 0 else self.party: abs(net)} if net else {}


@dataclass(frozen=True, slots=True)
class Statement:
    """A month of files, oldest first, their totals, and the days over that have no file."""

    month: date
    files: list[File]
    totals: Totals
    missing: list[date]


@dataclass(frozen=True, slots=True)
class Payout:
    """What one payer owes the party by one file (or, in a book of both ways, the party the city).

    `amount` is the file's sum plus `brought`, what earlier files carried over (never above
    nothing). States: due, held, paid; carried when there is nothing to pay, netted once a later
    payout has taken it in.
    """

    id: bytes
    file_id: bytes
    book: str
    party: str
    day: date
    payer: str
    brought: int
    amount: int
    state: str
    payable_on: date
    paid_at: datetime | None
    transfer: str | None


@dataclass(frozen=True, slots=True)
class Difference:
    """A finding of one file, parked in suspense. `ours` and `theirs` are None where absent."""

    id: bytes
    book: str
    party: str
    day: date
    reference: str
    type: str
    kind: str
    ours: int | None
    theirs: int | None
    told: Told | None
    state: str
    found_at: datetime
    resolution: str | None
    proposed_by: str | None
    approved_by: str | None
    closed_at: datetime | None

    @property
    def excess(self) -> int:
        """What the party counts above us: what is owed to it if it is right."""
        return (self.theirs or 0) - (self.ours or 0)
