"""When two reports are one act. Pure: clusters of acts that share a key, and who stays.

An act loses to any live act of higher rank that shares a key with it, whether or not that one is
capped or loses too: no chains, no revival. Rank: specific over generic, then evidence, then the
canonical order; arrival never counts.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from app.activities.claimed import PARTNER
from app.activities.marks import Key, far_keys, kinds, replace_key
from app.activities.model import REPLACED, Act
from app.activities.tariff import book, known
from app.rulebook import Behaviour, Rulebook
from app.rulebook.vocabulary import OVERLAP_GROUPS

_TAP_SECONDS = 60
_INTERVALS = (("entry_time", "exit_time"), ("unlock_time", "lock_time"))

_REASONS = (*OVERLAP_GROUPS, PARTNER)

Rank = tuple[bool, int, date, datetime, bytes]


class Cluster(NamedTuple):
    """Acts that share a key of a group; the first in rank stays, the others lose to it."""

    group: str
    acts: Sequence[Act]


class Gaps(NamedTuple):
    """The pack's windows, in seconds."""

    same_vehicle: int
    same_plate: int
    payment: int


def gaps(rules: Rulebook, day: date) -> Gaps:
    """The windows in force on a day; of two acts the earlier one's day decides."""
    return _gaps(known(rules), day)


@lru_cache(maxsize=4096)
def _gaps(digest: str, day: date) -> Gaps:
    pack = book(digest).pack
    return Gaps(
        60 * pack.count("trip_gap_minutes", day),
        60 * pack.count("plate_gap_minutes", day),
        60 * pack.count("payment_window_minutes", day),
    )


def rank(behaviour: Behaviour, act: Act) -> Rank:
    """Smaller is stronger."""
    generic = behaviour.overlap_groups == ("PAY",)
    return (generic, -_evidence_strength(behaviour, act), *act.order)


def _evidence_strength(behaviour: Behaviour, act: Act) -> int:
    """A pair of gates over an order with a distance over a tap; a case over what lies in it."""
    if "entry_time" in act.evidence and "exit_time" in act.evidence:
        return 3
    if "TRIP" in behaviour.overlap_groups:
        return 2 if act.quantity is not None else 1
    case = behaviour.evidence.get("case_id")
    return 2 if case is not None and case.required else 1


def interval(act: Act) -> tuple[int, int]:
    """The seconds a ride took, [start, end); a tap is a minute."""
    evidence = act.evidence
    for first, last in _INTERVALS:
        start, end = evidence.get(first), evidence.get(last)
        if start is not None and end is not None and end > start:
            return start, end
    start = int(act.occurred_at.timestamp())
    return start, start + _TAP_SECONDS


def clusters(rules: Rulebook, acts: Sequence[Act]) -> Iterator[Cluster]:
    """Every group of two or more acts that share a key."""
    alone, riding = kinds(rules)[:2]
    those = [act for act in acts if act.behaviour not in alone]
    rides = [(*interval(act), act) for act in those if act.behaviour in riding]
    payments = [a for a in those if "merchant_id" in a.evidence and "amount" in a.evidence]
    same: dict[tuple[str, Key], list[Act]] = {}
    for act in those:
        for pair in far_keys(rules.behaviours[act.behaviour], act):
            same.setdefault(pair, []).append(act)
    if len(rides) > 1:
        yield from _crossing(rules, rides)
    for (group, _), members in same.items():
        if len(members) > 1:
            yield from _split(rules, group, members)
    if len(payments) > 1:
        yield from _same_debit(rules, payments)


def _crossing(rules: Rulebook, rides: list[tuple[int, int, Act]]) -> Iterator[Cluster]:
    rides.sort(key=lambda ride: (ride[0], ride[1], ride[2].reference))
    for i, (start, end, act) in enumerate(rides):
        window = gaps(rules, act.earned_on)
        reach = max(end - start, window.same_vehicle, window.same_plate)
        for later, _, other in islice(rides, i + 1, None):
            if later - start >= reach:
                break
            if later < end or _same_wheels(act, other, later - start, window):
                yield Cluster("TRIP", (act, other))


