"""Jobs of this room: `(work) → count`, safe to run twice."""

from app.credit.telling import tell_changes
from app.plumbing.jobs import Listed

JOBS: Listed = {
    "credit.tell_changes": (tell_changes, "interval", {"seconds": 30}),
}
