"""Jobs of this room: `(work) → count`, safe to run twice."""

from app.plumbing.jobs import Listed
from app.reports import gathering

# It looks every hour, and finds something to do once a morning.
JOBS: Listed = {"reports.count_city": (gathering.step, "interval", {"hours": 1})}
