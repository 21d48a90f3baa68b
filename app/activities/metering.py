"""What meters need besides their own day: the week before, the year before, efficient devices.

A reading is looked back on by the days after it, a device by the meters of its twelve months, a
period by that of the next year: whatever changes one of them scores the others again.
"""

from collections.abc import Iterable, Mapping
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
    groups = {code: overlap.netting_group(each) for code, each in rules.behaviours.items()}
    metered: dict[str, list[Behaviour]] = {}
    for code, group in groups.items():
        if group and rules.behaviours[code].method in scene.METERS:
            metered.setdefault(group, []).append(rules.behaviours[code])
    for each in scenes.values():
        for act in each.moved():
            group = groups[act.behaviour]
            if group is not None:
                spans = _dependents(
                    rules, rules.behaviours[act.behaviour], act, metered.get(group, [])
                )
                again.setdefault(each.resident, set()).update(spans)
    if again:
        _next_year(work, scenes, again)
        wanted = {resident: merged(spans) for resident, spans in again.items()}
        scene.read(work, scenes, _needs(wanted))
        for resident, spans in wanted.items():
            scene.want(scenes[resident], spans)
    look_back(work, scenes)


def merged(spans: Iterable[Span]) -> set[Span]:
    """The same days in as few spans as they take."""
    found: list[Span] = []
    for code, first, last in sorted(spans):
        if found and found[-1][0] == code and first <= found[-1][2] + _DAY:
            found[-1] = (code, found[-1][1], max(last, found[-1][2]))
        else:
            found.append((code, first, last))
    return set(found)


def _needs(spans: Mapping[bytes, Iterable[Span]]) -> Iterable[Need]:
    for resident, each in spans.items():
        for code, first, last in each:
            yield Need(resident, first, last, code)


def look_back(work: Work, scenes: Scenes) -> None:
    """Read what every meter that is to be scored is measured against: the days before it, the same
    period a year earlier, and devices whose saving comes off its own."""
    rules = work.rules
    groups = {code: overlap.netting_group(each) for code, each in rules.behaviours.items()}
    spans: dict[bytes, set[Span]] = {}
    pairs: dict[tuple[bytes, bytes], str] = {}
    for each in scenes.values():
        for act_id in each.wanted:
            act = each.acts[act_id]
            group, behaviour = groups[act.behaviour], rules.behaviours[act.behaviour]
            if group is None or behaviour.method not in scene.METERS:
                continue
            pairs[each.resident, overlap.digest(group, scene.DEVICES)] = ""
            days = _history(rules, act.behaviour, act.earned_on)
            if days:
                span = (act.behaviour, act.earned_on - days * _DAY, act.earned_on - _DAY)
                spans.setdefault(each.resident, set()).add(span)
            if behaviour.method == "period_meter":
                key = overlap.digest("METER", periods.last_year(act))
                pairs[each.resident, key] = act.behaviour
    if pairs:
        for resident, found, day in registers.claims(work, sorted(pairs)):
            spans.setdefault(resident, set()).add((pairs[resident, found], day, day))
        scene.read(work, scenes, _needs({r: merged(all_) for r, all_ in spans.items()}))
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
