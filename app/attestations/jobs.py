"""Jobs of this room: `(work) → count`, safe to run twice."""

from datetime import timedelta

from app.attestations import service, store
from app.plumbing.jobs import Listed
from app.plumbing.work import Work

_CHUNK = 2000
# Longer than any credential is good; a list that a newer one has followed takes no more of them.
_LISTS_KEPT = timedelta(days=2)


def forget(work: Work) -> int:
    """Delete what has long ended: attestations, marks of presentations, old status lists."""
    done = store.forget_lists(work, work.now - _LISTS_KEPT, _CHUNK)
    done += store.forget_seen(work, _CHUNK)
    days = work.rules.privacy.kept_days("attestations")
    return done + (store.forget(work, work.now - timedelta(days=days), _CHUNK) if days else 0)


JOBS: Listed = {
    "attestations.follow": (service.follow, "interval", {"seconds": 20}),
    "attestations.forget": (forget, "interval", {"hours": 1}),
}
