"""Jobs of this room: `(work) → count`, safe to run twice."""

from datetime import timedelta

from app.consent import disclosures, register
from app.plumbing.jobs import Listed
from app.plumbing.work import Work

_CHUNK = 2000


def forget(work: Work) -> int:
    """Delete what was told, and consents that ended, so long ago that it need not be proved."""
    told, agreed = (work.rules.privacy.kept_days(each) for each in ("disclosures", "consents"))
    done = disclosures.forget(work, work.now - timedelta(days=told), _CHUNK) if told else 0
    if agreed:
        done += register.forget(work, work.today - timedelta(days=agreed), _CHUNK)
    return done


JOBS: Listed = {
    "consent.forget": (forget, "interval", {"hours": 6}),
}
