"""Jobs of this room: `(work) → count`, safe to run twice."""

from app.plumbing.jobs import Listed

JOBS: Listed = {}
