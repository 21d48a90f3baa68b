"""Jobs of this room: `(work) → count`, safe to run twice."""

from app.grades import closing_quarters, correcting, service, store
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
    first = service.kept_from(work)
    return 0 if first is None else store.forget(work, first, _CHUNK)


JOBS: Listed = {
    "grades.close": (close, "interval", {"minutes": 30}),
    "grades.forget": (forget, "interval", {"hours": 6}),
    "grades.restate": (restate, "interval", {"minutes": 1}),
}
