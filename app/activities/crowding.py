"""Which months, years and lifetimes are so full that a cap may cut somebody.

The tallies say it: a period that holds no more than its cap cuts nobody, whatever the order, and
nothing of it is read. Only a fuller one is read and scored as a whole.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from app.activities import caps, marks, metering, registers, scene, scoring, valuation
from app.activities.caps import Limit
from app.activities.model import Act
from app.activities.scene import Scene, Scenes
from app.activities.store import Need
from app.activities.tariff import Home
from app.kernel import add_months
from app.plumbing.work import Work
from app.rulebook import Cap, Rulebook

_DAY = timedelta(days=1)
Person = tuple[bytes, str]
Units = dict[Person, dict[str, int]]


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
    deltas, spans = _far_deltas(work.rules, scenes)
    if not spans:
        return found
    totals: Units = {}
    for resident, code, month, units in registers.tallies(work, spans):
        totals.setdefault((resident, code), {})[month] = units
    needs: set[Need] = set()
    for person, moved in deltas.items():
        for limit in caps.far_limits(work.rules, person[1]):
            for period in {caps.period_of(limit.cap, date.fromisoformat(day)) for day in moved}:
                if _is_full(totals.get(person, {}), moved, limit, period):
                    found.full.setdefault(person, set()).add(period)
                    needs.add(Need(person[0], *_span(period), person[1]))
    if needs:
        scene.read(work, scenes, needs)
        fuller = {need.resident: scenes[need.resident] for need in needs}
        for need in needs:
            scene.want(fuller[need.resident], {(need.behaviour, need.since, need.until)})
        metering.look_back(work, fuller)
    return found


def _far_deltas(rules: Rulebook, scenes: Scenes) -> tuple[Units, set[tuple[bytes, str, str]]]:
    """How live units move, by person and day, where a far cap counts them; which tallies tell."""
    deltas: Units = {}
    spans: set[tuple[bytes, str, str]] = set()
    for each in scenes.values():
        for act, before, after in _unit_changes(rules, each):
            limits = caps.far_limits(rules, act.behaviour)
            if not limits:
                continue
            days = deltas.setdefault((each.resident, act.behaviour), {})
            day = act.earned_on.isoformat()
            days[day] = days.get(day, 0) + after - before
            widest = limits[-1].cap
            spans.add((each.resident, act.behaviour, caps.period_of(widest, act.earned_on)))
    return deltas, spans


def _unit_changes(rules: Rulebook, each: Scene) -> Iterable[tuple[Act, int, int]]:
    for row in each.gone:
        yield row.act, row.score.units, 0
    home: Home | None = None
    homes = marks.kinds(rules).homes
    for act_id in each.wanted:
        act = each.acts[act_id]
        behaviour = rules.behaviours[act.behaviour]
        if not caps.far_limits(rules, act.behaviour):
            continue
        before = each.known[act_id].score.units if act_id in each.known else 0
        after = 0
        if act_id not in each.lost:
            home = home or scoring.home(rules, list(each.acts.values()), each.lost)
            found = valuation.worth(rules, act, home)
            if act.behaviour not in homes:  # what readings are worth, others may still change
                each.worths[act_id] = found
            after = scoring.units(rules, behaviour, found)
        yield act, before, after


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
