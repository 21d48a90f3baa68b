"""The factor: what a closed quarter's verified acts give on a scorecard. Pure, whole numbers only.

Every measure grows with what it counts, and every step gives more than the one before, so that a
further verified act never lowers a factor. Caps of a behaviour and of a kind of source hold what
one purchase, or one provider, can do.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from app.grades.model import Line, Part
from app.rulebook import CardPart, Credit, Reason, Scorecard

MOST_REASONS = 4
_FULL = 100  # percent
_MG_A_KG = 1_000_000
_Weights = Mapping[str, int]  # percent by kind of source


class Factor(NamedTuple):
    """0 to 1000, the sum of the points of its parts."""

    total: int
    parts: tuple[Part, ...]


class _Quarter(NamedTuple):
    """What a card looks at: the lines that it counts, and the graded quarters before."""

    card: Scorecard
    lines: Sequence[Line]
    earlier: int
    day: date


def factor(card: Scorecard, lines: Sequence[Line], earlier: int, day: date) -> Factor:
    """The factor of a quarter by the card of a day, the quarter's last.

    `earlier` is how many of the four quarters before had a grade. Lines of behaviours that the
    card leaves out, or does not know, count for nothing. Raises NotInForce.
    """
    quarter = _Quarter(card, _counted(card, lines), earlier, day)
    parts = tuple(_part(part, _MEASURES[part.input](quarter), day) for part in card.parts)
    return Factor(sum(part.points for part in parts), parts)


def quality(card: Scorecard, lines: Sequence[Line], day: date) -> str:
    """How sure the sources are: `high`, `medium` or `low` by the share of full weight, `none`
    where nothing was counted."""
    counted = _counted(card, lines)
    whole = sum(line.reduction_mg for line in counted)
    weights = _weights(card, counted, day)
    weighed = sum(line.reduction_mg * weights[line.source] for line in counted)
    if not whole:
        return "none"
    if weighed >= whole * card.count("quality_high", day):
        return "high"
    return "medium" if weighed >= whole * card.count("quality_medium", day) else "low"


def reasons(credit: Credit, parts: Iterable[Part]) -> list[Reason]:
    """Why points were lost, at most four, the part that lost most first; equal ones as on the card.

    Empty at 1000. Only parts that were scored and lost something have a reason.
    """
    lost = sorted((part for part in parts if part.points < part.most), key=_by_loss)
    by_part = {reason.part: reason for reason in credit.reasons.values()}
    return [by_part[part.name] for part in lost if part.name in by_part][:MOST_REASONS]


def _by_loss(part: Part) -> int:
    return part.points - part.most


def _counted(card: Scorecard, lines: Iterable[Line]) -> list[Line]:
    return [line for line in lines if line.behaviour in card.categories]


def _part(part: CardPart, measured: int, day: date) -> Part:
    points = part.points(measured, day)
    step = next((step for step in part.ladder(day) if step.at > measured), None)
    return Part(
        name=part.name,
        measured=measured,
        unit=part.unit,
        points=points,
        most=part.most,
        next_at=step.at if step else None,
        next_adds=step.points - points if step else None,
    )


def _reduction(quarter: _Quarter) -> int:
    return _kilograms(quarter, {line.source: _FULL for line in quarter.lines})


def _evidence(quarter: _Quarter) -> int:
    return _kilograms(quarter, _weights(quarter.card, quarter.lines, quarter.day))


def _weights(card: Scorecard, lines: Iterable[Line], day: date) -> _Weights:
    return {source: card.weight(source, day) for source in {line.source for line in lines}}


def _kilograms(quarter: _Quarter, weights: _Weights) -> int:
    """Whole kilograms, each gram by the weight of its source, within both caps.

    The smaller of two sums, by behaviour and by source: both grow with every gram, so does it.
    """
    by_behaviour: defaultdict[str, int] = defaultdict(int)
    by_source: defaultdict[str, int] = defaultdict(int)
    for line in quarter.lines:
        by_behaviour[line.behaviour] += line.reduction_mg * weights[line.source]
        by_source[line.source] += line.reduction_mg
    cap, source_cap = (
        quarter.card.milligrams(name, quarter.day) for name in ("behaviour_cap", "source_cap")
    )
    behaviours = sum(min(weighed, cap * _FULL) for weighed in by_behaviour.values())
    sources = sum(min(mg, source_cap) * weights[source] for source, mg in by_source.items())
    return min(behaviours, sources) // (_FULL * _MG_A_KG)


def _categories(quarter: _Quarter) -> int:
    sums: defaultdict[str, int] = defaultdict(int)
    for line in quarter.lines:
        sums[quarter.card.categories[line.behaviour]] += line.reduction_mg
    least = quarter.card.milligrams("category_least", quarter.day)
    return sum(mg >= least for mg in sums.values())


def _months(quarter: _Quarter) -> int:
    acts: defaultdict[str, int] = defaultdict(int)
    for line in quarter.lines:
        acts[line.month] += line.acts
    least = quarter.card.count("month_least", quarter.day)
    return sum(count >= least for count in acts.values())


def _earlier(quarter: _Quarter) -> int:
    return quarter.earlier


_MEASURES: Mapping[str, Callable[[_Quarter], int]] = {
    "reduction": _reduction,
    "categories": _categories,
    "months": _months,
    "earlier": _earlier,
    "evidence": _evidence,
}
