"""Caps: what of an act's measure is still paid in its event, day, month, year or lifetime. Pure."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from app.activities.model import Act, Measure
from app.activities.tariff import Worth, book, known
from app.kernel import MILLI
from app.rulebook import Cap, Rulebook

SHARE_CAP = "share_of_baseline"
_FAR_PERIODS = ("month", "year", "lifetime")
_PERIOD_LETTERS = {"day": 10, "month": 7, "year": 4, "lifetime": 0}

# (behaviour, cap position) → whether a month, year or lifetime cap is to be applied at all: the
# tally says when a period is so empty that nobody can be cut.
Crowded = Callable[[str, Cap, Act], bool]


class Limit(NamedTuple):
    """A cap in thousandths, ready to be applied."""

    cap: Cap
    name: str
    limit: int
    counts_acts: bool


@lru_cache(maxsize=512)
def _limits(digest: str, code: str) -> tuple[Limit, ...]:
    order = ("event", "day", *_FAR_PERIODS)
    caps = sorted(book(digest).behaviours[code].caps, key=lambda cap: order.index(cap.period))
    return tuple(Limit(c, c.name, int(c.limit * MILLI), c.counts_acts) for c in caps)


def limits(rules: Rulebook, code: str) -> tuple[Limit, ...]:
    """A behaviour's caps, the shortest period first."""
    return _limits(known(rules), code)


def far_limits(rules: Rulebook, code: str) -> tuple[Limit, ...]:
    """The caps over a month, a year or a lifetime."""
    return _far_limits(known(rules), code)


@lru_cache(maxsize=512)
def _far_limits(digest: str, code: str) -> tuple[Limit, ...]:
    return tuple(limit for limit in _limits(digest, code) if limit.cap.period in _FAR_PERIODS)


def period_of(cap: Cap, day: date) -> str:
    """The period a day belongs to, as text that begins every later day of it."""
    return day.isoformat()[: _PERIOD_LETTERS[cap.period]]


def tight(caps: tuple[Limit, ...], valued: Sequence[tuple[Act, Worth]]) -> Sequence[Limit]:
    """The caps that may cut one of these acts: most have room for all of them together."""
    if not caps or not valued:
        return ()
    acts = len(valued) * MILLI
    by_unit: dict[str | None, Measure] = {}
    for _, worth in valued:
        by_unit[worth.unit] = by_unit.get(worth.unit, 0) + worth.measure
    return [
        each
        for each in caps
        if each.limit < (acts if each.counts_acts else by_unit.get(each.cap.unit, 0))
    ]


def cut(
    act: Act,
    found: Worth,
    caps: Sequence[Limit],
    used: dict[tuple[str, str, str], Measure],
    crowded: Crowded | None,
) -> tuple[Measure, str | None]:
    """What of the measure is paid, and the cap that was the tightest (None: all is paid)."""
    allowed, tightest = found.measure, None
    if found.ceiling is not None and found.ceiling < allowed:
        allowed, tightest = found.ceiling, SHARE_CAP
    if not caps:
        return allowed, tightest
    counted: list[tuple[tuple[str, str, str], bool]] = []
    for cap, name, limit, counts_acts in caps:
        if not (counts_acts or cap.unit == found.unit) or not _concerns(cap, act):
            continue
        if cap.period in _FAR_PERIODS and crowded and not crowded(act.behaviour, cap, act):
            continue
        room: Measure = limit
        if cap.period != "event":
            by = str(act.evidence.get(cap.by, "")) if cap.by else ""
            key = (name, period_of(cap, act.earned_on), by)
            room = limit - used.get(key, 0)
            counted.append((key, counts_acts))
        left = (allowed if room >= MILLI else 0) if counts_acts else min(allowed, max(room, 0))
        if left < allowed:
            allowed, tightest = left, name
    if allowed:
        for key, counts_acts in counted:
            used[key] = used.get(key, 0) + (MILLI if counts_acts else allowed)
    return allowed, tightest


def _concerns(cap: Cap, act: Act) -> bool:
    if not cap.where:
        return True
    return all(act.evidence.get(name) in values for name, values in cap.where.items())
