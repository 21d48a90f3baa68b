"""The validation of the scorecard on who is there: distribution, stability, parity over age band
and district. Shown before a card is released, and each quarter after it."""

from collections import Counter
from datetime import date
from typing import Any

from app import grades, identity
from app.grades import Quarter
from app.plumbing.copying import at
from app.plumbing.work import Work
from app.reports import parity
from app.reports.parity import Standing

AGE_BANDS = ((30, "under 30"), (45, "30 to 44"), (60, "45 to 59"), (200, "60 and over"))


def report(work: Work, quarter: Quarter, by: Quarter | None = None) -> dict[str, Any]:
    """All that the grades of a quarter say of the cards they were made with, beside the quarter
    before. Only counts and means; what was never said of age or district is in no group.

    With `by` they are what the loaded rules would have made of the same acts, by their values of
    that quarter: so a changed card is tried before anybody is graded with it. Raises Invalid
    (not_in_force).
    """
    (now, cards), (before, _) = (_graded(work, each, by) for each in (quarter, quarter.plus(-1)))
    codes = [each.code for each in work.rules.credit.grades]
    people = identity.groups(work)
    return {
        "quarter": str(quarter),
        "before": str(quarter.plus(-1)),
        "made_at": at(work, work.now),
        "tried_by": by and str(by),
        "scorecards": cards,
        "distribution": parity.distribution(now, codes),
        "distribution_before": parity.distribution(before, codes),
        "stability": parity.stability(now, before),
        "parity": {
            "age_band": parity.parity(
                now, {each: age_band(born, quarter.last) for each, (born, _) in people.items()}
            ),
            "district": parity.parity(now, {each: where for each, (_, where) in people.items()}),
        },
    }


def age_band(born: int | None, day: date) -> str | None:
    """The band of a birth year on a day; None for one that was not said."""
    if born is None:
        return None
    return next(name for below, name in AGE_BANDS if day.year - born < below)


def _graded(
    work: Work, quarter: Quarter, by: Quarter | None
) -> tuple[list[Standing], dict[str, int]]:
    """How everybody stands, and how many by which digest of the rules of credit."""
    found, cards = [], Counter[str]()
    for each in grades.tried(work, quarter, by) if by else grades.graded(work, quarter):
        found.append(Standing(each.resident_id, each.code, each.factor))
        cards[each.card] += 1
    return found, dict(cards)
