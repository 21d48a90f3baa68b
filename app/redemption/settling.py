"""Use cases of settlement: the file of each merchant and day, and what it settles."""

from datetime import date, timedelta

from app import clearing, merchants, settlement
from app.plumbing.work import Work
from app.redemption import register, store
from app.redemption.books import BOOK


def close_days(work: Work) -> int:
    """Make one file of a merchant that is behind; 0 when none is. Job; safe to run twice."""
    known = {each.code: each for each in merchants.everyone(work)}
    begins = {code: each.live_since for code, each in known.items()}
    # Who is closed for good gets a file only while something is owed.
    closed = {code for code, each in known.items() if each.state == "closed"}

    def payable_on(code: str, day: date) -> date:
        return _payable_on(work, day, known.get(code))

    made = settlement.close_next(work, BOOK, begins, payable_on, closed)
    if made is None:
        return 0
    paid = clearing.references_in(work, made.id)
    if paid:
        store.settle(work, register.vouchers_of(work, made.party, paid))
    return 1


def _payable_on(work: Work, day: date, merchant: merchants.Merchant | None) -> date:
    """The day after, or later while a merchant is new: who knows it yet?"""
    offers = work.rules.offers
    new_days = offers.count("new_merchant_days", work.today)
    new = merchant is None or (day - merchant.live_since).days < new_days
    name = "settlement_days_new" if new else "settlement_days"
    return day + timedelta(days=offers.count(name, work.today))
