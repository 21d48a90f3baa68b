"""Which months, years and lifetimes are so full that a cap may cut somebody.

The tallies say it: a period that holds no more than its cap cuts nobody, whatever the order, and
nothing of it is read. Only a fuller one is read and scored as a whole.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from app.activities import caps, metering, registers, scene, scoring, valuation
from app.activities.caps import Limit
from app.activities.model import Act
from app.activities.stage import Scene, Scenes
from app.activities.store import Need
from app.activities.tariff import Home
from app.kernel import add_months
from app.plumbing.work import Work
from app.rulebook import Cap, Rulebook

_DAY = timedelta(days=1)
Person = tuple[bytes, str]
Units = dict[Person, dict[str, int]]
Deltas = dict[Person, dict[date, int]]


class Crowds:
    """Which months, years and lifetimes (of a resident and behaviour) may cut somebody."""

    def __init__(self) -> None:
        self.full: dict[Person, set[str]] = {}

    def of(self, resident: bytes) -> caps.Crowded:
        """Whether a far cap is to be applied: only where its whole period has been read."""

        def crowded(code: str, cap: Cap, act: Act) -> bool:
            full = self.full.get((resident, code))
            if not full:
                return False
            period = caps.period_of(cap, act.earned_on)
            return any(period.startswith(each) for each in full)

        return crowded


def crowd(work: Work, scenes: Scenes) -> Crowds:
    """Compare tallies with far caps; read and score again every period that is too full."""
    found = Crowds()
    deltas = _far_deltas(work.rules, scenes)
    if not deltas:
        return found
    totals: Units = {}
    for resident, code, month, units in registers.tallies(work, _spans(work.rules, deltas)):
        totals.setdefault((resident, code), {})[month] = units
    needs: set[Need] = set()
    for person, days in deltas.items():
        moved = {day.isoformat(): change for day, change in days.items()}
        for limit in caps.far_limits(work.rules, person[1]):
            for period in {caps.period_of(limit.cap, day) for day in days}:
                if _is_full(totals.get(person, {}), moved, limit, period):
                    found.full.setdefault(person, set()).add(period)
                    needs.add(Need(person[0], *_span(period), person[1]))
    if needs:
        scene.read(work, scenes, needs)
        fuller = Scenes({need.resident: scenes[need.resident] for need in needs})
        for need in needs:
            scene.want(fuller[need.resident], {(need.behaviour, need.since, need.until)})
        metering.look_back(work, fuller)
        for each in fuller.values():
            each.worths.clear()  # a meter may look back on what has been read just now
    return found


def _spans(rules: Rulebook, deltas: Deltas) -> set[tuple[bytes, str, str]]:
    """Which tallies tell: from which month on, by the widest cap."""
    return {
        (resident, code, caps.period_of(caps.far_limits(rules, code)[-1].cap, day))
        for (resident, code), days in deltas.items()
        for day in {day.replace(day=1) for day in days}
    }


def _far_deltas(rules: Rulebook, scenes: Scenes) -> Deltas:
    """How live units move, by person and day, where a far cap counts them."""
    deltas: Deltas = {}
    capped = {code for code in rules.behaviours if caps.far_limits(rules, code)}
    for each in scenes.values():
        for act, change in _unit_changes(rules, each, capped):
            days = deltas.setdefault((each.resident, act.behaviour), {})
            days[act.earned_on] = days.get(act.earned_on, 0) + change
    return deltas


def _unit_changes(rules: Rulebook, each: Scene, capped: set[str]) -> Iterator[tuple[Act, int]]:
    for row in each.gone:
        if row.act.behaviour in capped:
            yield row.act, -row.score.units
    home: Home | None = None
    for act_id in each.wanted:
        act = each.acts[act_id]
        if act.behaviour not in capped:
            continue
        after = 0
        if act_id not in each.lost:
            home = home or scoring.home(rules, list(each.acts.values()), each.lost)
            found = each.worths[act_id] = valuation.worth(rules, act, home)
            after = scoring.units(rules, rules.behaviours[act.behaviour], found)
        known = each.known.get(act_id)
        yield act, after - (known.score.units if known else 0)


def _is_full(totals: dict[str, int], moved: dict[str, int], limit: Limit, period: str) -> bool:
    """Whether a period is, or was before this change, fuller than its cap."""
    before = sum(units for month, units in totals.items() if month.startswith(period))
    change = sum(units for day, units in moved.items() if day.startswith(period))
    return max(before, before + change) > limit.limit


def _span(period: str) -> tuple[date, date]:
    if not period:
        return date(2000, 1, 1), date(2099, 12, 31)
    year, _, month = period.partition("-")
    first = date(int(year), int(month or 1), 1)
    return first, add_months(first, 1 if month else 12) - _DAY
