"""Jobs of this room: `(work) → count`, safe to run twice."""

from datetime import timedelta

from app.attestations import service, store
from app.plumbing.jobs import Listed
from app.plumbing.work import Work

_CHUNK = 2000
# A resident can look back so far at what was made.
_KEPT = timedelta(days=90)
# Longer than any credential is good; a list that a newer one has followed takes no more of them.
_LISTS_KEPT = timedelta(days=2)


def forget(work: Work) -> int:
    """Delete what has long ended: attestations, marks of presentations, old status lists."""
    lists = store.forget_lists(work, work.now - _LISTS_KEPT, _CHUNK)
    return lists + store.forget(work, work.now - _KEPT, _CHUNK)


JOBS: Listed = {
    "attestations.follow": (service.follow, "interval", {"seconds": 20}),
    "attestations.forget": (forget, "interval", {"hours": 1}),
}
