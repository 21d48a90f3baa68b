"""By what an act is known again: the keys that two reports of one act share. Pure."""

from collections.abc import Mapping
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

from app.activities import periods
from app.activities.model import Act
from app.activities.tariff import book, known
from app.rulebook import Behaviour, Rulebook

# These take no part in who rides where: steps and kilowatt-hours have no vehicle and no minute.
_NOT_RIDES = {"step_blocks", "charging"}
_METERS = {"daily_meter", "period_meter"}
_RESTATED = _METERS | {"step_blocks"}
# Evidence without which an act has no far key, or names no thing: most acts have neither.
_THINGS = frozenset(("account", "imei_hash", "order_id"))
_FAR_NAMES = _THINGS | {
    "payment_id", "case_id", "visit_id", "application_id", "verifier_id", "parcel"
}  # fmt: skip

Key = tuple[str, ...]


class Kinds(NamedTuple):
    """Behaviours by what can happen to their acts: no overlap at all; a ride among rides; one
    report that restates another; a meeting by the clock past midnight, on the next day or the
    last; and in whose home group savings are netted."""

    alone: frozenset[str]
    rides: frozenset[str]
    restated: frozenset[str]
    by_the_clock: frozenset[str]
    homes: Mapping[str, str]


def kinds(rules: Rulebook) -> Kinds:
    """The kinds of a rulebook's behaviours."""
    return _kinds(known(rules))


@lru_cache(maxsize=16)
def _kinds(digest: str) -> Kinds:
    each = book(digest).behaviours.items()
    rides = frozenset(
        code for code, b in each if "TRIP" in b.overlap_groups and b.method not in _NOT_RIDES
    )
    return Kinds(
        alone=frozenset(code for code, b in each if not b.overlap_groups),
        rides=rides,
        restated=frozenset(code for code, b in each if b.method in _RESTATED),
        by_the_clock=rides | {code for code, b in each if "PAY" in b.overlap_groups},
        homes={code: group for code, b in each if (group := netting_group(b))},
    )


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
