"""What lines make of a quarter: grade, factor, quality. Pure: the same lines give the same."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from app.grades.model import Line, Part, Quarter
from app.grades.scorecard import factor, quality
from app.rulebook import Credit

BEFORE = 4  # quarters whose grades count as persistence


class Basis(NamedTuple):
    """What a grade stands on: the quarter's lines, and how many of the four quarters before had a
    grade."""

    lines: tuple[Line, ...]
    earlier: int


class Assessed(NamedTuple):
    """What a basis gives by the rules of credit."""

    code: str | None
    reduction_mg: int
    factor: int
    parts: tuple[Part, ...]
    quality: str


def merged(found: Iterable[Line]) -> tuple[Line, ...]:
    """Lines of the same behaviour, month and source as one, in one order."""
    sums: dict[tuple[str, str, str], list[int]] = {}
    for line in found:
        each = sums.setdefault(line[:3], [0, 0])
        each[0] += line.reduction_mg
        each[1] += line.acts
    return tuple(Line(*key, mg, acts) for key, (mg, acts) in sorted(sums.items()))


def assess(credit: Credit, quarter: Quarter, basis: Basis) -> Assessed:
    """Grade and factor by the values of the quarter's last day. Raises NotInForce."""
    day, card = quarter.last, credit.scorecard
    saved = sum(line.reduction_mg for line in basis.lines)
    code = credit.grade(saved, day)
    if card is None:
        return Assessed(code, saved, 0, (), "none")
    found = factor(card, basis.lines, basis.earlier, day)
    return Assessed(code, saved, found.total, found.parts, quality(card, basis.lines, day))


def in_force(credit: Credit, quarter: Quarter) -> bool:
    """Whether all that a grade of this quarter needs has a value."""
    card = credit.scorecard
    needed = [level.above for level in credit.grades] + [credit.parameters["closing_day"]]
    needed += card.every_parameter if card else ()
    return bool(credit.grades) and all(each.since <= quarter.last for each in needed)


def missing_mg(credit: Credit, quarter: Quarter, saved: int) -> tuple[str, int] | None:
    """The next grade, and the milligrams that were missing; None at the top."""
    day = quarter.last
    higher: Sequence[tuple[str, int]] = [
        (level.code, level.milligrams(day) + 1 - saved)
        for level in credit.grades
        if level.above.since <= day and level.milligrams(day) >= saved
    ]
    return higher[0] if higher else None
