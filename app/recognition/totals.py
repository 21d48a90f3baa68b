"""Use cases of totals: what a partner that sends no acts says it has credited, month by month."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from app.kernel import from_wire
from app.plumbing.work import Work
from app.recognition import store
from app.recognition.model import Link, Sum
from app.rulebook import Platform

TAKEN, REJECTED = "taken", "rejected"
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])", re.ASCII)


class Taken(NamedTuple):
    """The answer for one sum."""

    link: str
    behaviour: str
    month: str
    status: str
    reason: str | None


def put(work: Work, platform: Platform, sums: Sequence[Sum]) -> list[Taken]:
    """Keep sums; a newer one takes the place of an older one of the same link, behaviour and month
    (within a list the last one). An answer for each, in their order."""
    ids = {each.link: from_wire("lnk", each.link) for each in sums}
    links = store.find_links(work, [raw for raw in ids.values() if raw is not None])
    rows: dict[tuple[bytes, str, str], tuple[bytes, str, str, int, int]] = {}
    answers = []
    for each in sums:
        found = links.get(ids[each.link] or b"")
        reason = _fault(work, platform, each, found)
        status = TAKEN if reason is None else REJECTED
        answers.append(Taken(each.link, each.behaviour, each.month, status, reason))
        if reason is None and found is not None:
            key = (found.id, each.behaviour, each.month)
            rows[key] = (*key, each.reduction_mg, each.acts)
    store.put_totals(work, list(rows.values()))
    return answers


def _fault(work: Work, platform: Platform, asked: Sum, link: Link | None) -> str | None:
    if link is None or link.partner != platform.code or not link.covers(work.today):
        return "unknown_link"
    if asked.behaviour not in work.rules.behaviours:
        return "unknown_behaviour"
    if asked.behaviour not in platform.behaviours:
        return "not_recognised"
    if not _MONTH.fullmatch(asked.month):
        return "bad_month"
    if asked.month > work.today.isoformat()[:7]:
        return "in_the_future"
    return "before_link" if asked.month < link.from_day.isoformat()[:7] else None


def counts(results: Sequence[Taken]) -> dict[str, int]:
    """How many sums got which answer."""
    found = Counter(each.status for each in results)
    return {name: found[name] for name in (TAKEN, REJECTED)}
