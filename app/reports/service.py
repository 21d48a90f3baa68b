"""The city's public figures."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from app import activities, identity, ledger, redemption
from app.plumbing.db import wide
from app.plumbing.work import Work
from app.reports.cells import FEWEST


class Transparency(NamedTuple):
    """The city in a few figures: points in hundredths, carbon in milligrams, cover in fen.
    `residents` is None where there are fewer than ten; `sent` and `received` are points that
    partner platforms took and gave, a correction counted as the way back."""

    issued: int
    spent: int
    expired: int
    sent: int
    received: int
    reduction_mg: int
    residents: int | None
    cover: redemption.Cover
    generated_at: datetime

    @property
    def outstanding(self) -> int:
        """What residents still hold."""
        return _outstanding(self.issued, self.spent, self.expired, self.sent, self.received)


def _outstanding(issued: int, spent: int, expired: int, sent: int, received: int) -> int:
    return issued - spent - expired - sent + received


# One copy a process and database: the figures add up every tally, and nobody needs them fresher.
_KEPT: WeakKeyDictionary[Any, Transparency] = WeakKeyDictionary()


def transparency(work: Work) -> Transparency:
    """The figures, at most `transparency_seconds` old."""
    kept = _KEPT.get(work.db.engine)
    oldest = work.now - timedelta(seconds=work.settings.transparency_seconds)
    if kept is None or not oldest < kept.generated_at <= work.now:
        kept = _KEPT[work.db.engine] = _transparency(work)
    return kept


def _transparency(work: Work) -> Transparency:
    wide(work.db)
    totals = ledger.totals(work)
    residents = identity.count_residents(work)
    given, taken_back = totals[ledger.ISSUANCE]
    partners = [sums for name, sums in totals.items() if name.startswith(ledger.PARTNER)]
    moved = (
        given - taken_back,
        _gained(totals[ledger.REDEEMED]),
        _gained(totals[ledger.EXPIRED]),
        sum(credits for _, credits in partners),
        sum(debits for debits, _ in partners),
    )
    return Transparency(
        *moved,
        activities.total_mg(work),
        residents if residents >= FEWEST else None,
        redemption.cover(work, _outstanding(*moved)),
        work.now,
    )


def _gained(sums: tuple[int, int]) -> int:
    debits, credits = sums
    return credits - debits
