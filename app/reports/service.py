"""Use cases across rooms: the city's public figures, and closing an account."""

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from app import activities, consent, identity, ledger, recognition, redemption
from app.plumbing.db import wide
from app.plumbing.work import Work

FEWEST = 10
# What reports and their evidence are kept for after they were earned; rule files may say less.
_EVIDENCE_DAYS = 1825


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


class Frozen(NamedTuple):
    """What stays after an account is closed, why, and until when (None: for good)."""

    what: str
    why: str
    until: date | None


class Closing(NamedTuple):
    """What closing an account costs and leaves; `closed` once it has happened."""

    closed: bool
    wallet: ledger.Wallet
    erased: tuple[str, ...]
    frozen: tuple[Frozen, ...]


_ERASED = (
    "phone number",
    "proof of person",
    "birth year",
    "district",
    "sign-ins",
    "bindings of cards, meters and accounts (ended today)",
    "open vouchers (given back today)",
    "links to partner platforms (ended today, with the secret that blinded acts for them)",
)


def close(work: Work, resident: bytes, *, confirmed: bool) -> Closing:
    """Say what closing this account loses and leaves; close it when that is confirmed.

    Raises Unauthorized (account_closed) when it is closed already.
    """
    if confirmed:
        # First the wallet, as whoever takes a voucher or opens a link does: none comes between.
        redemption.cancel_all(work, resident)
        recognition.end_all(work, resident)
    identity.require_active(work, resident)
    wallet = ledger.wallet(work, resident)
    if confirmed:
        identity.close(work, resident)
        consent.end_all(work, resident)
    return Closing(confirmed, wallet, _ERASED, _frozen(work.today))


def _frozen(today: date) -> tuple[Frozen, ...]:
    evidence = today + timedelta(days=_EVIDENCE_DAYS)
    return (
        Frozen("transfers", "A ledger never loses a line; they name an opaque id only.", None),
        Frozen("scores of acts", "The city's totals must add up; an opaque id only.", None),
        Frozen(
            "links to partner platforms",
            "Files of what was exchanged name the partner's own account; it is sealed here.",
            None,
        ),
        Frozen("evidence of acts", "Audit of what was paid; identifiers are hashed.", evidence),
    )
