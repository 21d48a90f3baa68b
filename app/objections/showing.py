"""Objections as their residents and as officers see them."""

from datetime import datetime
from typing import Any

from app import identity
from app.objections.model import REMEDIES, Objection
from app.objections.subjects import SUBJECTS
from app.plumbing.work import Work


def case(work: Work, found: Objection) -> dict[str, Any]:
    """What an objection is about and where it stands, without a word that anybody wrote."""
    return {
        "id": found.wire,
        "kind": found.kind,
        "subject": found.subject,
        "wish": found.wish,
        "status": found.status,
        "opened_at": _local(work, found.opened_at),
        "due_on": found.due_on,
        "latest_on": found.latest_on,
        "overdue": found.overdue(work.today),
        "level": found.level,
        "extended": found.extended_at is not None,
        "officer": _name(work, found.taken_by),
    }


def whole(work: Work, found: Objection) -> dict[str, Any]:
    """All of it: what was said on both sides, and by whom."""
    return case(work, found) | {
        "reason": _said(work, found.reason_sealed),
        "comment": _said(work, found.comment_sealed),
        "role": _said(work, found.role_sealed),
        "extension": _said(work, found.extension_sealed),
        "decided_at": _local(work, found.decided_at),
        "answer": _answer(work, found),
    }


def explained(work: Work, found: Objection) -> dict[str, Any]:
    """All of it, with how what is contested came about, for the officer who answers."""
    return whole(work, found) | {
        "explanation": SUBJECTS[found.kind].explain(work, found),
        "remedies": REMEDIES[found.kind],
    }


def _answer(work: Work, found: Objection) -> dict[str, Any] | None:
    if found.answer_sealed is None:
        return None
    return {
        "text": _said(work, found.answer_sealed),
        "by": _name(work, found.decided_by),
        "role": _said(work, found.role_sealed),
        "checked_by": _name(work, found.checked_by),
        "remedy": found.remedy,
    }


def _name(work: Work, officer: bytes | None) -> str | None:
    return None if officer is None else identity.client(work, officer).name


def _said(work: Work, sealed: bytes | None) -> str | None:
    return None if sealed is None else work.keys.decrypt(sealed)


def _local(work: Work, instant: datetime | None) -> datetime | None:
    return None if instant is None else instant.astimezone(work.rules.pack.zone)
