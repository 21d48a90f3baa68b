"""The whole working of one act: from what was reported to the transfers that paid it.

The score was made by an edition of the rules, and is explained by that edition, also when another
one is in force by now.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from app import ledger
from app.activities import (
    disputes,
    explaining,
    marks,
    posting,
    reading,
    registers,
    scoring,
    store,
    valuation,
)
from app.activities.batch import shown
from app.activities.caps import SHARE_CAP
from app.activities.catalogue import reference_wire
from app.activities.claimed import PARTNER
from app.activities.claims import paid_by
from app.activities.explaining import measure_text
from app.activities.model import CAPPED, OVERLAPPED, REVERSED, Act, Score, UnknownActivity
from app.activities.periods import same_period_last_year
from app.activities.store import Need, Stored
from app.activities.tariff import NO_HOME, Home, Worth, tariff
from app.activities.valuation import decimal_text
from app.kernel import add_months, grams, points, to_wire, unmeasured
from app.plumbing.work import Work
from app.rulebook import Behaviour, Field, Rulebook

_POINTS_IN_A_KILOGRAM = 100_000_000  # hundredths of a point times milligrams
_METERS = {"daily_meter", "period_meter"}


@lru_cache(maxsize=4)
def _edition(text: str) -> Rulebook:
    return Rulebook.from_text(text)


def rules_of(work: Work, number: int, digest: str) -> Rulebook:
    """The rulebook of an edition, by its number and digest."""
    if digest == work.rules.digest:
        return work.rules
    return _edition(registers.edition_row(work, number).text)


def rules_at(work: Work, digest: str) -> Rulebook:
    """The rulebook of an edition, by its digest. Raises KeyError for one that was not kept."""
    if digest == work.rules.digest:
        return work.rules
    text = reading.edition_text(work, digest)
    if text is None:
        raise KeyError(digest)
    return _edition(text)


def working(work: Work, resident: bytes, act_id: bytes) -> dict[str, Any]:
    """Everything about one act of a resident. Raises `UnknownActivity`."""
    row = reading.one(work, resident, act_id)
    if row is None:
        raise UnknownActivity
    past = store.history(work, resident, act_id)
    named = reading.digests(work, [row.edition, *(each.edition for each in past)])
    rules = rules_of(work, row.edition, named[row.edition])
    behaviour = rules.behaviours[row.act.behaviour]
    home = _home(work, rules, row)
    worth = valuation.worth(rules, row.act, home)
    explained = explaining.explain(rules, row.act, home, worth)
    return (
        summary(work, row)
        | _values(rules, behaviour, row, worth, explained)
        | {
            "disputed": act_id in disputes.contested(work, resident),
            "rulebook": named[row.edition],
            "paid_by": paid_by(work, row),
            "evidence": evidence_of(rules, row.act),
            "history": [_past(work, each, named) for each in past],
            "portions": _portions(work, rules, row),
            "transfers": _transfers(work, row, past),
            "reversal": _reversal(work, row),
        }
    )


def summary(work: Work, row: Stored) -> dict[str, Any]:
    """An act as lists show it."""
    act, score = row.act, row.score
    return {
        "id": to_wire("act", act.id),
        "behaviour": act.behaviour,
        "occurred_at": local(work, act.occurred_at),
        "earned_on": act.earned_on,
        "recorded_at": local(work, row.recorded_at),
        "status": shown(work, score, row.due_on),
        "reason": score.reason,
        "reduction_g": grams(score.reduction_mg),
        "points": points(score.points),
    }


def local(work: Work, instant: datetime) -> datetime:
    """An instant as the city's clocks show it."""
    return instant.astimezone(work.rules.pack.zone)


def _home(work: Work, rules: Rulebook, row: Stored) -> Home:
    """What the meter of this act was compared with: earlier readings, and efficient devices."""
    behaviour, act = rules.behaviours[row.act.behaviour], row.act
    if behaviour.method not in _METERS:
        return NO_HOME
    group = marks.netting_group(behaviour)
    needs = [_history_need(rules, behaviour, row)]
    first = date.fromisoformat(act.evidence.get("period_start", act.earned_on.isoformat()))
    needs += [
        Need(row.resident, add_months(first, -12) - timedelta(days=1), act.earned_on, each.code)
        for each in rules.behaviours.values()
        if marks.netting_group(each) == group and each.method not in _METERS
    ]
    rows = store.load(work, needs)
    lost = {each.act.id for each in rows if each.score.status == OVERLAPPED}
    return scoring.home_of(rules, (each.act for each in rows), lost)


def _history_need(rules: Rulebook, behaviour: Behaviour, row: Stored) -> Need:
    act = row.act
    if behaviour.method == "daily_meter":
        days = tariff(rules, behaviour.code, act.earned_on).values.get("history", 0)
        since = act.earned_on - timedelta(days=int(days))
        return Need(row.resident, since, act.earned_on, behaviour.code)
    ends = (date.fromisoformat(act.evidence[name]) for name in ("period_start", "period_end"))
    _, before = same_period_last_year(*ends)
    return Need(row.resident, before, before, behaviour.code)


