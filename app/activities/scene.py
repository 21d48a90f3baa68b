"""Reading as little as a score needs: for each resident a `Scene`, filled in set-based rounds.

A change of an act can change its own day and behaviour, the acts it shares a key with, the
readings that look back on it, and a month or year that is full. Nothing else is read, so the cost
of a change grows with the change and not with the history behind it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from app.activities import overlap, scoring, store, valuation
from app.activities.model import OVERLAPPED, Act, Score
from app.activities.scoring import Limit
from app.activities.store import Need, Stored
from app.kernel import add_months
from app.plumbing.work import Work
from app.rulebook import Behaviour, Cap, Rulebook

_DAY = timedelta(days=1)
_DEVICES = ("devices",)
_DEVICE_MONTHS = 12
_LONGEST_PERIOD = timedelta(days=400)
_METERS = {"daily_meter", "period_meter"}
_DEVICE_METHODS = {"appliance_year", "fixture_year"}


@dataclass
class Scene:
    """One resident: live acts, which of them are new, which have just gone, who is to be scored."""

    resident: bytes
    added: dict[bytes, Act] = field(default_factory=dict)
    gone: list[Stored] = field(default_factory=list)
    acts: dict[bytes, Act] = field(default_factory=dict)
    known: dict[bytes, Stored] = field(default_factory=dict)
    foreign: dict[bytes, str] = field(default_factory=dict)
    wanted: set[bytes] = field(default_factory=set)
    lost: dict[bytes, str] = field(default_factory=dict)
    loaded: set[tuple[date, str]] = field(default_factory=set)
    scores: dict[bytes, Score] = field(default_factory=dict)
    # Acts judged afresh; the others keep the standing that is stored with them.
    judged: set[bytes] = field(default_factory=set)
    # Acts to be judged although nothing of this resident changed: a thing was freed elsewhere.
    unsettled: set[bytes] = field(default_factory=set)

    def changed(self) -> list[Act]:
        """What was added and what has gone."""
        return [*self.added.values(), *(row.act for row in self.gone)]

    @property
    def leaving(self) -> set[bytes]:
        return {row.act.id for row in self.gone}

    def inherit(self) -> None:
        """Acts read but not judged keep the standing they have."""
        for act_id, row in self.known.items():
            if row.score.status == OVERLAPPED and act_id not in self.judged:
                self.lost.setdefault(act_id, str(row.score.reason))


Scenes = dict[bytes, Scene]


def reach(behaviour: Behaviour) -> timedelta:
    """How far from its own day an act can meet another by the clock: past midnight, or not."""
    rides = "TRIP" in behaviour.overlap_groups and behaviour.method not in {
        "step_blocks",
        "charging",
    }
    return _DAY if rides or "PAY" in behaviour.overlap_groups else timedelta(0)


def fill(work: Work, scenes: Scenes) -> None:
    """Read what the changed acts need, decide who loses, and whom to score."""
    rules = work.rules
    for scene in scenes.values():
        scene.acts.update(scene.added)
    _read_days(work, scenes, {s.resident: s.changed() for s in scenes.values()})
    _read_far(work, scenes, {s.resident: s.changed() for s in scenes.values()})
    touched = {s.resident: _touched(rules, s) for s in scenes.values()}
    neighbours = {r: acts for r, acts in touched.items() if acts}
    if neighbours:
        _read_days(work, scenes, neighbours)
        _read_far(work, scenes, neighbours)
        ask_holders(work, scenes, neighbours)
    for scene in scenes.values():
        _decide(rules, scene, touched[scene.resident])
    _meters(work, scenes)
    for scene in scenes.values():
        scene.inherit()


def _read(work: Work, scenes: Scenes, needs: Iterable[Need]) -> None:
    missing: dict[tuple[bytes, str], list[date]] = {}
    for resident, since, until, behaviour in needs:
        loaded, day = scenes[resident].loaded, since
        while day <= until:
            if (day, "") not in loaded and (day, behaviour) not in loaded:
                loaded.add((day, behaviour))
                missing.setdefault((resident, behaviour), []).append(day)
            day += _DAY
    if not missing:
        return
    wanted = [
        Need(resident, first, last, behaviour)
        for (resident, behaviour), days in missing.items()
        for first, last in _runs(sorted(days))
    ]
    for row in store.load(work, wanted):
        scene, act_id = scenes[row.resident], row.act.id
        if act_id not in scene.acts and act_id not in scene.leaving:
            scene.acts[act_id] = row.act
            scene.known[act_id] = row


def _runs(days: list[date]) -> Iterable[tuple[date, date]]:
    """Sorted days as ranges without gaps."""
    start = None
    for i, day in enumerate(days):
        start = start or day
        if i + 1 == len(days) or days[i + 1] != day + _DAY:
            yield start, day
            start = None


def _read_days(work: Work, scenes: Scenes, acts: dict[bytes, list[Act]]) -> None:
    behaviours = work.rules.behaviours
    needs = set()
    for resident, members in acts.items():
        for act in members:
            far = reach(behaviours[act.behaviour])
            needs.add(Need(resident, act.earned_on - far, act.earned_on + far))
    _read(work, scenes, needs)


def _read_far(work: Work, scenes: Scenes, acts: dict[bytes, list[Act]]) -> None:
    """Read the days of acts that share a far key with these."""
    behaviours = work.rules.behaviours
    pairs = {
        (resident, overlap.digest(*pair))
        for resident, members in acts.items()
        for act in members
        for pair in overlap.far_keys(behaviours[act.behaviour], act)
    }
    if pairs:
        found = store.claims(work, sorted(pairs))
        _read(work, scenes, {Need(r, day - _DAY, day + _DAY) for r, _, day in found})


def _touched(rules: Rulebook, scene: Scene) -> list[Act]:
    """Acts already stored whose standing a changed act may change: they share a key with it."""
    if not scene.known:
        return []
    moved = {act.id for act in scene.changed()} | scene.unsettled
    everyone = [*scene.acts.values(), *(row.act for row in scene.gone)]
    met: set[bytes] = set()
    for _, members in overlap.clusters(rules, everyone):
        ids = {act.id for act in members}
        if ids & moved:
            met |= ids
    keys = {
        overlap.replace_key(rules.behaviours[a.behaviour], a) for a in everyone if a.id in moved
    }
    met |= {
        act.id
        for act in everyone
        if overlap.replace_key(rules.behaviours[act.behaviour], act) in keys - {None}
    }
    return [scene.acts[each] for each in (met | scene.unsettled) if each in scene.known]


def ask_holders(work: Work, scenes: Scenes, acts: dict[bytes, list[Act]]) -> None:
    """Acts judged afresh may stand back behind another resident's claim on their thing."""
    rules = work.rules
    keys = {
        key: None
        for members in acts.values()
        for act in members
        for key in overlap.object_keys(rules.behaviours[act.behaviour], act)
    }
    if not keys:
        return
    holders = store.holders(work, keys)
    for resident, members in acts.items():
        for act in members:
            behaviour = rules.behaviours[act.behaviour]
            for key in overlap.object_keys(behaviour, act):
                if holders.get(key, resident) != resident:
                    scenes[resident].foreign[act.id] = overlap.object_group(behaviour)


