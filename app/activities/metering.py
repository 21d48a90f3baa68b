"""What meters need besides their own day: the week before, the year before, efficient devices.

A reading is looked back on by the days after it, a device by the meters of its twelve months, a
period by that of the next year: whatever changes one of them scores the others again.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from app.activities import overlap, periods, registers, scene
from app.activities.model import Act
from app.activities.scene import Scenes
from app.activities.store import Need
from app.activities.tariff import tariff
from app.kernel import add_months
from app.plumbing.work import Work
from app.rulebook import Behaviour, Rulebook

_DEVICE_MONTHS = 12
_LONGEST_PERIOD = timedelta(days=400)
_DAY = timedelta(days=1)
# A behaviour, and the first and last day of its acts.
Span = tuple[str, date, date]


def fill(work: Work, scenes: Scenes) -> None:
    """What moved looks forward to the meters it concerns; they look back on what they need."""
    rules = work.rules
    again: dict[bytes, set[Span]] = {}
    metered: dict[str, list[Behaviour]] = {}
    for behaviour in rules.behaviours.values():
        group = overlap.netting_group(behaviour)
        if group and behaviour.method in scene.METERS:
            metered.setdefault(group, []).append(behaviour)
    for each in scenes.values():
        for act in each.moved():
            behaviour = rules.behaviours[act.behaviour]
            group = overlap.netting_group(behaviour)
            if group is None:
                continue
            for span in _dependents(rules, behaviour, act, metered.get(group, [])):
                again.setdefault(each.resident, set()).add(span)
    if again:
        _next_year(work, scenes, again)
        scene.read(
            work, scenes, {Need(r, a, b, c) for r, all_ in again.items() for c, a, b in all_}
        )
        for resident, spans in again.items():
            scene.want(scenes[resident], spans)
    look_back(work, scenes)


def look_back(work: Work, scenes: Scenes) -> None:
    """Read what every meter that is to be scored is measured against: the days before it, the same
    period a year earlier, and devices whose saving comes off its own."""
    rules = work.rules
    needs: set[Need] = set()
    pairs: dict[tuple[bytes, bytes], str] = {}
    for each in scenes.values():
        for act_id in each.wanted:
            act = each.acts[act_id]
            behaviour = rules.behaviours[act.behaviour]
            group = overlap.netting_group(behaviour)
            if group is None or behaviour.method not in scene.METERS:
                continue
            pairs[each.resident, overlap.digest(group, scene.DEVICES)] = ""
            days = _history(rules, act.behaviour, act.earned_on)
            if days:
                since = act.earned_on - days * _DAY
                needs.add(Need(each.resident, since, act.earned_on - _DAY, act.behaviour))
            if behaviour.method == "period_meter":
                key = overlap.digest("METER", periods.last_year(act))
                pairs[each.resident, key] = act.behaviour
    if pairs:
        found = registers.claims(work, sorted(pairs))
        needs |= {Need(r, day, day, pairs[r, key]) for r, key, day in found}
        scene.read(work, scenes, needs)
    for each in scenes.values():
        each.inherit()


def _dependents(
    rules: Rulebook, behaviour: Behaviour, act: Act, meters: list[Behaviour]
) -> Iterable[Span]:
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


def _next_year(work: Work, scenes: Scenes, again: dict[bytes, set[Span]]) -> None:
    """A period without another baseline is needed by that of the year after."""
    rules = work.rules
    pairs: dict[tuple[bytes, bytes], str] = {}
    for resident in again:
        for act in scenes[resident].moved():
            if rules.behaviours[act.behaviour].method == "period_meter":
                for key in periods.next_years(act):
                    pairs[resident, overlap.digest("METER", key)] = act.behaviour
    if pairs:
        for resident, found, day in registers.claims(work, sorted(pairs)):
            again[resident].add((pairs[resident, found], day, day))
