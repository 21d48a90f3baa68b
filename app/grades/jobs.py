"""Jobs of this room: `(work) → count`, safe to run twice."""

from app.grades import closing_quarters, correcting
from app.plumbing.jobs import Listed
from app.plumbing.work import Work


def close(work: Work) -> int:
    """Close the quarters that are due, the oldest first: a chunk of residents each time."""
    step = closing_quarters.step(work)
    return 0 if step is None else max(step.residents, 1)


def restate(work: Work) -> int:
    """Correct closed quarters whose acts were corrected."""
    return correcting.restate(work)


JOBS: Listed = {
    "grades.close": (close, "interval", {"minutes": 30}),
    "grades.restate": (restate, "interval", {"minutes": 1}),
}
