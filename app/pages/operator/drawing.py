"""The cockpit's figures as charts and rows. What is of fewer than ten people comes as null and is
told as such, never as nothing."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from app.pages.charts import Bar, Columns, columns, shares
from app.pages.labels import label
from app.pages.showing import day, mass, plain

_GRAMS = 1_000_000  # of a tonne
_MONTHS = 12
Row = Mapping[str, Any]


def few() -> str:
    """How a small cell is told."""
    return str(_("fewer than 10"))


def tonnes(text: str | None) -> str:
    """Tonnes as a person would say them."""
    return few() if text is None else mass(str(Decimal(text) * _GRAMS))


def told(value: str | int | None, written: Callable[..., str] = plain) -> str:
    """A figure, or that it is of too few."""
    return few() if value is None else written(value)


def by_day(city: Row) -> Columns:
    """Tonnes of each day of the month."""
    rows = city["by_day"]
    drawn = columns([(day(each["day"]), each["tonnes"]) for each in rows], tonnes)
    return drawn._replace(bars=_hidden(drawn.bars, [each["tonnes"] for each in rows]))


def by_category(city: Row) -> list[Bar]:
    """Tonnes of each category, the most first."""
    rows = [(label("category", each["category"]), each["tonnes"]) for each in city["by_category"]]
    drawn = shares(rows, tonnes)
    values = dict(rows)
    return _hidden(drawn, [values[each.name] for each in drawn])


def _hidden(bars: list[Bar], values: Sequence[str | None]) -> list[Bar]:
    return [
        bar._replace(value=few()) if value is None else bar
        for bar, value in zip(bars, values, strict=True)
    ]


def behaviours(city: Row) -> tuple[list[Row], int]:
    """Those with enough people, the most carbon first; and how many are not told."""
    rows = [each for each in city["by_behaviour"] if each["tonnes"] is not None]
    rows.sort(key=lambda each: Decimal(each["tonnes"]), reverse=True)
    return rows, len(city["by_behaviour"]) - len(rows)


def benefits(city: Row, now: Row) -> tuple[list[Row], int]:
    """Benefits of which something is told, of the month, with what is left of them today; and how
    many others there are."""
    month = {each["benefit"]: each for each in city["benefits"]}
    rows = [_benefit(each, month.get(each["benefit"], {})) for each in now["benefits"]]
    seen = [each for each in rows if each["redeemed"] is not None or each["left"] is not None]
    seen.sort(key=lambda each: each["redeemed"] or -1, reverse=True)
    return seen, len(rows) - len(seen)


def _benefit(offer: Row, month: Row) -> Row:
    figures = {name: month.get(name) for name in ("redeemed", "points", "funder_owes")}
    return {**offer, **figures, "left": offer["stock_left"]}


def months(today: date, chosen: str) -> list[str]:
    """The last twelve months, the present one first, and the chosen one if it is older."""
    count = today.year * _MONTHS + today.month - 1
    found = [f"{n // _MONTHS}-{n % _MONTHS + 1:02d}" for n in range(count, count - _MONTHS, -1)]
    return found if chosen in found else [*found, chosen]
