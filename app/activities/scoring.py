"""The score: a pure function of a resident's live acts, what others hold, and the rulebook.

No clock, no arrival order, no database id. `score` judges the acts of the cells it is asked for;
asked for all of a resident's acts it is the definition that the audit compares with.

    replaced → overlapped → worth alone → cut by caps in canonical order → rounded down, once
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from math import ceil
from operator import attrgetter

from app.activities import valuation
from app.activities.caps import Crowded, cut, far_limits, limits, tight
from app.activities.model import (
    CAPPED,
    CREDITED,
    OVERLAPPED,
    Act,
    Measure,
    Portion,
    Score,
)
from app.activities.tariff import NO_HOME, Home, Worth, book, known
from app.kernel import MILLI, add_months
from app.rulebook import Behaviour, Rulebook

# The canonical order, as `Act.order` has it.
CANONICAL = attrgetter("earned_on", "occurred_at", "reference")
_METER_METHODS = {"daily_meter", "period_meter"}


def units(rules: Rulebook, behaviour: Behaviour, found: Worth) -> int:
    """Live units of an act: what far caps count, in thousandths; nothing when worth nothing."""
    if found.reason is not None:
        return 0
    least, only_acts = _counting(known(rules), behaviour.code)
    return least if only_acts else max(least, ceil(found.measure))


@lru_cache(maxsize=512)
def _counting(digest: str, code: str) -> tuple[int, bool]:
    """The least an act counts, and whether it is never more. Counted rather too high than too
    low: a tally only tells where a period must be looked at."""
    kinds = [limit.counts_acts for limit in far_limits(book(digest), code)]
    return MILLI * any(kinds), any(kinds) and all(kinds)


def due_on(rules: Rulebook, behaviour: Behaviour, earned_on: date) -> date:
    """The day from which points of an act can be spent."""
    return _due_on(known(rules), behaviour.confirm, earned_on)


@lru_cache(maxsize=4096)
def _due_on(digest: str, confirm: str, earned_on: date) -> date:
    if confirm == "next_month":
        return add_months(earned_on.replace(day=1), 1)
    name = "goods_days" if confirm == "goods" else "next_day_days"
    return earned_on + timedelta(days=book(digest).pack.count(name, earned_on))


@lru_cache(maxsize=4096)
def _milligrams_a_point(digest: str, earned_on: date) -> int:
    return book(digest).pack.count("milligrams_a_point", earned_on)


def home_of(rules: Rulebook, acts: Iterable[Act], lost: Collection[bytes]) -> Home:
    """What meters need of a resident's other acts: readings, periods, efficient devices."""
    readings: dict[tuple[str, date], int] = {}
    periods: dict[tuple[str, str, str], int] = {}
    devices: list[tuple[str, date, Fraction]] = []
    for act in acts:
        method = rules.behaviours[act.behaviour].method
        if act.id in lost:
            continue
        if method == "daily_meter":
            readings[act.evidence["meter"], act.earned_on] = act.evidence["kwh"]
        elif method == "period_meter":
            e = act.evidence
            periods[e["meter"], e["period_start"], e["period_end"]] = e["m3"]
        elif method in {"appliance_year", "fixture_year"}:
            found = valuation.worth(rules, act)
            if found.reason is None and found.unit:
                devices.append((found.unit, act.earned_on, found.a_day))
    return Home(readings, periods, tuple(devices))


def score(
    rules: Rulebook,
    acts: Sequence[Act],
    wanted: Collection[bytes] | None,
    lost: Mapping[bytes, str],
    crowded: Crowded | None = None,
    worths: Mapping[bytes, Worth] | None = None,
) -> dict[bytes, Score]:
    """Scores of the `wanted` acts (None: of all); `worths` are those that are known already.

    `acts` must hold, for every wanted act, all live acts of its behaviour in its day, in each
    period that `crowded` names, and what its meter needs. `lost` says who is not paid.
    """
    around = home(rules, acts, lost)
    by_behaviour: dict[str, list[Act]] = {}
    for act in acts:
        if wanted is None or act.id in wanted:
            by_behaviour.setdefault(act.behaviour, []).append(act)
    scores: dict[bytes, Score] = {}
    for code, members in by_behaviour.items():
        if len(members) > 1:
            members.sort(key=CANONICAL)
        behaviour = rules.behaviours[code]
        valued = _valued(rules, members, lost, around, worths or {}, scores)
        _score_behaviour(rules, behaviour, valued, crowded, scores)
    return scores


def home(rules: Rulebook, acts: Sequence[Act], lost: Mapping[bytes, str]) -> Home:
    """What the meters among these acts need; nothing where there is no meter."""
    metered = _metered(known(rules))
    return home_of(rules, acts, lost) if any(a.behaviour in metered for a in acts) else NO_HOME


@lru_cache(maxsize=16)
def _metered(digest: str) -> frozenset[str]:
    behaviours = book(digest).behaviours
    return frozenset(c for c, each in behaviours.items() if each.method in _METER_METHODS)


def _valued(
    rules: Rulebook,
    acts: Sequence[Act],
    lost: Mapping[bytes, str],
    home: Home,
    worths: Mapping[bytes, Worth],
    scores: dict[bytes, Score],
) -> list[tuple[Act, Worth]]:
    """The acts that are worth something; the others get their scores at once."""
    valued: list[tuple[Act, Worth]] = []
    for act in acts:
        reason = lost.get(act.id)
        if reason is not None:
            scores[act.id] = Score(OVERLAPPED, reason, 0, 0, 0, ())
            continue
        found = worths.get(act.id) or valuation.worth(rules, act, home)
        if found.reason is not None:
            scores[act.id] = Score(CREDITED, found.reason, 0, 0, 0, ())
        else:
            valued.append((act, found))
    return valued


def _score_behaviour(
    rules: Rulebook,
    behaviour: Behaviour,
    valued: Sequence[tuple[Act, Worth]],
    crowded: Crowded | None,
    scores: dict[bytes, Score],
) -> None:
    used: dict[tuple[str, str, str], Measure] = {}
    caps = tight(limits(rules, behaviour.code), valued)
    for act, found in valued:
        allowed, name = cut(act, found, caps, used, crowded)
        parts = portions(rules, act, found.parts, found.milligrams(allowed))
        reduction, points = parts[0].reduction_mg, parts[0].points
        for more in parts[1:]:
            reduction, points = reduction + more.reduction_mg, points + more.points
        scores[act.id] = Score(
            CAPPED if name else CREDITED,
            name,
            units(rules, behaviour, found),
            reduction,
            points,
            parts,
        )


def portions(rules: Rulebook, act: Act, count: int, milligrams: int) -> tuple[Portion, ...]:
    """The parts in which a reduction is released, `count` of them; most acts have one."""
    behaviour = rules.behaviours[act.behaviour]
    a_point = _milligrams_a_point(known(rules), act.earned_on)
    if count == 1:
        day = act.earned_on
        points = milligrams * 100 // a_point
        return (Portion(day, due_on(rules, behaviour, day), milligrams, points),)
    parts = []
    for k in range(1, count + 1):
        part = milligrams * k // count - milligrams * (k - 1) // count
        day = act.earned_on if k == 1 else add_months(act.earned_on, k - 1)
        parts.append(Portion(day, due_on(rules, behaviour, day), part, part * 100 // a_point))
    return tuple(parts)
