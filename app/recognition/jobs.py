"""Jobs of recognition: `(work) → count`. The runner repeats one until it finds nothing to do."""

from app.plumbing.work import Work
from app.recognition import exchanging, linking, settling

_CHUNK = 100


def expire_exchanges(work: Work) -> int:
    """Take back what partners did not confirm in time."""
    return exchanging.expire(work, _CHUNK)


JOBS = {
    "recognition.expire_exchanges": (expire_exchanges, "interval", {"seconds": 10}),
    "recognition.close_days": (settling.close_days, "interval", {"minutes": 5}),
    "recognition.end_terms": (linking.end_terms, "interval", {"minutes": 5}),
    "recognition.forget": (linking.forget, "interval", {"hours": 1}),
}