def _same_wheels(act: Act, other: Act, apart: int, window: Gaps) -> bool:
    for name, gap in (("vehicle", window.same_vehicle), ("plate", window.same_plate)):
        mine = act.evidence.get(name)
        if mine is not None and mine == other.evidence.get(name) and apart < gap:
            return True
    return False


def _split(rules: Rulebook, group: str, members: Sequence[Act]) -> Iterator[Cluster]:
    """Whom a key sets against whom. Acts outside PAY that name their debit only show that it is no
    bare payment; one debit may pay an order's cup and its missing cutlery, which are no rivals."""
    if group != "PAY":
        yield Cluster(group, members)
        return
    groups = {act.id: rules.behaviours[act.behaviour].overlap_groups for act in members}
    bare = [act for act in members if groups[act.id] == ("PAY",)]
    paid = [act for act in members if "PAY" in groups[act.id]]
    for act in members:
        if "PAY" not in groups[act.id] and bare:
            yield Cluster(group, [act, *bare])
    lines = {act.behaviour for act in paid if "CONS" in groups[act.id]}
    for line in lines if len(lines) > 1 else {""}:
        rivals = [a for a in paid if a.behaviour == line or a.behaviour not in lines or not line]
        if len(rivals) > 1:
            yield Cluster(group, rivals)


def _same_debit(rules: Rulebook, acts: list[Act]) -> Iterator[Cluster]:
    """No payment number on one side: the same merchant and amount within minutes."""
    same: dict[tuple[str, int], list[Act]] = {}
    for act in acts:
        same.setdefault((act.evidence["merchant_id"], act.evidence["amount"]), []).append(act)
    for members in same.values():
        members.sort(key=lambda act: act.order)
        for i, act in enumerate(members):
            window = gaps(rules, act.earned_on).payment
            for other in islice(members, i + 1, None):
                if (other.occurred_at - act.occurred_at).total_seconds() > window:
                    break
                if "payment_id" not in act.evidence or "payment_id" not in other.evidence:
                    yield from _split(rules, "PAY", [act, other])


def replaced(rules: Rulebook, acts: Sequence[Act]) -> dict[bytes, str]:
    """Ids of reports that a later or larger one of the same day or period restates."""
    same: dict[Key, list[Act]] = {}
    restated = kinds(rules).restated
    for act in acts:
        if act.behaviour in restated:
            key = replace_key(rules.behaviours[act.behaviour], act)
            assert key is not None
            same.setdefault(key, []).append(act)
    lost: dict[bytes, str] = {}
    for members in same.values():
        if len(members) > 1:
            stays = max(members, key=_restating)
            lost |= {act.id: REPLACED for act in members if act is not stays}
    return lost


def _restating(act: Act) -> tuple[int, datetime, bytes]:
    # Steps: the largest total stays. Meters have no quantity: the latest reading stays.
    return (act.quantity or 0, act.occurred_at, act.reference)


def losers(
    rules: Rulebook,
    acts: Sequence[Act],
    foreign: Mapping[bytes, str] | None = None,
    beaten: dict[bytes, Act] | None = None,
) -> dict[bytes, str]:
    """Ids of acts that are not paid, each with the reason: a group's name, or `replaced`.

    `foreign` are acts that another pays: a resident who holds their thing, a partner. `acts` must
    hold every live act that shares a key with those whose answer is used. `beaten` is told by which
    act each was beaten, the strongest if by several.
    """
    restated = replaced(rules, acts) if len(acts) > 1 else {}
    lost: dict[bytes, str] = dict(foreign or {})
    live = [act for act in acts if act.id not in restated] if restated else acts
    for group, members in clusters(rules, live) if len(live) > 1 else ():
        best = min(members, key=lambda act: rank(rules.behaviours[act.behaviour], act))
        for act in members:
            if act is not best:
                # Of several reasons the first group in the rules' own order is named.
                known = lost.get(act.id, group)
                lost[act.id] = min(known, group, key=_REASONS.index)
                if beaten is not None:
                    rivals = (best, beaten.get(act.id, best))
                    beaten[act.id] = min(
                        rivals, key=lambda act: rank(rules.behaviours[act.behaviour], act)
                    )
    return lost | restated
