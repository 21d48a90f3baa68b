"""What residents and providers look at: lists, sums, quality. Nothing is written here but
that a provider looked."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

import orjson

from app import consent, identity
from app.activities import disputes, intake, reading, registers, store
from app.activities.catalogue import reference_wire
from app.activities.model import REJECTED, STATUSES, Provider, Result, UnknownActivity
from app.activities.reading import Sum
from app.activities.working import local, summary
from app.kernel import Invalid, add_months, grams, local_midnight, points, to_wire
from app.plumbing import Page, bad_cursor
from app.plumbing.work import Work
from app.rulebook import NotInForce, Rulebook

_LONGEST_BY_DAY = 366
_DAYS_BY_DEFAULT = 31
_DAY = timedelta(days=1)
_BEGINNING = date(2000, 1, 1)


def results_wire(work: Work, results: Sequence[Result]) -> dict[str, Any]:
    """The answer to a batch: each result in the order sent, and how many of each status."""
    named = _digests(work, {each.edition for each in results if each.edition is not None})
    counts = dict.fromkeys(STATUSES, 0)
    rows = []
    for each in results:
        counts[each.status] += 1
        row = {
            "reference": each.reference,
            "id": None if each.id is None else to_wire("act", each.id),
            "status": each.status,
            "reason": each.reason,
            "reduction_g": grams(each.reduction_mg),
            "points": points(each.points),
            "rulebook": work.rules.digest if each.edition is None else named[each.edition],
        }
        rows.append(row if each.state in {None, each.status} else row | {"state": each.state})
    return {"results": rows, "counts": counts}


def _digests(work: Work, numbers: set[int]) -> dict[int, str]:
    """The digests of editions; that of the loaded one is known without asking."""
    if not numbers:
        return {}
    found = {registers.edition_id(work): work.rules.digest}
    missing = numbers - found.keys()
    return found | reading.digests(work, missing) if missing else found


def reported(work: Work, provider: Provider, reference: str) -> dict[str, Any]:
    """A report as its provider sees it. Raises `UnknownActivity`."""
    hashed = intake.reference_hash(provider.wire, reference)
    row = store.find(work, [hashed]).get(hashed)
    mine = row is not None and row.provider == provider.id
    if row is None or not mine or not identity.active(work, row.resident):
        raise UnknownActivity
    seen = [(row.resident, to_wire("act", row.act.id))]
    consent.looked(work, "provider_look", provider.wire, provider.name, seen)
    named = reading.digests(work, [row.edition])
    return summary(work, row) | {"reference": reference, "rulebook": named[row.edition]}


def activities(
    work: Work, resident: bytes, page: Page, behaviour: str | None
) -> tuple[list[dict[str, Any]], list[Any] | None]:
    """A page of a resident's acts, the newest day first, and the key of the next page."""
    before = None if page.after is None else _key(page.after)
    rows = reading.page(work, resident, page.limit + 1, before, page.since, page.until, behaviour)
    shown = rows[: page.limit]
    contested = disputes.contested(work, resident)
    items = [summary(work, row) | {"disputed": row.act.id in contested} for row in shown]
    if len(rows) <= page.limit:
        return items, None
    last = shown[-1].act
    return items, [last.earned_on.isoformat(), last.occurred_at.isoformat(), last.id]


def _key(after: list[Any]) -> reading.Key:
    match after:
        case [str(day), str(instant), str(act_id)]:
            try:
                found = datetime.fromisoformat(instant)
                if found.tzinfo is not None and 2000 <= found.year < 2100:
                    return date.fromisoformat(day), found, bytes.fromhex(act_id)
            except ValueError:
                pass
    raise bad_cursor()


class _Span(NamedTuple):
    since: date
    until: date


def reductions(
    work: Work, resident: bytes, by: str, since: date | None, until: date | None
) -> dict[str, Any]:
    """Sums of what a resident's acts earned, up to today, by one of five keys.

    Parts of a reduction that are still to come are not counted. Raises `Invalid` for more than a
    year of days.
    """
    last = max(min(until or work.today, work.today), _BEGINNING)
    if by == "day":
        first = since or last - (_DAYS_BY_DEFAULT - 1) * _DAY
        if (last - first).days >= _LONGEST_BY_DAY:
            raise Invalid(
                "too_many_days",
                f"By day at most {_LONGEST_BY_DAY} days; ask by month, or for fewer.",
                errors=[{"pointer": "/query/from", "code": "out_of_range", "detail": "Too far."}],
            )
        sums = reading.day_sums(work, resident, first, last)
    else:
        sums = _sums(work, resident, max(since or _BEGINNING, _BEGINNING), last)
    items: dict[str, list[int]] = {}
    for each in sums:
        for key, row in _keyed(work.rules, by, each):
            _add(items.setdefault(key, [0, 0, 0]), row)
    total = [sum(each[2] for each in sums), sum(s[3] for s in sums), sum(s[4] for s in sums)]
    return {
        "items": [{"key": key} | _sum_wire(items[key]) for key in sorted(items) if any(items[key])],
        "total": _sum_wire(total),
        "equivalents": equivalents(work, total[0]),
    }


