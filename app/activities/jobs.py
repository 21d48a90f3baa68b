"""Jobs of this room: `(work) → count`. The runner repeats one until it finds nothing to do."""

from app.activities import registers, rescoring, retiring
from app.plumbing.work import Work

_CHUNK = 100


def settle_freed(work: Work) -> int:
    """Score those again who waited for a bill, a phone or a meter that was given up."""
    return rescoring.settle_freed(work, _CHUNK)


def rescore(work: Work) -> int:
    """Score everybody again by the rulebook in force, chunk by chunk, once for each edition.

    Restartable: the last resident done is kept in the chunk's own transaction. Returns residents.
    """
    residents = registers.next_to_rescore(work, _CHUNK)
    if residents:
        rescoring.rescore(work, residents)
    return len(residents)


# A trigger of None: an operator starts it (`flask jobs run`), the scheduler never does.
JOBS = {
    "activities.settle_freed": (settle_freed, "interval", {"minutes": 5}),
    "activities.rescore": (rescore, None, {}),
    "activities.empty_evidence": (retiring.empty_evidence, "interval", {"hours": 6}),
    "activities.forget_closed": (retiring.forget_closed, "interval", {"hours": 6}),
}