def _values(
    rules: Rulebook,
    behaviour: Behaviour,
    row: Stored,
    worth: Worth,
    explained: explaining.Explanation,
) -> dict[str, Any]:
    act = row.act
    a_point = rules.pack.count("milligrams_a_point", act.earned_on)
    return {
        "titles": {
            "code": behaviour.code,
            "title_zh": behaviour.title_zh,
            "title_en": behaviour.title_en,
        },
        "due_on": row.due_on,
        "formula": {
            "words_en": behaviour.words_en,
            "words_zh": behaviour.words_zh,
            "numbers": explained.numbers + _outcome(row.score),
        },
        "parameters": [_parameter(behaviour, name, act.earned_on) for name in explained.used],
        "caps": _caps(behaviour, row, worth),
        "unit": worth.unit or "act",
        "measure": measure_text(worth.measure),
        "allowed": measure_text(_allowed(row.score, worth)),
        "points_a_kilogram": points(_POINTS_IN_A_KILOGRAM // a_point),
    }


def _outcome(score: Score) -> str:
    """What became of the value of an act: kept whole, cut, or not paid."""
    if score.status == CAPPED:
        return f"; {score.reason} leaves {grams(score.reduction_mg)} g"
    if score.reason == PARTNER:
        return "; not paid here, a partner platform pays this act"
    if score.status == OVERLAPPED:
        return f"; not paid here, another report holds this act ({score.reason})"
    return "; reversed" if score.status == REVERSED else ""


def _allowed(score: Score, worth: Worth) -> Any:
    """What of the measure is paid: all of it, or what the milligrams that were paid amount to."""
    if score.status == CAPPED:
        if score.reason == SHARE_CAP and worth.ceiling is not None:
            return worth.ceiling
        numerator, denominator = worth.rate
        return min(worth.measure, -(-score.reduction_mg * denominator // numerator))
    return worth.measure if score.reduction_mg else 0


def _parameter(behaviour: Behaviour, name: str, day: date) -> dict[str, Any]:
    parameter = behaviour.parameters[name]
    value = parameter.at(day)
    return {
        "name": name,
        "title": parameter.title,
        "unit": parameter.unit,
        "value": decimal_text(value.value),
        "since": value.since,
        "confidence": value.confidence,
        "reference": reference_wire(value.reference),
        "approved_by": list(value.approved_by),
    }


def _caps(behaviour: Behaviour, row: Stored, worth: Worth) -> list[dict[str, Any]]:
    reason = row.score.reason if row.score.status == CAPPED else None
    found = [
        {
            "name": cap.name,
            "period": cap.period,
            "unit": cap.unit,
            "limit": decimal_text(cap.limit),
            "applied": cap.name == reason,
        }
        for cap in behaviour.caps
        if (cap.counts_acts or cap.unit == worth.unit)
        and all(row.act.evidence.get(name) in values for name, values in cap.where.items())
    ]
    if worth.ceiling is not None:
        found.append(
            {
                "name": SHARE_CAP,
                "period": "event",
                "unit": worth.unit,
                "limit": measure_text(worth.ceiling),
                "applied": reason == SHARE_CAP,
            }
        )
    return found


def evidence_of(rules: Rulebook, act: Act) -> list[dict[str, Any]]:
    """What is kept of an act's evidence; a keyed hash is named, and not shown."""
    fields = rules.fields(act.behaviour)
    return [
        {
            "name": name,
            "keep": fields[name].keep,
            "days": fields[name].days,
            "value": _evidence_text(rules, fields[name], value),
        }
        for name, value in act.evidence.items()
        if name in fields  # what partners know an act by is nobody's evidence
    ]


def _evidence_text(rules: Rulebook, field: Field, value: Any) -> str | None:
    if field.keep == "hash" or field.type == "identifier":
        return None
    if field.type == "decimal":
        return unmeasured(value)
    if field.type == "instant":
        return datetime.fromtimestamp(value, UTC).astimezone(rules.pack.zone).isoformat()
    return str(value).lower() if isinstance(value, bool) else str(value)


def _past(work: Work, row: Any, named: Mapping[int, str]) -> dict[str, Any]:
    return {
        "until": local(work, row.until),
        "status": row.status,
        "reason": row.reason,
        "reduction_g": grams(row.reduction_mg),
        "points": points(row.points),
        "rulebook": named[row.edition],
    }


def _portions(work: Work, rules: Rulebook, row: Stored) -> list[dict[str, Any]]:
    if not posting.is_released(rules, row.act):
        return []
    parts = store.portions(work, [(row.resident, row.act.id)]).get(row.act.id, [])
    return [
        {
            "earned_on": part.earned_on,
            "due_on": part.due_on,
            "reduction_g": grams(part.reduction_mg),
            "points": points(part.points),
        }
        for part in parts
    ]


def _transfers(work: Work, row: Stored, past: Sequence[Any]) -> list[str]:
    """Ids of what was posted: when the act came in, and each time its score changed."""
    instants = [row.recorded_at, *(each.until for each in past)]
    found = ledger.transfers_of(work, row.resident, row.act.id, instants)
    return [to_wire("trf", each) for each in found]


def _reversal(work: Work, row: Stored) -> dict[str, Any] | None:
    found = store.find_reversal(work, row.resident, row.act.id)
    return found and {"reason": found.reason, "at": local(work, found.recorded_at)}
