"""Everything that this room keeps of a resident."""

import sys
from collections import defaultdict
from typing import Any

from app.activities import reading, tables
from app.activities.store import Stored
from app.activities.working import evidence_of, rules_of, summary
from app.kernel import grams, points, to_wire, unmeasured
from app.plumbing.copying import Row, at, rows_of
from app.plumbing.work import Work


def copy_of(work: Work, resident: bytes) -> dict[str, Any]:
    """`activities`, newest first: as in lists, and provider, quantity, due_on, rulebook, evidence
    (name, keep, days, value; null where a keyed hash is all that is kept), history (earlier
    scores), portions (parts released later), reversal. `months`: what each month came to, by
    behaviour. `claims`: what partner platforms say they have credited, with the reference there.
    `payers`: behaviours that one partner alone pays, from when to when. `disputes`: acts contested,
    with the points held meanwhile."""
    rows = reading.page(work, resident, sys.maxsize >> 1, None, None, None, None)
    past, parts, undone = _beside(work, resident)
    editions = {row.edition for row in rows}
    editions |= {each["edition"] for found in past.values() for each in found}
    named = reading.digests(work, editions)
    return {
        "activities": [
            _act(work, row, named[row.edition])
            | {
                "history": [_past(work, each, named) for each in past[row.act.id]],
                "portions": [_part(each) for each in parts[row.act.id]],
                "reversal": undone.get(row.act.id),
            }
            for row in rows
        ],
        "months": [_month(row) for row in rows_of(work, tables.tally, resident)],
        "claims": [_claim(work, row) for row in rows_of(work, tables.partner_claim, resident)],
        "payers": [_payer(row) for row in rows_of(work, tables.exclusive_payer, resident)],
        "disputes": [_dispute(work, row) for row in rows_of(work, tables.dispute, resident)],
    }


def _beside(
    work: Work, resident: bytes
) -> tuple[dict[bytes, list[Row]], dict[bytes, list[Row]], dict[bytes, Row]]:
    past, parts = defaultdict(list), defaultdict(list)
    for row in rows_of(work, tables.score_history, resident):
        past[row["activity_id"]].append(row)
    for row in rows_of(work, tables.portion, resident):
        parts[row["activity_id"]].append(row)
    undone = {
        row["activity_id"]: {"reason": row["reason"], "at": at(work, row["recorded_at"])}
        for row in rows_of(work, tables.reversal, resident)
    }
    return past, parts, undone


def _act(work: Work, row: Stored, digest: str) -> Row:
    quantity = row.act.quantity
    return summary(work, row) | {
        "provider": to_wire("cli", row.provider),
        "quantity": None if quantity is None else unmeasured(quantity),
        "due_on": row.due_on,
        "rulebook": digest,
        "evidence": evidence_of(rules_of(work, row.edition, digest), row.act),
    }


def _score(row: Row) -> Row:
    return {"reduction_g": grams(row["reduction_mg"]), "points": points(row["points"])}


def _past(work: Work, row: Row, named: dict[int, str]) -> Row:
    return {
        "until": at(work, row["until"]),
        "status": row["status"],
        "reason": row["reason"],
        "rulebook": named[row["edition"]],
    } | _score(row)


def _part(row: Row) -> Row:
    return {"earned_on": row["earned_on"], "due_on": row["due_on"]} | _score(row)


def _month(row: Row) -> Row:
    return {name: row[name] for name in ("behaviour", "month", "count")} | _score(row)


def _claim(work: Work, row: Row) -> Row:
    return {
        "id": to_wire("clm", row["id"]),
        "partner": row["partner"],
        "reference": row["name"],
        "behaviour": row["behaviour"],
        "day": row["day"],
        "reduction_g": grams(row["reduction_mg"]),
        "status": row["status"],
        "reason": row["reason"],
        "recorded_at": at(work, row["recorded_at"]),
        "changed_at": at(work, row["changed_at"]),
    }


def _payer(row: Row) -> Row:
    days = {"from": row["from_day"], "until": row["until_day"]}
    return {"behaviour": row["behaviour"], "partner": row["partner"]} | days


def _dispute(work: Work, row: Row) -> Row:
    return {
        "activity": to_wire("act", row["activity_id"]),
        "objection": to_wire("obj", row["objection_id"]),
        "opened_at": at(work, row["opened_at"]),
        "closed_at": at(work, row["closed_at"]),
        "held": points(row["held"]),
    }
