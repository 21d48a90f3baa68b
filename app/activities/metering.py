"""What meters need besides their own day: the week before, the year before, efficient devices.

A reading is looked back on by the days after it, a device by the meters of its twelve months, a
period by that of the next year: whatever changes one of them scores the others again.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from app.activities import overlap, registers, scene
from app.activities.model import Act
from app.activities.scene import Scenes
from app.activities.store import Need
from app.activities.tariff import tariff
from app.kernel import add_months
from app.plumbing.work import Work
from app.rulebook import Behaviour, Rulebook

_DEVICE_MONTHS = 12
_LONGEST_PERIOD = timedelta(days=400)


def fill(work: Work, scenes: Scenes) -> None:
    """Meters look back on readings and on devices; both look forward to the meters."""
    rules = work.rules
    needs: set[Need] = set()
    again: dict[bytes, set[tuple[str, date, date]]] = {}
    metered: dict[str, list[Behaviour]] = {}
    for behaviour in rules.behaviours.values():
        group = overlap.netting_group(behaviour)
        if group and behaviour.method in scene.METERS:
            metered.setdefault(group, []).append(behaviour)
    for each in scenes.values():
        for act in each.changed():
            behaviour = rules.behaviours[act.behaviour]
            group = overlap.netting_group(behaviour)
            if group is None:
                continue
            for code, since, until in _dependents(rules, behaviour, act, metered[group]):
                again.setdefault(each.resident, set()).add((code, since, until))
                back = timedelta(days=_history(rules, code, act.earned_on))
                needs.add(Need(each.resident, since - back, until, code))
    if again:
        scene.read(work, scenes, needs)
        _last_year(work, scenes, again)
        for resident, spans in again.items():
            scene.want(scenes[resident], spans)
    _devices(work, scenes)
    for each in scenes.values():
        each.inherit()


def _dependents(
    rules: Rulebook, behaviour: Behaviour, act: Act, meters: list[Behaviour]
) -> Iterable[tuple[str, date, date]]:
    if behaviour.method == "daily_meter":
        ahead = timedelta(days=_history(rules, behaviour.code, act.earned_on))
        yield behaviour.code, act.earned_on, act.earned_on + ahead
    elif behaviour.method == "period_meter":
        yield behaviour.code, act.earned_on, act.earned_on
    elif behaviour.method in scene.DEVICE_METHODS:
        for meter in meters:
            end = add_months(act.earned_on, _DEVICE_MONTHS)
            yield (
                meter.code,
                act.earned_on,
                end + _LONGEST_PERIOD * (meter.method == "period_meter"),
            )


def _history(rules: Rulebook, code: str, day: date) -> int:
    found = tariff(rules, code, day).values.get("history")
    return int(found) if found else 0


def _last_year(work: Work, scenes: Scenes, again: dict[bytes, set[tuple[str, date, date]]]) -> None:
    """A meter that is measured against itself needs the same period of the year before, and is
    needed by that of the year after."""
    rules = work.rules
    pairs: dict[tuple[bytes, bytes], tuple[str, bool]] = {}
    for resident in again:
        each = scenes[resident]
        moved = {act.id for act in each.changed()}
        for act in each.changed():
            behaviour = rules.behaviours[act.behaviour]
            if behaviour.method == "period_meter" and act.id in moved:
                for years in (-1, 1):
                    key = overlap.digest("METER", overlap.period_key(act, years))
                    pairs[resident, key] = (act.behaviour, years == 1)
    if not pairs:
        return
    found = registers.claims(work, sorted(pairs))
    needs = set()
    for resident, key, day in found:
        code, ahead = pairs[resident, key]
        needs.add(Need(resident, day, day, code))
        if ahead:
            again[resident].add((code, day, day))
    scene.read(work, scenes, needs)


def _devices(work: Work, scenes: Scenes) -> None:
    """Efficient devices of residents whose meters are to be scored."""
    rules = work.rules
    pairs = set()
    for each in scenes.values():
        for act_id in each.wanted:
            behaviour = rules.behaviours[each.acts[act_id].behaviour]
            group = overlap.netting_group(behaviour)
            if group and behaviour.method in scene.METERS:
                pairs.add((each.resident, overlap.digest(group, scene.DEVICES)))
    if pairs:
        found = registers.claims(work, sorted(pairs))
        scene.read(work, scenes, {Need(resident, day, day) for resident, _, day in found})
