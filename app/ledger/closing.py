"""The system accounts: nobody locks them, so their balances are sums, closed up to the hour."""

from datetime import timedelta

from app.ledger import book
from app.plumbing.work import Work

# A work that began in an hour may still write into it for this long after its end.
_CLOSE_AFTER = timedelta(minutes=10)
# No work is older than a day, so older hours need no lock before they are closed.
_LOCKED_HOURS = 24


def totals(work: Work) -> dict[str, tuple[int, int]]:
    """(debits, credits) of every system account: the last close plus what came after it."""
    until, closed = book.last_close(work)
    return book.added(closed, book.sums(work, until))


def close_hours(work: Work) -> int:
    """Close the book up to the last full hour that nobody writes into. Safe to run twice."""
    boundary = (work.now - _CLOSE_AFTER).replace(minute=0, second=0, microsecond=0)
    until, closed = book.last_close(work)
    start = until or book.first_transfer_at(work)
    if start is None or boundary <= start:
        return 0
    last = int(boundary.timestamp()) // 3600
    for hour in range(max(int(start.timestamp()) // 3600, last - _LOCKED_HOURS), last):
        book.own_book_hour(work, hour)
    part = book.sums(work, until, boundary)
    book.add_close(work, boundary, book.added(closed, part))
    return 1