def _decide(rules: Rulebook, scene: Scene, touched: list[Act]) -> None:
    """Who loses, and whom to score: the cells (behaviour and day) of all that moved."""
    acts = list(scene.acts.values())
    fresh = overlap.losers(rules, acts, scene.foreign)
    if not scene.known:
        scene.lost, scene.wanted = fresh, set(scene.acts)
        return
    scene.judged = {act.id for act in touched} | set(scene.added)
    scene.lost = {act_id: reason for act_id, reason in fresh.items() if act_id in scene.judged}
    cells = {(act.behaviour, act.earned_on) for act in [*scene.changed(), *touched]}
    scene.wanted = {act.id for act in acts if (act.behaviour, act.earned_on) in cells}


def _meters(work: Work, scenes: Scenes) -> None:
    """Meters look back on readings and on devices; both look forward to the meters."""
    rules = work.rules
    needs: set[Need] = set()
    again: dict[bytes, set[tuple[str, date, date]]] = {}
    metered: dict[str, list[Behaviour]] = {}
    for behaviour in rules.behaviours.values():
        group = overlap.netting_group(behaviour)
        if group and behaviour.method in _METERS:
            metered.setdefault(group, []).append(behaviour)
    for scene in scenes.values():
        for act in scene.changed():
            behaviour = rules.behaviours[act.behaviour]
            group = overlap.netting_group(behaviour)
            if group is None:
                continue
            for code, since, until in _dependents(rules, behaviour, act, metered[group]):
                again.setdefault(scene.resident, set()).add((code, since, until))
                back = timedelta(days=_history(rules, code, act.earned_on))
                needs.add(Need(scene.resident, since - back, until, code))
    if again:
        _read(work, scenes, needs)
        _last_year(work, scenes, again)
        for resident, spans in again.items():
            _want(scenes[resident], spans)
    _devices(work, scenes)


