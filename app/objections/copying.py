"""Everything that this room keeps of a resident."""

from typing import Any

from app.objections import showing, store
from app.objections.model import Objection
from app.plumbing.copying import at
from app.plumbing.work import Work


def copy_of(work: Work, resident: bytes) -> dict[str, Any]:
    """`objections`, the newest first: id, kind, subject, wish, status, reason, comment, opened_at,
    due_on, latest_on, overdue, level, raised_at, officer, taken_at, role, extended, extension,
    extended_at, decided_at, answer (text, by, role, checked_by, remedy)."""
    return {"objections": [_copy(work, each) for each in store.of_resident(work, resident)]}


def _copy(work: Work, found: Objection) -> dict[str, Any]:
    days = {"due_on": found.due_on.isoformat(), "latest_on": found.latest_on.isoformat()}
    names = ("opened_at", "raised_at", "taken_at", "extended_at", "decided_at")
    instants = {name: at(work, getattr(found, name)) for name in names}
    return showing.whole(work, found) | days | instants
