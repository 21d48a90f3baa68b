"""What the resident's pages work out from the API's answers: differences, shares, empty days. Pure;
grams and points are texts as the API writes them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

_WHOLE = 1000
_HUNDRED = 100
Row = Mapping[str, Any]


class Compared(NamedTuple):
    """Grams of two months: `percent` is by how much the later has more, None beside nothing; the
    widths are thousandths of the larger."""

    this: str
    last: str
    percent: int | None
    this_width: int
    last_width: int


class Ahead(NamedTuple):
    """The next grade of the running quarter: what is missing (None where anything at all reaches
    it), and how far one is in thousandths."""

    grade: Row
    missing_g: str | None
    width: int


def compared(sums: Iterable[Row], this: str, last: str) -> Compared:
    """Two months (`2026-11`) of the sums by month."""
    grams = {each["key"]: Decimal(each["reduction_g"]) for each in sums}
    later, earlier = grams.get(this, Decimal(0)), grams.get(last, Decimal(0))
    percent = int((later - earlier) * _HUNDRED / earlier) if earlier else None
    most = max(later, earlier)
    return Compared(
        str(later), str(earlier), percent, thousandths(later, most), thousandths(earlier, most)
    )


def ahead(current: Row, thresholds: Iterable[Row]) -> Ahead | None:
    """The grade above what the running quarter has saved so far; None at the top."""
    so_far = Decimal(current["reduction_g"])
    for each in sorted(thresholds, key=lambda row: Decimal(row["above_g"])):
        above = Decimal(each["above_g"])
        if so_far <= above:
            missing = str(above - so_far) if above > so_far else None
            return Ahead(each, missing, thousandths(so_far, above))
    return None


def thousandths(part: Decimal | int, whole: Decimal | int) -> int:
    """A share as the width of a bar; what is there at all can be seen."""
    if part <= 0 or whole <= 0:
        return 0
    return max(1, int(_WHOLE * Decimal(part) / Decimal(whole)))


def month_before(month: date) -> date:
    """The first day of the month before the one of a day."""
    return (month.replace(day=1) - timedelta(days=1)).replace(day=1)


def months_until(today: date, count: int) -> list[str]:
    """The last months, the running one included, as the API names them."""
    found = [today.replace(day=1)]
    while len(found) < count:
        found.append(month_before(found[-1]))
    return [each.isoformat()[:7] for each in reversed(found)]


def days_until(today: date, count: int) -> list[str]:
    """The last days, today included, as the API names them."""
    return [(today - timedelta(days=n)).isoformat() for n in reversed(range(count))]


def spread(keys: Sequence[str], items: Iterable[Row]) -> list[tuple[str, str]]:
    """(key, grams) of every key, nothing where the API has no sum."""
    grams = {each["key"]: each["reduction_g"] for each in items}
    return [(key, grams.get(key, "0")) for key in keys]
