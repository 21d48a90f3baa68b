"""How links are told: to their resident in full, to their partner without who it is."""

import base64
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from app import activities, consent
from app.activities import Payer
from app.kernel import MILLI, grams, to_wire
from app.plumbing.work import Work
from app.recognition import store
from app.recognition.linking import Ended
from app.recognition.model import Link, Refusal
from app.rulebook import Platform, Recognised

CLAIM_VERSION = "v1"
CLAIMS, TOTALS = "claims", "totals"
_SHOWN = 4


class Month(NamedTuple):
    """What a partner says of a behaviour in a month. `held`: how many of the acts it pays; None
    where it sends sums only."""

    month: str
    acts: int
    held: int | None
    reduction_mg: int


def link(work: Work, found: Link) -> dict[str, Any]:
    """A link in short, for its resident; also of a platform that the pack no longer knows."""
    where = _platform(work, found)
    return {
        "id": found.wire,
        "partner": found.partner,
        "title_zh": where.title_zh if where else found.partner,
        "title_en": where.title_en if where else found.partner,
        "unit_zh": where.unit_zh if where else "",
        "unit_en": where.unit_en if where else "",
        "status": found.state,
        "account": masked(work.keys.decrypt(found.account_sealed)),
        "from": found.from_day,
        "until": found.until_day,
        "matched_by": found.matched_by,
        "opened_at": _local(work, found.opened_at),
        "ended_at": _local(work, found.ended_at),
        "ended_by": found.ended_by,
        "consent": _consent(found, where),
    }


def _platform(work: Work, found: Link) -> Platform | None:
    return work.rules.recognition.platforms.get(found.partner)


def masked(account: str) -> str:
    """A partner's own id of a person, so that its owner knows it again: ****4321."""
    return "****" + (account[-_SHOWN:] if len(account) > 2 * _SHOWN else account[-1:])


def _local(work: Work, instant: datetime | None) -> datetime | None:
    return None if instant is None else instant.astimezone(work.rules.pack.zone)


def _consent(found: Link, where: Platform | None) -> dict[str, Any]:
    """What was agreed to. The words are those of the present text, told only if it is the one."""
    text = where.consent if where else None
    same = text if text and text.digest == found.consent_digest else None
    return {
        "version": found.consent_version,
        "digest": found.consent_digest.hex(),
        "current": same is not None,
        "until": found.until_day,
        "purpose_zh": same.purpose_zh if same else None,
        "purpose_en": same.purpose_en if same else None,
        "data": list(same.data) if same else None,
    }


def link_whole(work: Work, found: Link) -> dict[str, Any]:
    """A link with what its partner recognises, has credited and pays, behaviour by behaviour."""
    where = _platform(work, found)
    if where is None:
        return link(work, found) | {"behaviours": []}
    payers = activities.payers(work, found.resident_id)
    claimed, summed = _claimed(work, found), _summed(work, found)
    needed = where.count("badge_g", work.today)
    rows = []
    for code, each in sorted(where.behaviours.items()):
        by_sums = each.totals or (code in summed and code not in claimed)
        months = (summed if by_sums else claimed).get(code, [])
        source = {"source": TOTALS if by_sums else CLAIMS}
        payer = {"payer": _payer(work, payers, code) if each.totals else None}
        rows.append(_behaviour(work, code, each, months, needed) | source | payer)
    return link(work, found) | {"behaviours": rows}


def _claimed(work: Work, found: Link) -> dict[str, list[Month]]:
    """What the partner has claimed act by act, by behaviour, the newest month first."""
    rows: dict[str, list[Month]] = defaultdict(list)
    for each in activities.claim_sums(work, found.id):
        rows[each.behaviour].append(Month(each.month, each.acts, each.held, each.reduction_mg))
    return {code: sorted(months, reverse=True) for code, months in rows.items()}


def _summed(work: Work, found: Link) -> dict[str, list[Month]]:
    """What the partner has told in sums, by behaviour, the newest month first."""
    rows: dict[str, list[Month]] = defaultdict(list)
    for each in store.totals(work, found.id):
        rows[each.behaviour].append(Month(each.month, each.acts, None, each.reduction_mg))
    return {code: months[::-1] for code, months in rows.items()}


def _behaviour(
    work: Work, code: str, recognised: Recognised, months: Sequence[Month], needed_g: int
) -> dict[str, Any]:
    rule = work.rules.behaviours[code]
    reduction = sum(each.reduction_mg for each in months)
    earns_badge = recognised.level != "view"
    return {
        "behaviour": code,
        "title_zh": rule.title_zh,
        "title_en": rule.title_en,
        "level": recognised.level,
        "acts": sum(each.acts for each in months),
        "reduction_g": grams(reduction),
        "months": [
            {
                "month": each.month,
                "acts": each.acts,
                "held": each.held,
                "reduction_g": grams(each.reduction_mg),
            }
            for each in months
        ],
        "badge": {
            "needs_g": grams(needed_g * MILLI),
            "reached": reduction >= needed_g * MILLI,
        }
        if earns_badge
        else None,
    }


def _payer(work: Work, payers: Sequence[Payer], behaviour: str) -> dict[str, Any]:
    """Who pays a behaviour today, and which partner from when to when."""
    spans = [each for each in payers if each.behaviour == behaviour]
    today = [
        each.partner
        for each in spans
        if each.from_day <= work.today and (each.until_day is None or work.today <= each.until_day)
    ]
    return {
        "today": today[0] if today else "city",
        "partners": [
            {"partner": each.partner, "from": each.from_day, "until": each.until_day}
            for each in spans
        ],
    }


_STAYS = {
    "words_zh": "未完成的兑换会退回，为其冻结的积分已可使用；已确认的兑换不变；"
    "已转入的积分保留，到期日见积分明细；平台已计入的行为由平台计分，这里不重复计分；"
    "您曾指定只由平台计分的行为，自明天起由本市计分。",
    "words_en": "An exchange that was on its way is taken back, and points held for it are yours "
    "to use again; confirmed ones stand. Points that came from the partner stay until the day "
    "shown with your points. Acts it has credited stay credited there and are not paid a second "
    "time here. What you let it alone pay, the city pays from tomorrow on.",
}


def ended(work: Work, found: Ended) -> dict[str, Any]:
    """A link that has just ended, and what becomes of value."""
    value = {"exchanges_taken_back": found.taken_back, **_STAYS}
    return link(work, found.link) | {"value": value}


# To the partner.


def to_partner(work: Work, found: Link, where: Platform) -> dict[str, Any]:
    """A link as its partner knows it: its own account, days, levels. Nothing of the resident."""
    return {
        "id": found.wire,
        "account": work.keys.decrypt(found.account_sealed),
        "status": found.state,
        "from": found.from_day,
        "until": found.until_day,
        "claim_version": CLAIM_VERSION,
        "behaviours": {code: each.level for code, each in sorted(where.behaviours.items())},
    }


def to_partner_whole(work: Work, found: Link, where: Platform) -> dict[str, Any]:
    """The same with the secret under which both name acts, while the link is open and its term
    lasts."""
    secret = consent.secret_of(work, found.resident_id) if found.covers(work.today) else None
    told = None if secret is None else base64.b64encode(secret).decode()
    return to_partner(work, found, where) | {"claim_secret": told}


def refusal(work: Work, found: Refusal) -> dict[str, Any]:
    """A refused attempt to link, for operators."""
    return {
        "id": to_wire("lrf", found.id),
        "partner": found.partner,
        "fault": found.fault,
        "at": _local(work, found.at),
    }
