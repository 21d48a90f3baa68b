"""Use case of the bank's report: whether an answer was used, what was decided, on which terms."""

from app.credit import seats, store
from app.credit.model import Outcome, other_application
from app.plumbing.work import Work


def report(
    work: Work,
    inquiry_id: bytes,
    *,
    used: bool,
    decided: str,
    limit: int | None = None,
    rate_bp: int | None = None,
    guarantee: str | None = None,
    application_reference: str | None = None,
) -> Outcome:
    """Keep what became of the acting bank's inquiry; it takes the place of what was said before.

    Raises NotFound (unknown_inquiry), Conflict (other_application).
    """
    key = seats.seat(work).key
    found = seats.own(work, key, inquiry_id, lock=True)
    if application_reference not in (None, found.reference):
        raise other_application()
    before = store.outcomes(work, [inquiry_id]).get(inquiry_id, [])
    new = Outcome(inquiry_id, len(before) + 1, used, decided, limit, rate_bp, guarantee, work.now)
    store.add_outcome(work, new)
    return new
