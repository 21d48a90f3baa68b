"""Where the bars of a chart stand. Pure; whole numbers; the words are written by the caller."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

_WIDTH, _HEIGHT = 360, 160
_TOP, _FOOT = 20, 20  # room for the largest value, and for the names below
_WHOLE = 1000


class Bar(NamedTuple):
    """One bar in whole units of the picture; `faint` where its value is not final or not ours."""

    name: str
    value: str
    x: int = 0
    y: int = 0
    width: int = 0
    height: int = 0
    faint: bool = False


class Mark(NamedTuple):
    """A name under the axis, `anchor` as SVG says it."""

    name: str
    x: int
    anchor: str


class Columns(NamedTuple):
    """A chart of columns; `top` is the largest value in words."""

    bars: list[Bar]
    marks: list[Mark]
    top: str
    floor: int
    width: int = _WIDTH
    height: int = _HEIGHT


def columns(
    rows: Sequence[tuple[str, Decimal | str | None]],
    told: Callable[[str], str],
    *,
    faint: Iterable[int] = (),
) -> Columns:
    """Columns of (name, value), from left to right; `told` writes a value. None draws no column.
    `faint` are the places of bars that are not final. The first and the last name are written
    under the axis, of up to seven columns all."""
    numbers = [None if value is None else Decimal(value) for _, value in rows]
    largest = max((each for each in numbers if each), default=Decimal(0))
    floor = _HEIGHT - _FOOT
    step = _WIDTH // max(1, len(rows))
    width = max(2, min(44, step * 3 // 4))
    soft = set(faint)
    bars = []
    for place, ((name, value), exact) in enumerate(zip(rows, numbers, strict=True)):
        height = int((floor - _TOP) * exact / largest) if exact and exact > 0 else 0
        if exact and exact > 0:
            height = max(1, height)
        x = place * step + (step - width) // 2
        words = "–" if value is None else told(str(value))
        bars.append(Bar(name, words, x, floor - height, width, height, place in soft))
    return Columns(bars, _marks(bars), told(str(largest)) if largest else "", floor)


def _marks(bars: list[Bar]) -> list[Mark]:
    if len(bars) <= 7:
        return [Mark(bar.name, bar.x + bar.width // 2, "middle") for bar in bars]
    return [Mark(bars[0].name, 0, "start"), Mark(bars[-1].name, _WIDTH, "end")]


def shares(
    rows: Iterable[tuple[str, Decimal | str | None]], told: Callable[[str], str]
) -> list[Bar]:
    """Bars beside each other's whole: width in thousandths of the largest, the largest first."""
    exact = [(name, None if value is None else Decimal(value)) for name, value in rows]
    exact.sort(key=lambda row: row[1] or Decimal(-1), reverse=True)
    largest = max((value for _, value in exact if value), default=Decimal(0))
    return [
        Bar(
            name,
            "–" if value is None else told(str(value)),
            width=int(_WHOLE * value / largest) if value and value > 0 else 0,
        )
        for name, value in exact
    ]
