"""Cover: what outstanding points may come to cost, beside what funders have left to pay it with."""

from typing import NamedTuple

from app.plumbing.work import Work
from app.redemption import counters


class Cover(NamedTuple):
    """Fen that outstanding points may cost, fen that is left of all budgets, and how many
    hundredths of the former the latter is (None where nothing is outstanding)."""

    cost: int
    left: int
    ratio: int | None


def cover(work: Work, outstanding: int) -> Cover:
    """The cover of so many hundredths of a point.

    What a point costs follows from what residents have chosen so far; before anybody has chosen,
    from the catalogue, each benefit counting alike.
    """
    offers, today = work.rules.offers, work.today
    offered = {code: each for code, each in offers.benefits.items() if each.offered(today)}
    used = counters.used_in_all(work)
    weights = {code: used.get(code, 0) for code in offered}
    if not any(weights.values()):
        weights = dict.fromkeys(offered, 1)
    price = sum(weights[code] * each.price(today) for code, each in offered.items())
    spent = sum(weights[code] * each.unit_cost(today) for code, each in offered.items())
    granted = sum(each.granted(today) for each in offers.funders.values())
    left = granted - sum(each.used for each in counters.budgets(work).values())
    # Rounded up: an estimate of what is owed errs on the careful side.
    cost = -(-max(outstanding, 0) * spent // price) if price else 0
    return Cover(cost, left, left * 100 // cost if cost else None)
