"""A resident's grade as it is shown: what it is, of what it was made, what would raise it."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

from app import activities
from app.grades import grading, registers, scorecard, service, store
from app.grades.model import Grade, Part, Quarter
from app.kernel import grams, to_wire
from app.plumbing import Page, bad_cursor, cursor
from app.plumbing.work import Work
from app.rulebook import Credit

# Why a version is there, in plain words.
_WORDS = {
    "closing": ("季度结束后按截止日之前收到的记录评定。",
                "The quarter was closed, on what had been reported by its closing day."),
    "reversal": ("数据来源撤回或更正了记录。",
                 "A source took a report back, or corrected it."),
    "rules": ("减排量核算规则有更正。", "A rule by which acts are worth grams was corrected."),
    "dispute": ("您提出异议的记录在处理期间不计入，或处理后恢复计入。",
                "What you contested is left out until it is decided, or counts again."),
    "objection": ("您的异议已处理。", "An objection of yours was decided."),
}  # fmt: skip
_OBJECTIONS = "/v1/me/objections"
_DAY = timedelta(days=1)
_VERSIONS = 1 << 15  # a quarter has fewer
_NOTHING: dict[str, Any] = {
    "grade": None, "reduction_g": None, "factor": None, "parts": [], "reasons": [], "raise_": None,
    "quality": None, "version": None, "reason": None, "rulebook": None, "scorecard": None,
    "made_at": None, "disputed": False,
}  # fmt: skip


def mine(work: Work, resident: bytes) -> dict[str, Any]:
    """The grade of the last closed quarter with its explanation, and how the next one stands."""
    quarter = service.window(work)
    found = service.of(work, resident, quarter) if quarter else None
    credit = service.Editions(work).credit(found.card, found.rulebook) if found else None
    today = Quarter.of(work.today)
    shown = _NOTHING | {
        "quarter": str(quarter) if quarter else None,
        "window": _window(quarter) if quarter else None,
        "status": "closed" if quarter else "none",
        "contested_acts": sorted(
            to_wire("act", each) for each in activities.contested(work, resident)
        ),
        "objections": _OBJECTIONS,
        "current": _so_far(work, resident, today),
        "closing": _closing(work, resident, quarter, today.plus(-1)),
    }
    card = (credit or work.rules.credit).scorecard
    shown["not_used"] = [
        {"code": each.code, "reason_zh": each.reason_zh, "reason_en": each.reason_en}
        for each in ((*card.left_out, *card.never_used) if card else ())
    ]
    shown["thresholds"] = _thresholds(credit or work.rules.credit, quarter or today)
    return shown | (_explained(work, found, credit) if found and credit else {})


def _window(quarter: Quarter) -> dict[str, Any]:
    return {"from_": quarter.first, "to": quarter.last}


def _explained(work: Work, found: Grade, credit: Credit) -> dict[str, Any]:
    card = credit.scorecard
    titles = {part.name: (part.title_zh, part.title_en) for part in (card.parts if card else ())}
    lost = {part.name: part.most - part.points for part in found.parts}
    return {
        "grade": named(credit, found.code),
        "reduction_g": grams(found.reduction_mg),
        "factor": found.factor if found.code else None,
        "parts": [_part(part, titles) for part in found.parts],
        "reasons": [
            {
                "code": each.code,
                "part": each.part,
                "text_zh": each.resident_zh,
                "text_en": each.resident_en,
                "hint_zh": each.hint_zh,
                "hint_en": each.hint_en,
                "points_lost": lost[each.part],
            }
            for each in scorecard.reasons(credit, found.parts)
        ],
        "raise_": {
            "grade": _next_grade(credit, found),
            "parts": [_part(p, titles) for p in found.parts if p.next_at is not None],
        },
        "quality": found.quality,
        "version": found.version,
        "reason": reason(found),
        "rulebook": found.rulebook,
        "scorecard": {"version": card.version if card else None, "digest": found.card},
        "made_at": local(work, found),
        "disputed": str(found.quarter) in registers.contested(work, found.resident_id),
    }


def _part(part: Part, titles: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    title_zh, title_en = titles.get(part.name, (part.name, part.name))
    return {
        "name": part.name,
        "title_zh": title_zh,
        "title_en": title_en,
        "measured": part.measured,
        "unit": part.unit,
        "points": part.points,
        "most": part.most,
        "next_at": part.next_at,
        "next_adds": part.next_adds,
    }


def named(credit: Credit, code: str | None) -> dict[str, str] | None:
    """A grade with its titles; None for none."""
    if code is None:
        return None
    level = credit.level(code)
    return {"code": code, "title_zh": level.title_zh, "title_en": level.title_en}


def _next_grade(credit: Credit, found: Grade) -> dict[str, Any] | None:
    missing = grading.missing_mg(credit, found.quarter, found.reduction_mg)
    if missing is None:
        return None
    code, milligrams = missing
    return (named(credit, code) or {}) | {"missing_g": grams(milligrams)}


def reason(found: Grade) -> dict[str, str]:
    """Why a version is there: a stable code, and words."""
    zh, en = _WORDS[found.reason]
    return {"code": found.reason, "text_zh": zh, "text_en": en}


def _thresholds(credit: Credit, quarter: Quarter) -> list[dict[str, Any]]:
    return [
        {
            "code": level.code,
            "title_zh": level.title_zh,
            "title_en": level.title_en,
            "above_g": grams(level.milligrams(quarter.last)),
        }
        for level in credit.grades
        if level.above.since <= quarter.last
    ]


def _so_far(work: Work, resident: bytes, quarter: Quarter) -> dict[str, Any]:
    """What a quarter that is not closed has come to by today."""
    until = min(quarter.last, work.today)
    # Whatever is recorded by now; nothing is recorded later than this look.
    found = activities.verified(work, [resident], quarter.first, until, work.now + _DAY)
    saved = sum(each.reduction_mg for each in found)
    credit = work.rules.credit
    known = credit.grades and grading.in_force(credit, quarter)
    return _window(quarter) | {
        "quarter": str(quarter),
        "reduction_g": grams(saved),
        "grade": named(credit, credit.grade(saved, quarter.last)),
        "closes_on": service.closes_on(work, quarter) if known else None,
    }


def _closing(
    work: Work, resident: bytes, closed: Quarter | None, last: Quarter
) -> dict[str, Any] | None:
    """The quarter that is over and not closed yet, if there is one."""
    if closed is not None and closed >= last:
        return None
    credit = work.rules.credit
    if not (credit.grades and grading.in_force(credit, last)):
        return None
    return _so_far(work, resident, last)


def history(work: Work, resident: bytes, page: Page) -> dict[str, Any]:
    """Every version of every quarter, the newest first. Raises Invalid (bad_cursor)."""
    found = store.page(work, resident, page.limit + 1, _before(page))
    items = found[: page.limit]
    editions = service.Editions(work)
    more = len(found) > page.limit
    return {
        "items": [_version(work, each, editions) for each in items],
        "next_cursor": cursor([str(items[-1].quarter), items[-1].version]) if more else None,
    }


def _before(page: Page) -> tuple[str, int] | None:
    match page.after:
        case None:
            return None
        case [str(quarter), int(version)] if type(version) is int and 0 < version < _VERSIONS:
            with suppress(ValueError):
                return str(Quarter.read(quarter)), version
    raise bad_cursor()


def _version(work: Work, found: Grade, editions: service.Editions) -> dict[str, Any]:
    credit = editions.credit(found.card, found.rulebook)
    card = credit.scorecard
    return {
        "id": found.wire,
        "quarter": str(found.quarter),
        "version": found.version,
        "before": named(credit, found.before),
        "grade": named(credit, found.code),
        "reduction_g": grams(found.reduction_mg),
        "factor": found.factor if found.code else None,
        "quality": found.quality,
        "reason": reason(found),
        "rulebook": found.rulebook,
        "scorecard": {"version": card.version if card else None, "digest": found.card},
        "made_at": local(work, found),
    }


def local(work: Work, found: Grade) -> Any:
    """When a version was made, as the city's clocks show it."""
    return found.made_at.astimezone(work.rules.pack.zone)
