"""How benefits, vouchers and redemptions are told: to the public, to their owner, to a merchant."""

from dataclasses import asdict
from typing import Any

from app.kernel import points, to_wire, yuan
from app.plumbing.work import Work
from app.redemption import counters, pool, store
from app.redemption.counters import TOTAL
from app.redemption.issuing import stock_total
from app.redemption.model import (
    LICENCE,
    OPEN,
    Redemption,
    Voucher,
    masked,
    next_states,
    unknown_benefit,
)
from app.rulebook import Benefit, Parameter

_PERSON = ("person_total", "person_monthly", "person_daily")

Used = dict[tuple[str, str], int]


def benefits(work: Work, category: str | None = None) -> list[dict[str, Any]]:
    """The catalogue: what is offered today, in the order of price."""
    every = work.rules.offers.benefits.values()
    asked = [each for each in every if category in (None, each.category)]
    offered = [each for each in asked if each.offered(work.today)]
    return _listed(work, sorted(offered, key=lambda each: (each.price(work.today), each.code)))


def benefit(work: Work, code: str) -> dict[str, Any]:
    """One benefit, with every dated value and its source. Raises NotFound (unknown_benefit)."""
    found = work.rules.offers.benefits.get(code)
    if found is None or not found.offered(work.today):
        raise unknown_benefit()
    values = {name: _values(each) for name, each in sorted(found.parameters.items())}
    return _listed(work, [found])[0] | {"values": values, "notes": list(found.notes)}


def _listed(work: Work, found: list[Benefit]) -> list[dict[str, Any]]:
    codes = [each.code for each in found]
    used = counters.stock_used(work, codes)
    changed = counters.changes(work, codes)
    free = pool.free(work, [each.code for each in found if each.kind == LICENCE])
    return [
        _benefit(work, each, used, changed.get(each.code, counters.Change()), free)
        for each in found
    ]


def _benefit(
    work: Work, found: Benefit, used: Used, change: counters.Change, free: dict[str, int]
) -> dict[str, Any]:
    today, limits = work.today, found.limits
    left, left_today = _left(work, found, used, change, free)
    return {
        "id": found.code,
        "title_zh": found.title_zh,
        "title_en": found.title_en,
        "category": found.category,
        "kind": found.kind,
        "points": points(found.price(today)),
        "cash": yuan(found.cash(today)),
        "merchant": _merchant(found),
        "funder": found.funder,
        "funder_zh": work.rules.offers.funders[found.funder].title_zh,
        "funder_en": work.rules.offers.funders[found.funder].title_en,
        "available": not change.paused and left != 0 and left_today != 0,
        "stock_left": left,
        "stock_left_today": left_today,
        "limits": {name: getattr(limits, name) for name in _PERSON},
        "valid_days": found.valid_days,
        "offline": found.offline,
    } | _terms(found)


def _terms(found: Benefit) -> dict[str, Any]:
    """What is true of a benefit on every day: its words, where and when, and refunds."""
    return {
        "words_zh": found.words_zh,
        "words_en": found.words_en,
        "stores": list(found.stores),
        "hours": _hours(found),
        "refund": {"days": found.refund.days, "partial": found.refund.partial},
    }


def _left(
    work: Work, found: Benefit, used: Used, change: counters.Change, free: dict[str, int]
) -> tuple[int | None, int | None]:
    """How many are left, in all and today; None without a limit."""
    total, daily = stock_total(found, change), found.limits.stock_daily
    left = None if total is None else max(0, total - used.get((found.code, TOTAL), 0))
    if found.kind == LICENCE:
        there = free.get(found.code, 0)
        left = there if left is None else min(left, there)
    if daily is None:
        return left, None
    return left, max(0, daily - used.get((found.code, work.today.isoformat()), 0))


def _merchant(found: Benefit) -> dict[str, str] | None:
    named = found.merchant
    if named is None:
        return None
    return {"code": named.code, "name_zh": named.name_zh, "name_en": named.name_en}


def _hours(found: Benefit) -> list[dict[str, Any]]:
    return [
        {"days": sorted(each.weekdays), "from": _clock(each.begin), "until": _clock(each.end)}
        for each in found.hours
    ]


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _values(parameter: Parameter) -> list[dict[str, Any]]:
    return [
        {
            "from": each.since,
            "value": None if each.value is None else str(each.value),
            "unit": parameter.unit,
            "confidence": each.confidence,
            "approved_by": list(each.approved_by),
            "reference": asdict(each.reference),
        }
        for each in parameter.values
    ]


def voucher(work: Work, found: Voucher) -> dict[str, Any]:
    """A voucher as its owner sees it in a list."""
    of = work.rules.offers.benefits[found.benefit]
    zone = work.rules.pack.zone
    # The job that ends it may be half a minute late; its owner need not know.
    over = found.state in OPEN and not found.usable(work.today)
    return {
        "id": found.wire,
        "benefit": found.benefit,
        "title_zh": of.title_zh,
        "title_en": of.title_en,
        "kind": of.kind,
        "status": "expired" if over else found.state,
        "points": points(found.price),
        "cash_due": yuan(found.cash),
        "merchant": _merchant(of),
        "issued_at": found.issued_at.astimezone(zone),
        "expires_on": found.expires_on,
        "changed_at": found.changed_at.astimezone(zone),
    }


def voucher_whole(work: Work, found: Voucher, licence: str | None = None) -> dict[str, Any]:
    """The same with its history and where it can be used; its licence code where its owner looks.

    Other answers are kept for a day, or go to operators: they carry none.
    """
    of = work.rules.offers.benefits[found.benefit]
    zone = work.rules.pack.zone
    return voucher(work, found) | {
        **_terms(of),
        "licence": licence,
        "next": next_states(found.state),
        "history": [
            {
                "at": each.at.astimezone(zone),
                "from": each.was,
                "to": each.became,
                "refused": each.refused,
                "by": each.by,
                "note": each.note,
            }
            for each in store.events(work, found)
        ],
    }


def redemption(work: Work, found: Redemption) -> dict[str, Any]:
    """A redemption as its merchant sees it: nothing of the resident but the end of a number."""
    of = work.rules.offers.benefits[found.benefit]
    zone = work.rules.pack.zone
    return {
        "id": to_wire("rdm", found.id),
        "voucher": masked(found.voucher_id),
        "benefit": found.benefit,
        "title_zh": of.title_zh,
        "title_en": of.title_en,
        "points": points(found.price),
        "cash_due": yuan(found.cash),
        "owed": yuan(0 if found.state == "voided" else found.cost - found.returned_cost),
        "status": found.state,
        "store_id": None if found.store_id is None else to_wire("sto", found.store_id),
        "day": found.day,
        "at": found.at.astimezone(zone),
        "points_returned": points(found.returned),
        "ended_at": None if found.ended_at is None else found.ended_at.astimezone(zone),
    }
