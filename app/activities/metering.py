"""What meters need besides their own day: the week before, the year before, efficient devices.

A reading is looked back on by the days after it, a device by the meters of its twelve months, a
period by that of the next year: whatever changes one of them scores the others again.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import lru_cache

from app.activities import marks, periods, registers, scene
from app.activities.model import Act
from app.activities.stage import Scenes
from app.activities.store import Need
from app.activities.tariff import book, known, tariff
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
    homes = marks.kinds(rules).homes
    for each in scenes.values():
        spans: set[Span] = set()
        for act in each.moved():
            if act.behaviour in homes:
                spans.update(_dependents(rules, act, homes))
        if spans:
            again[each.resident] = spans
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
    homes = marks.kinds(rules).homes
    spans: dict[bytes, set[Span]] = {}
    pairs: dict[tuple[bytes, bytes], str] = {}
    for each in scenes.values():
        groups: set[str] = set()
        for act_id in each.wanted:
            act = each.acts[act_id]
            group = homes.get(act.behaviour)
            if group is None or rules.behaviours[act.behaviour].method not in scene.METERS:
                continue
            groups.add(group)
            since = act.earned_on - _history(rules, act.behaviour, act.earned_on)
            if since < act.earned_on:
                span = (act.behaviour, since, act.earned_on - _DAY)
                spans.setdefault(each.resident, set()).add(span)
            if rules.behaviours[act.behaviour].method == "period_meter":
                key = marks.digest("METER", periods.last_year(act))
                pairs[each.resident, key] = act.behaviour
        for group in groups:
            pairs[each.resident, marks.digest(group, scene.DEVICES)] = ""
    if pairs:
        for resident, found, day in registers.claims(work, sorted(pairs)):
            spans.setdefault(resident, set()).add((pairs[resident, found], day, day))
        scene.read(work, scenes, _needs({r: merged(all_) for r, all_ in spans.items()}))
    for each in scenes.values():
        each.inherit()


def _dependents(rules: Rulebook, act: Act, homes: Mapping[str, str]) -> Iterable[Span]:
    code, day = act.behaviour, act.earned_on
    method = rules.behaviours[code].method
    if method == "daily_meter":
        return ((code, day, day + _history(rules, code, day)),)
    if method == "period_meter":
        return ((code, day, day),)
    if method in scene.DEVICE_METHODS:
        return [
            (meter, day, _last_day(rules.behaviours[meter], day))
            for meter, group in homes.items()
            if group == homes[code] and rules.behaviours[meter].method in scene.METERS
        ]
    return ()


def _last_day(meter: Behaviour, bought_on: date) -> date:
    """Until when a meter's readings can have a day in the twelve months of a device."""
    longest = _LONGEST_PERIOD if meter.method == "period_meter" else timedelta()
    return add_months(bought_on, _DEVICE_MONTHS) + longest


def _history(rules: Rulebook, code: str, day: date) -> timedelta:
    """How far a meter looks back on a day."""
    return _history_of(known(rules), code, day)


@lru_cache(maxsize=8192)
def _history_of(digest: str, code: str, day: date) -> timedelta:
    return int(tariff(book(digest), code, day).values.get("history", 0)) * _DAY


def _next_year(work: Work, scenes: Scenes, again: dict[bytes, set[Span]]) -> None:
    """A period without another baseline is needed by that of the year after."""
    rules = work.rules
    pairs: dict[tuple[bytes, bytes], str] = {}
    for resident in again:
        for act in scenes[resident].moved():
            if rules.behaviours[act.behaviour].method == "period_meter":
                for key in periods.next_years(act):
                    pairs[resident, marks.digest("METER", key)] = act.behaviour
    if pairs:
        for resident, found, day in registers.claims(work, sorted(pairs)):
            again[resident].add((pairs[resident, found], day, day))
