"""Jobs of this room: `(work) → count`, safe to run twice."""

from datetime import timedelta

from app.credit import store
from app.credit.telling import tell_changes
from app.plumbing.jobs import Listed
from app.plumbing.work import Work

_CHUNK = 2000


def forget(work: Work) -> int:
    """Delete inquiries so old that they need not be proved any more."""
    days = work.rules.privacy.kept_days("inquiries")
    return store.forget(work, work.now - timedelta(days=days), _CHUNK) if days else 0


JOBS: Listed = {
    "credit.tell_changes": (tell_changes, "interval", {"seconds": 30}),
    "credit.forget": (forget, "interval", {"hours": 6}),
}
