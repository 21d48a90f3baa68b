"""When two reports are one act. Pure: clusters of acts that share a key, and who stays.

An act loses to any live act of higher rank that shares a key with it, whether or not that one is
capped or loses too: no chains, no revival. Rank: specific over generic, then evidence, then the
canonical order; arrival never counts.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from hashlib import blake2b
from itertools import islice
from typing import NamedTuple

from app.activities import periods
from app.activities.model import REPLACED, Act
from app.rulebook import Behaviour, Rulebook
from app.rulebook.vocabulary import OVERLAP_GROUPS

_TAP_SECONDS = 60
# These take no part in who rides where: steps and kilowatt-hours have no vehicle and no minute.
_NOT_RIDES = {"step_blocks", "charging"}
_METERS = {"daily_meter", "period_meter"}
# Evidence without which an act has no far key, or names no thing: most acts have neither.
_THINGS = frozenset(("account", "imei_hash", "order_id"))
_FAR_NAMES = _THINGS | {
    "payment_id", "case_id", "visit_id", "application_id", "verifier_id", "parcel"
}  # fmt: skip
_INTERVALS = (("entry_time", "exit_time"), ("unlock_time", "lock_time"))

Key = tuple[str, ...]
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
    found = _GAPS.get((rules.digest, day))
    if found is None:
        found = _GAPS[rules.digest, day] = _read_gaps(rules, day)
    return found


_GAPS: dict[tuple[str, date], Gaps] = {}


def _read_gaps(rules: Rulebook, day: date) -> Gaps:
    pack = rules.pack
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


def interval(behaviour: Behaviour, act: Act) -> tuple[int, int] | None:
    """The seconds a ride took, [start, end); a tap is a minute; None for what is no ride."""
    if "TRIP" not in behaviour.overlap_groups or behaviour.method in _NOT_RIDES:
        return None
    for first, last in _INTERVALS:
        start, end = act.evidence.get(first), act.evidence.get(last)
        if start is not None and end is not None and end > start:
            return start, end
    start = int(act.occurred_at.timestamp())
    return start, start + _TAP_SECONDS


def replace_key(behaviour: Behaviour, act: Act) -> Key | None:
    """Acts with the same one restate each other: a day's steps, a meter's day or period."""
    if behaviour.method == "step_blocks":
        return (act.behaviour, act.earned_on.isoformat())
    if behaviour.method == "daily_meter":
        return (act.behaviour, act.evidence["meter"], act.earned_on.isoformat())
    if behaviour.method == "period_meter":
        return periods.key(act)
    return None


def far_keys(behaviour: Behaviour, act: Act) -> list[tuple[str, Key]]:
    """(group, key) pairs that can match however far apart two acts lie in time."""
    e, groups = act.evidence, behaviour.overlap_groups
    if _FAR_NAMES.isdisjoint(e):
        return []
    found: list[tuple[str, Key]] = []
    if "payment_id" in e:
        found.append(("PAY", ("payment", e["payment_id"])))
    if "DOC" in groups:
        found += [
            ("DOC", (name, e[name]))
            for name in ("case_id", "visit_id", "application_id")
            if name in e
        ]
        if "account" in e and "statement_month" in e:
            found.append(("DOC", ("statement", e["account"], e["statement_month"])))
        if "utility_type" in e and "account" in e:
            bill = (e["utility_type"], e["account"], e["billing_period"])
            found.append(("DOC", ("bill", *bill)))
        if "verifier_id" in e:
            found.append(("DOC", ("verifier", e["verifier_id"], act.earned_on.isoformat())))
    if "WASTE" in groups:
        found += [
            ("WASTE", (name, e[name])) for name in ("order_id", "parcel", "imei_hash") if name in e
        ]
    if "CONS" in groups and "order_id" in e:
        found.append(("CONS", ("order", e["order_id"], act.behaviour)))
    if behaviour.method in {"appliance_year", "fixture_year"}:
        order = ("purchase", e["order_id"], e["product_type"])
        found.append((groups[0], order))
    return found


@lru_cache(maxsize=65536)
def digest(group: str, key: Key) -> bytes:
    """A far key as the 16 bytes it is looked up by."""
    return blake2b("\x1f".join((group, *key)).encode(), digest_size=16).digest()


def netting_group(behaviour: Behaviour) -> str | None:
    """The home group in which a device's saving comes off a meter's, for both of them."""
    for group in behaviour.overlap_groups:
        if group.startswith("HOME_"):
            return group
    return None


def object_keys(behaviour: Behaviour, act: Act) -> list[bytes]:
    """Things of which there is one in the city, whoever reports it: a bill and its month, a
    phone, a meter's day or period, a purchase."""
    found = []
    if behaviour.method in _METERS:
        found.append(digest("METER", replace_key(behaviour, act) or ()))
    if _THINGS.isdisjoint(act.evidence):
        return found
    for group, key in far_keys(behaviour, act):
        if key[0] in {"bill", "imei_hash", "purchase"}:
            found.append(digest(group, key))
    return found


def object_group(behaviour: Behaviour) -> str:
    """The group named when another resident's act already holds the thing."""
    home = netting_group(behaviour)
    if home:
        return home
    return "WASTE" if "WASTE" in behaviour.overlap_groups else "DOC"


def clusters(rules: Rulebook, acts: Sequence[Act]) -> Iterator[Cluster]:
    """Every group of two or more acts that share a key."""
    rides, payments = [], []
    same: dict[tuple[str, Key], list[Act]] = {}
    for act in acts:
        behaviour = rules.behaviours[act.behaviour]
        if not behaviour.overlap_groups:
            continue
        for pair in far_keys(behaviour, act):
            same.setdefault(pair, []).append(act)
        span = interval(behaviour, act)
        if span:
            rides.append((*span, act))
        if "merchant_id" in act.evidence and "amount" in act.evidence:
            payments.append(act)
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
    for act in acts:
        key = replace_key(rules.behaviours[act.behaviour], act)
        if key is not None:
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
    rules: Rulebook, acts: Sequence[Act], foreign: Mapping[bytes, str] | None = None
) -> dict[bytes, str]:
    """Ids of acts that are not paid, each with the reason: a group's name, or `replaced`.

    `foreign` are acts whose thing another resident holds. `acts` must hold every live act that
    shares a key with those whose answer is used.
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
                lost[act.id] = min(known, group, key=OVERLAP_GROUPS.index)
    return lost | restated
