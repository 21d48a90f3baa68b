"""How good a source's data is: one number of 100 and a word, from what it sent. Pure.

completeness: the share of items that were whole and readable, with what their rule asks for.
acceptance: the share of the others that were let in: a known card, a bound day, not too old.
timeliness: the share of acts that were known by the end of the day after they count for.
The score is their mean, with the weights 2, 2 and 1, of those that can be said; rounded down. From
90 on it is good, from 75 on fair, below poor. It is a number to talk about with the source and
pays or refuses nothing.
"""

from collections.abc import Mapping
from typing import NamedTuple

# Reasons that are about the item itself; every other is about what it was sent for.
UNREADABLE = {
    "bad_evidence",
    "bad_occurred_at",
    "bad_quantity",
    "implausible",
    "unknown_behaviour",
}
WORDS = ((90, "good"), (75, "fair"), (0, "poor"))
_WEIGHTS = (2, 2, 1)
_WHOLE = 1000


class Quality(NamedTuple):
    """Shares in thousandths, the score of 100 and its word; None where nothing can be said."""

    completeness: int | None
    acceptance: int | None
    timeliness: int | None
    score: int | None
    grade: str | None


def of(items: int, rejections: Mapping[str, int], acts: int, in_time: int) -> Quality:
    """The quality of a source that sent `items`, of which some were rejected for these reasons;
    `in_time` of its `acts` were known in time."""
    unreadable = sum(count for reason, count in rejections.items() if reason in UNREADABLE)
    readable = items - unreadable
    parts = (
        share(readable, items),
        share(items - sum(rejections.values()), readable),
        share(in_time, acts),
    )
    said = [
        (part, weight) for part, weight in zip(parts, _WEIGHTS, strict=True) if part is not None
    ]
    if not items or not said:
        return Quality(*parts, None, None)
    score = sum(part * weight for part, weight in said) // sum(weight for _, weight in said) // 10
    return Quality(*parts, score, next(word for least, word in WORDS if score >= least))


def share(part: int, whole: int) -> int | None:
    """Thousandths, rounded down; None of nothing."""
    return part * _WHOLE // whole if whole else None
