"""Reading as little as a score needs: for each resident a `Scene`, filled in set-based rounds.

A change of an act can change its own day and behaviour, the acts it shares a key with, the
readings that look back on it, and a month or year that is full. Nothing else is read, so the cost
of a change grows with the change and not with the history behind it.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta

from app.activities import claim_scene, marks, matching, overlap, registers, store
from app.activities.model import Act
from app.activities.stage import Scene, Scenes
from app.activities.store import Need
from app.plumbing.work import Work
from app.rulebook import Rulebook

_DAY = timedelta(days=1)
DEVICES = ("devices",)
METERS = {"daily_meter", "period_meter"}
DEVICE_METHODS = {"appliance_year", "fixture_year"}
_FOUND_BY_METHOD = METERS | DEVICE_METHODS


def fill(work: Work, scenes: Scenes) -> None:
    """Read what the changed acts need, decide who loses, and whom to score."""
    rules = work.rules
    claim_scene.ask_linked(work, scenes)
    for scene in scenes.values():
        scene.acts.update(scene.added)
    moving = {scene.resident: scene.changed() for scene in scenes.values()}
    _read_days(work, scenes, moving)
    if scenes.linked:
        read(work, scenes, claim_scene.around(scenes))
    mates = {s.resident: found for s in scenes.values() if (found := _mates(rules, s))}
    if mates:
        _read_days(work, scenes, mates)
        for resident, found in mates.items():
            moving[resident] = [*moving[resident], *found]
    _read_far(work, scenes, moving)
    touched = {s.resident: _touched(rules, s, mates.get(s.resident, [])) for s in scenes.values()}
    neighbours = {r: acts for r, acts in touched.items() if acts}
    if neighbours:
        _read_days(work, scenes, neighbours)
        _read_far(work, scenes, neighbours)
    if scenes.linked:
        touched |= _beyond(work, scenes, mates)
        claim_scene.ask_payers(work, scenes)
    if any(touched.values()):
        ask_holders(work, scenes, touched)
    for scene in scenes.values():
        _decide(rules, scene, touched[scene.resident])
    for scene in scenes.values():
        scene.inherit()


def _beyond(work: Work, scenes: Scenes, mates: Mapping[bytes, list[Act]]) -> dict[bytes, list[Act]]:
    """What may change its standing where claims of partners are met: one act's rival may become
    another's, so this goes on until nobody new is met."""
    found: dict[bytes, list[Act]] = {}
    asking = {r for r in scenes.linked or () if r in scenes and scenes[r].partnered}
    while asking:
        grown = set()
        for resident in asking:
            scene = scenes[resident]
            before = len(found.get(resident, ())) + len(scene.standings)
            met = found[resident] = claim_scene.meet(work.rules, scene, mates.get(resident, []))
            if len(met) + len(scene.standings) > before:
                grown.add(resident)
        _read_days(work, scenes, {r: found[r] for r in grown})
        read(work, scenes, claim_scene.around(scenes))
        _read_far(work, scenes, {r: found[r] for r in grown})
        asking = grown
    return found


def read(work: Work, scenes: Scenes, needs: Iterable[Need]) -> None:
    """Read live acts into the scenes, each day once."""
    asked: dict[tuple[bytes, str], set[date]] = {}
    for resident, since, until, behaviour in needs:
        days = asked.setdefault((resident, behaviour), set())
        days.update(map(date.fromordinal, range(since.toordinal(), until.toordinal() + 1)))
    _load(work, scenes, asked)


def _load(work: Work, scenes: Scenes, asked: dict[tuple[bytes, str], set[date]]) -> None:
    wanted = []
    for (resident, behaviour), days in asked.items():
        loaded = scenes[resident].loaded
        missing = days.difference(loaded.get("", ()), loaded.get(behaviour, ()))
        if missing:
            loaded.setdefault(behaviour, set()).update(missing)
            wanted += [
                Need(resident, first, last, behaviour) for first, last in _runs(sorted(missing))
            ]
    if not wanted:
        return
    claim_scene.load(work, scenes, wanted)
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
    far = marks.kinds(work.rules).by_the_clock
    asked: dict[tuple[bytes, str], set[date]] = {}
    for resident, members in acts.items():
        days = asked[resident, ""] = {act.earned_on for act in members}
        for act in members:
            # A merchant and an amount are met within minutes, whatever was bought.
            if act.behaviour in far or "merchant_id" in act.evidence:
                days |= {act.earned_on - _DAY, act.earned_on + _DAY}
    _load(work, scenes, asked)


