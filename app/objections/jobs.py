"""Jobs of this room: `(work) → count`, safe to run twice."""

from datetime import timedelta

from app.objections import store
from app.plumbing.jobs import Listed
from app.plumbing.work import Work

_CHUNK = 2000


def escalate(work: Work) -> int:
    """Raise what is overdue: to 1 past its day, to 2 past the latest."""
    return store.escalate(work)


def forget(work: Work) -> int:
    """Delete what was answered so long ago that it need not be proved any more."""
    days = work.rules.privacy.kept_days("objections")
    return store.forget(work, work.now - timedelta(days=days), _CHUNK) if days else 0


JOBS: Listed = {
    "objections.escalate": (escalate, "interval", {"minutes": 5}),
    "objections.forget": (forget, "interval", {"hours": 6}),
}
