"""What became of a file: lines by status and reason, and the rejected lines in a file of their
own."""

import csv
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.activities.importing.formats.shape import Format, Row
from app.activities.importing.store import Counts, Rejected
from app.activities.model import STATUSES

# Reasons are put beside so many line numbers at a time.
_WINDOW_LINES = 1 << 21
_ORDER = (*STATUSES, "skipped")


@dataclass(frozen=True)
class ImportReport:
    """`counts` are lines by status, `reasons` by status and reason; together `lines`.

    `already` says that the file had been imported before and nothing was done. `seconds` is what
    this call took, to the thousandth.
    """

    run: str
    lines: int
    counts: Mapping[str, int]
    reasons: Mapping[str, Mapping[str, int]]
    rejected_file: Path | None
    seconds: Decimal
    already: bool = False

    @property
    def rejected(self) -> Mapping[str, int]:
        """Rejected lines by reason."""
        return self.reasons.get("rejected", {})

    def wire(self) -> dict[str, Any]:
        """The report as one JSON object."""
        return {
            "run": self.run,
            "already_imported": self.already,
            "lines": self.lines,
            "counts": dict(self.counts),
            "rejected": dict(self.rejected),
            "skipped": dict(self.reasons.get("skipped", {})),
            "rejected_file": str(self.rejected_file) if self.rejected_file else None,
            "seconds": str(self.seconds),
        }


def summed(buckets: Iterable[Counts]) -> Counts:
    """Counts of buckets as those of the run."""
    total: Counter[str] = Counter()
    for counts in buckets:
        total.update(counts)
    return dict(total)


def by_status(counts: Counts) -> tuple[dict[str, int], dict[str, dict[str, int]]]:
    """`{"pending": 2, "rejected:too_old": 1}` as lines by status, and reasons by status."""
    totals: Counter[str] = Counter()
    reasons: dict[str, dict[str, int]] = {}
    for name, count in sorted(counts.items()):
        status, _, reason = name.partition(":")
        totals[status] += count
        if reason:
            reasons.setdefault(status, {})[reason] = count
    known = {status: totals[status] for status in _ORDER if status in totals}
    return known | dict(totals), reasons


def write_rejected(
    path: Path, source: Path, layout: Format, kept: Callable[[], Iterable[Rejected]]
) -> None:
    """Write line number, reason and raw line of every rejected line, in the order of the file.

    `kept` is gone through once for every two million lines: memory stays flat.
    """
    scratch = path.with_name(f".{path.name}.part")
    with scratch.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(("line", "reason", "raw"))
        for row, reason in _rejected(layout.feed(source).rows, kept):
            out.writerow((row.number, reason, row.raw.decode("utf-8", "backslashreplace")))
    scratch.replace(path)


def _rejected(
    rows: Iterator[Row], kept: Callable[[], Iterable[Rejected]]
) -> Iterator[tuple[Row, str]]:
    row = next(rows, None)
    while row is not None:
        start, end = row.number, row.number + _WINDOW_LINES
        codes = array("I", [0]) * _WINDOW_LINES
        # Reasons by their codes from 1; a file may have as many as lines.
        reasons: dict[str, int] = {}
        for rejected in kept():
            for reason, numbers in rejected.items():
                code = reasons.setdefault(reason, len(reasons) + 1)
                for number in numbers:
                    if start <= number < end:
                        codes[number - start] = code
        names = list(reasons)
        while row is not None and row.number < end:
            if code := codes[row.number - start]:
                yield row, names[code - 1]
            row = next(rows, None)