def _read_far(work: Work, scenes: Scenes, acts: dict[bytes, list[Act]]) -> None:
    """Read the days of acts that share a far key with these."""
    behaviours = work.rules.behaviours
    pairs = {
        (resident, marks.digest(*pair))
        for resident, members in acts.items()
        for act in members
        for pair in marks.far_keys(behaviours[act.behaviour], act)
    } | claim_scene.far(scenes, acts)
    if pairs:
        found = registers.claims(work, sorted(pairs))
        read(work, scenes, {Need(r, day - _DAY, day + _DAY) for r, _, day in found})


def _mates(rules: Rulebook, scene: Scene) -> list[Act]:
    """Stored acts that a changed one restates, or is restated by. A restated act keeps nobody from
    being paid, so they may change the standing of others as if they had come or gone themselves."""
    restated = marks.kinds(rules).restated
    changed = [act for act in scene.changed() if act.behaviour in restated] if scene.known else []
    if not changed:
        return []
    behaviours = rules.behaviours
    keys = {marks.replace_key(behaviours[act.behaviour], act) for act in changed}
    stored = [row.act for row in scene.known.values() if row.act.behaviour in restated]
    return [a for a in stored if marks.replace_key(behaviours[a.behaviour], a) in keys]


def _touched(rules: Rulebook, scene: Scene, mates: list[Act]) -> list[Act]:
    """Acts already stored whose standing a changed act may change: they share a key with it."""
    if not scene.known:
        return []
    met = {act.id for act in mates} | scene.unsettled
    moved = {act.id for act in scene.changed()} | met
    everyone = [*scene.acts.values(), *(row.act for row in scene.gone)]
    for _, members in overlap.clusters(rules, everyone):
        ids = {act.id for act in members}
        if ids & moved:
            met |= ids
    return [scene.acts[each] for each in met if each in scene.known]


def ask_holders(work: Work, scenes: Scenes, acts: dict[bytes, list[Act]]) -> None:
    """Acts judged afresh may stand back behind another resident's claim on their thing."""
    rules = work.rules
    keys = {
        key: None
        for members in acts.values()
        for act in members
        for key in marks.object_keys(rules.behaviours[act.behaviour], act)
    }
    if not keys:
        return
    holders = registers.holders(work, keys)
    for resident, members in acts.items():
        for act in members:
            behaviour = rules.behaviours[act.behaviour]
            for key in marks.object_keys(behaviour, act):
                if holders.get(key, resident) != resident:
                    scenes[resident].foreign[act.id] = marks.object_group(behaviour)


def _decide(rules: Rulebook, scene: Scene, touched: list[Act]) -> None:
    """Who loses, and whom to score: the cells (behaviour and day) of all that moved."""
    acts = list(scene.acts.values())
    if scene.partnered:
        claims = list(scene.claims.values())
        fresh, yielded = matching.losers(rules, acts, scene.foreign, claims, scene.payers)
        claim_scene.stand(scene, yielded)
    else:
        # New acts that meet no stored one are judged among themselves.
        meeting = acts if touched else list(scene.added.values())
        fresh = overlap.losers(rules, meeting, scene.foreign)
    if not scene.known:
        scene.lost, scene.wanted = fresh, set(scene.acts)
        return
    scene.judged = {act.id for act in touched} | set(scene.added)
    scene.lost = {act_id: reason for act_id, reason in fresh.items() if act_id in scene.judged}
    cells = {(act.behaviour, act.earned_on) for act in [*scene.changed(), *touched]}
    scene.wanted = {act.id for act in acts if (act.behaviour, act.earned_on) in cells}


def want(scene: Scene, spans: set[tuple[str, date, date]]) -> None:
    """Have the acts of these (behaviour, first day, last day) scored."""
    if len(scene.wanted) == len(scene.acts):
        return
    scene.wanted |= {
        act.id
        for act in scene.acts.values()
        if any(act.behaviour == c and a <= act.earned_on <= b for c, a, b in spans)
    }


def claim_keys(
    rules: Rulebook, act: Act, things: Mapping[bytes, list[bytes]] | None = None
) -> Collection[bytes]:
    """All keys under which a live act is found again from afar; `things` are known object keys."""
    behaviour = rules.behaviours[act.behaviour]
    pairs = marks.far_keys(behaviour, act)
    told = act.evidence.get("claims")
    if not pairs and not told and behaviour.method not in _FOUND_BY_METHOD:
        return ()
    keys = {marks.digest(*pair) for pair in pairs}
    if told:
        keys.update(map(claim_scene.digest, told))
    if behaviour.method in METERS:
        keys.update((things or {}).get(act.id) or marks.object_keys(behaviour, act))
    elif behaviour.method in DEVICE_METHODS:
        group = marks.netting_group(behaviour)
        if group:
            keys.add(marks.digest(group, DEVICES))
    return keys