def _dependents(
    rules: Rulebook, behaviour: Behaviour, act: Act, meters: list[Behaviour]
) -> Iterable[tuple[str, date, date]]:
    if behaviour.method == "daily_meter":
        ahead = timedelta(days=_history(rules, behaviour.code, act.earned_on))
        yield behaviour.code, act.earned_on, act.earned_on + ahead
    elif behaviour.method == "period_meter":
        yield behaviour.code, act.earned_on, act.earned_on
    elif behaviour.method in _DEVICE_METHODS:
        for meter in meters:
            end = add_months(act.earned_on, _DEVICE_MONTHS)
            yield (
                meter.code,
                act.earned_on,
                end + _LONGEST_PERIOD * (meter.method == "period_meter"),
            )


def _history(rules: Rulebook, code: str, day: date) -> int:
    found = valuation.tariff(rules, code, day).values.get("history")
    return int(found) if found else 0


def _want(scene: Scene, spans: set[tuple[str, date, date]]) -> None:
    scene.wanted |= {
        act.id
        for act in scene.acts.values()
        if any(act.behaviour == c and a <= act.earned_on <= b for c, a, b in spans)
    }


def _last_year(work: Work, scenes: Scenes, again: dict[bytes, set[tuple[str, date, date]]]) -> None:
    """A meter that is measured against itself needs the same period of the year before, and is
    needed by that of the year after."""
    rules = work.rules
    pairs: dict[tuple[bytes, bytes], tuple[str, bool]] = {}
    for resident in again:
        scene = scenes[resident]
        moved = {act.id for act in scene.changed()}
        for act in scene.changed():
            behaviour = rules.behaviours[act.behaviour]
            if behaviour.method == "period_meter" and act.id in moved:
                for years in (-1, 1):
                    key = overlap.digest("METER", overlap.period_key(act, years))
                    pairs[resident, key] = (act.behaviour, years == 1)
    if not pairs:
        return
    found = store.claims(work, sorted(pairs))
    needs = set()
    for resident, key, day in found:
        code, ahead = pairs[resident, key]
        needs.add(Need(resident, day, day, code))
        if ahead:
            again[resident].add((code, day, day))
    _read(work, scenes, needs)


