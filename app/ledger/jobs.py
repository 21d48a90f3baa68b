"""Jobs of the ledger: `(work) → count`. The runner repeats one until it finds nothing to do."""

from app.ledger import closing, holding, holds, service, store
from app.plumbing.work import Work

_CHUNK = 500


def book_due(work: Work) -> int:
    """Mature pending points that are due and expire lots whose last day has passed."""
    residents = store.residents_due(work, _CHUNK)
    return service.book_due(work, residents) if residents else 0


def lapse_holds(work: Work) -> int:
    """Give back holds that nobody settled in time."""
    lapsed = holds.lapsed_holds(work, _CHUNK)
    service.lock(work, {resident for resident, _ in lapsed})
    return sum(1 for resident, hold_id in lapsed if holding.lapse(work, resident, hold_id))


def close_hours(work: Work) -> int:
    """Close the system accounts' book up to the last hour nobody writes into."""
    return closing.close_hours(work)


JOBS = {
    "ledger.book_due": (book_due, "interval", {"minutes": 10}),
    "ledger.lapse_holds": (lapse_holds, "interval", {"minutes": 1}),
    "ledger.close_hours": (close_hours, "interval", {"minutes": 15}),
}
