"""Jobs of this room: `(work) → count`, safe to run twice."""

from app.objections import store
from app.plumbing.jobs import Listed
from app.plumbing.work import Work


def escalate(work: Work) -> int:
    """Raise what is overdue: to 1 past its day, to 2 past the latest."""
    return store.escalate(work)


JOBS: Listed = {"objections.escalate": (escalate, "interval", {"minutes": 5})}