def _devices(work: Work, scenes: Scenes) -> None:
    """Efficient devices of residents whose meters are to be scored."""
    rules = work.rules
    pairs = set()
    for scene in scenes.values():
        for act_id in scene.wanted:
            behaviour = rules.behaviours[scene.acts[act_id].behaviour]
            group = overlap.netting_group(behaviour)
            if group and behaviour.method in _METERS:
                pairs.add((scene.resident, overlap.digest(group, _DEVICES)))
    if pairs:
        found = store.claims(work, sorted(pairs))
        _read(work, scenes, {Need(resident, day, day) for resident, _, day in found})


def claim_keys(rules: Rulebook, act: Act) -> set[bytes]:
    """All keys under which a live act is found again from afar."""
    behaviour = rules.behaviours[act.behaviour]
    keys = {overlap.digest(*pair) for pair in overlap.far_keys(behaviour, act)}
    keys |= set(overlap.object_keys(behaviour, act))
    group = overlap.netting_group(behaviour)
    if group and behaviour.method in _DEVICE_METHODS:
        keys.add(overlap.digest(group, _DEVICES))
    return keys


Person = tuple[bytes, str]
Units = dict[Person, dict[str, int]]


class Crowds:
    """Which months, years and lifetimes (of a resident and behaviour) may cut somebody."""

    def __init__(self) -> None:
        self.full: dict[Person, set[str]] = {}

    def of(self, resident: bytes) -> scoring.Crowded:
        """Whether a far cap is to be applied: only where its whole period has been read."""

        def crowded(code: str, cap: Cap, act: Act) -> bool:
            full = self.full.get((resident, code))
            if not full:
                return False
            period = scoring.period_of(cap, act.earned_on)
            return any(period.startswith(each) for each in full)

        return crowded


def crowd(work: Work, scenes: Scenes) -> Crowds:
    """Compare tallies with far caps; read and score again every period that is too full."""
    found = Crowds()
    deltas, spans = _far_deltas(work.rules, scenes)
    if not spans:
        return found
    totals: Units = {}
    for resident, code, month, units in store.tallies(work, spans):
        totals.setdefault((resident, code), {})[month] = units
    needs: set[Need] = set()
    for person, moved in deltas.items():
        for limit in scoring.far_limits(work.rules, person[1]):
            for period in {scoring.period_of(limit.cap, date.fromisoformat(day)) for day in moved}:
                if _is_full(totals.get(person, {}), moved, limit, period):
                    found.full.setdefault(person, set()).add(period)
                    needs.add(Need(person[0], *_span(period), person[1]))
    if needs:
        _read(work, scenes, needs)
        for need in needs:
            _want(scenes[need.resident], {(need.behaviour, need.since, need.until)})
            scenes[need.resident].inherit()
    return found


def _far_deltas(rules: Rulebook, scenes: Scenes) -> tuple[Units, set[tuple[bytes, str, str]]]:
    """How live units move, by person and day, where a far cap counts them; which tallies tell."""
    deltas: Units = {}
    spans: set[tuple[bytes, str, str]] = set()
    for scene in scenes.values():
        for act, before, after in _unit_changes(rules, scene):
            limits = scoring.far_limits(rules, act.behaviour)
            if not limits:
                continue
            days = deltas.setdefault((scene.resident, act.behaviour), {})
            day = act.earned_on.isoformat()
            days[day] = days.get(day, 0) + after - before
            widest = limits[-1].cap
            spans.add((scene.resident, act.behaviour, scoring.period_of(widest, act.earned_on)))
    return deltas, spans


def _unit_changes(rules: Rulebook, scene: Scene) -> Iterable[tuple[Act, int, int]]:
    for row in scene.gone:
        yield row.act, row.score.units, 0
    for act_id in scene.wanted:
        act = scene.acts[act_id]
        behaviour = rules.behaviours[act.behaviour]
        if not scoring.far_limits(rules, act.behaviour):
            continue
        before = scene.known[act_id].score.units if act_id in scene.known else 0
        after = 0
        if act_id not in scene.lost:
            after = scoring.units(rules, behaviour, valuation.worth(rules, act))
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
