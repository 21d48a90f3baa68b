"""Jobs of this room: `(work) → count`, safe to run twice."""

from datetime import timedelta

from app.grades import closing_quarters, correcting, store
from app.grades.model import Quarter
from app.plumbing.jobs import Listed
from app.plumbing.work import Work

_CHUNK = 2000


def close(work: Work) -> int:
    """Close the quarters that are due, the oldest first: a chunk of residents each time."""
    step = closing_quarters.step(work)
    return 0 if step is None else max(step.residents, 1)


def restate(work: Work) -> int:
    """Correct closed quarters whose acts were corrected."""
    return correcting.restate(work)


def forget(work: Work) -> int:
    """Delete the grades of quarters that are as old as the notices let them become."""
    days = work.rules.privacy.kept_days("grade")
    return store.forget(work, Quarter.of(work.today - timedelta(days=days)), _CHUNK) if days else 0


JOBS: Listed = {
    "grades.close": (close, "interval", {"minutes": 30}),
    "grades.forget": (forget, "interval", {"hours": 6}),
    "grades.restate": (restate, "interval", {"minutes": 1}),
}