def _add(into: list[int], row: Iterable[int]) -> None:
    for position, value in enumerate(row):
        into[position] += value


def _sum_wire(sums: Sequence[int]) -> dict[str, Any]:
    return {"reduction_g": grams(sums[0]), "points": points(sums[1]), "count": sums[2]}


def _sums(work: Work, resident: bytes, since: date, until: date) -> list[Sum]:
    """Whole months that are over come from the tallies; what is left at the edges from the acts.

    The current month is an edge as well: its tally holds what is still to come.
    """
    if since > until:
        return []
    first = since if since.day == 1 else add_months(since.replace(day=1), 1)
    ends_month = (until + _DAY).day == 1 and until < work.today.replace(day=1)
    after = until + _DAY if ends_month else until.replace(day=1)
    if first >= after:
        return reading.day_sums(work, resident, since, until)
    edges = [_Span(since, first - _DAY), _Span(after, until)]
    sums = reading.month_sums(work, resident, _month(first), _month(after - _DAY))
    for edge in edges:
        if edge.since <= edge.until:
            sums += reading.day_sums(work, resident, *edge)
    return sums


def _month(day: date) -> str:
    return day.isoformat()[:7]


def _keyed(rules: Rulebook, by: str, row: Sum) -> Iterable[tuple[str, Sequence[int]]]:
    sums = row[2:]
    if by == "dimension":
        return _split(rules, row)
    return [(_KEYS[by](rules, row), sums)]


_KEYS: Mapping[str, Callable[[Rulebook, Sum], str]] = {
    "behaviour": lambda _, row: row.behaviour,
    "category": lambda rules, row: (
        rules.behaviours[row.behaviour].category if row.behaviour in rules.behaviours else "former"
    ),
    "day": lambda _, row: row.period,
    "month": lambda _, row: row.period[:7],
}


def _split(rules: Rulebook, row: Sum) -> list[tuple[str, list[int]]]:
    """A behaviour's sums shared among its dimensions by weight; the odd unit goes to the first,
    so that the parts add up. An act counts in each of its dimensions."""
    if row.behaviour not in rules.behaviours:
        return [("former", list(row[2:]))]
    weights = rules.behaviours[row.behaviour].dimensions
    whole = sum(weights.values())
    parts = [
        [row.reduction_mg * weight // whole, row.points * weight // whole, row.acts]
        for weight in weights.values()
    ]
    for position, value in enumerate((row.reduction_mg, row.points)):
        parts[0][position] += value - sum(part[position] for part in parts)
    return list(zip(weights, parts, strict=True))


def equivalents(work: Work, milligrams: int) -> list[dict[str, Any]]:
    """The same grams as kilometres of a petrol car, where the rules say what such a car emits."""
    factor = work.rules.factors.get("petrol_car")
    if factor is None:
        return []
    try:
        value = factor.at(work.today)
    except NotInForce:
        return []
    tenths = int(Fraction(milligrams, 100) / Fraction(value.number))
    return [
        {
            "what": "car_km",
            "value": f"{tenths // 10}.{tenths % 10}",
            "per": f"{value.number:f} {factor.unit}",
            "reference": reference_wire(value.reference),
        }
    ]


def quality(work: Work, provider: bytes, days: int) -> dict[str, Any]:
    """What a provider sent in the last days, today included, and what became of it."""
    since = work.today - timedelta(days=days - 1)
    rows = reading.batches(work, provider, local_midnight(since, work.rules.pack.zone))
    counts = dict.fromkeys(STATUSES, 0)
    reasons: dict[str, int] = {}
    for text, batches, _, _ in rows:
        for name, count in orjson.loads(text).items():
            status, _, reason = name.partition(":")
            found = reasons if reason else counts
            found[reason or status] = found.get(reason or status, 0) + count * batches
    items = sum(counts.values())
    return {
        "since": since,
        "until": work.today,
        "batches": sum(row[1] for row in rows),
        "items": items,
        "counts": counts,
        "shares": {status: _share(count, items) for status, count in counts.items()},
        "rejections": [
            {"reason": reason, "count": count, "share": _share(count, counts[REJECTED])}
            for reason, count in sorted(reasons.items(), key=lambda row: (-row[1], row[0]))
        ],
        "first_at": local(work, min(row[2] for row in rows)) if rows else None,
        "last_at": local(work, max(row[3] for row in rows)) if rows else None,
    }


def _share(part: int, whole: int) -> str:
    thousandths = part * 1000 // whole if whole else 0
    return f"{thousandths // 1000}.{thousandths % 1000:03d}"


def total_mg(work: Work) -> int:
    """Milligrams of all residents up to this month; what later months release is not counted."""
    return reading.total_mg(work, _month(work.today))
