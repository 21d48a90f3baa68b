"""Use cases of claims: a partner says which acts it has credited, and which no longer."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from app import activities, consent, ledger
from app.activities import SOLD, Claim, Claimed, RegistryPort, Sight
from app.kernel import NotFound, from_wire, to_wire
from app.plumbing.work import Work
from app.recognition import store
from app.recognition.model import Item, Link
from app.rulebook import Platform

REJECTED = "rejected"


def claim(
    work: Work, registry: RegistryPort, platform: Platform, items: Sequence[Item]
) -> list[Claimed]:
    """Register acts that a partner has credited; an answer for each, in their order.

    What one item gets wrong is its own answer and fails no other.
    """
    links = _links(work, platform, [item.link for item in items])
    sights = [Sight(item.behaviour, item.day, None, {}) for item in items]
    sold = registry.registered(work.rules, sights)
    answers: list[Claimed | None] = []
    good: list[Claim] = []
    for item, registered in zip(items, sold, strict=True):
        found = links.get(item.link)
        reason = _fault(work, platform, item, found) or (SOLD if registered else None)
        if reason is None and found is not None:
            good.append(_claim(platform, item, found))
            answers.append(None)
        else:
            answers.append(Claimed(item.reference, None, REJECTED, reason))
    taken = iter(activities.claim(work, platform.code, good) if good else ())
    seen = [(each.resident, to_wire("lnk", each.link)) for each in good]
    consent.partner_looked(work, "partner_claim", platform.code, seen)
    return [next(taken) if answer is None else answer for answer in answers]


def _links(work: Work, platform: Platform, wires: Sequence[str]) -> dict[str, Link]:
    """The platform's own open links among these ids, which stay open until the work ends."""
    ids = {wire: from_wire("lnk", wire) for wire in wires}
    seen = _own(work, platform, [raw for raw in ids.values() if raw is not None])
    ledger.lock(work, {each.resident_id for each in seen.values()})
    # One may have ended before the lock.
    own = _own(work, platform, seen)
    return {wire: own[raw] for wire, raw in ids.items() if raw in own}


def _own(work: Work, platform: Platform, ids: Iterable[bytes]) -> dict[bytes, Link]:
    return {
        raw: each
        for raw, each in store.find_links(work, ids).items()
        if each.partner == platform.code and each.covers(work.today)
    }


def _fault(work: Work, platform: Platform, item: Item, link: Link | None) -> str | None:
    """Why an item is not taken at all; None when `activities` is to judge it."""
    recognised = platform.behaviours.get(item.behaviour)
    faults = (
        ("unknown_link", link is None),
        ("unknown_behaviour", item.behaviour not in work.rules.behaviours),
        ("not_recognised", recognised is None),
        ("totals_only", recognised is not None and recognised.totals),
        ("before_link", link is not None and item.day < link.from_day),
        ("bad_keys", not all(map(_is_key, item.keys.values()))),
    )
    return next((reason for reason, holds in faults if holds), None)


def _is_key(value: Any) -> bool:
    """A text, or a few of them; what they say is judged by `activities`."""
    texts = value if isinstance(value, list) else [value]
    return 0 < len(texts) <= 2 and all(isinstance(each, str) for each in texts)


def _claim(platform: Platform, item: Item, link: Link) -> Claim:
    return Claim(
        reference=item.reference,
        resident=link.resident_id,
        link=link.id,
        behaviour=item.behaviour,
        day=item.day,
        keys=item.keys,
        priority=platform.behaviours[item.behaviour].priority,
        reduction_mg=item.reduction_mg,
    )


def counts(results: Sequence[Claimed]) -> dict[str, int]:
    """How many items got which answer; every answer there is."""
    found = Counter(each.status for each in results)
    return {name: found[name] for name in ("held", "yielded", "duplicate", "rejected")}


def find(work: Work, platform: Platform, reference: str) -> Claimed:
    """What stands of one of the partner's claims. Raises NotFound (unknown_claim)."""
    found = activities.find_claim(work, platform.code, reference)
    if found is None:
        raise NotFound("unknown_claim", "There is no such claim of yours.")
    return found


def told(found: Claimed) -> dict[str, Any]:
    """A claim's answer as the wire has it."""
    return {"reference": found.reference, "status": found.status, "reason": found.reason}
