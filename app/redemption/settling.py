"""Use cases of settlement: the file of each merchant and day, and what it settles."""

from datetime import date, timedelta

from app import clearing, merchants
from app.plumbing.work import Work
from app.redemption import register, store
from app.redemption.giving import BOOK, SHAPE

_ONE_DAY = timedelta(days=1)


def close_days(work: Work) -> int:
    """Make one file of a merchant that is behind; 0 when none is. Job; safe to run twice.

    One file a transaction: a large merchant's lines are not held up by the others'.
    """
    yesterday = work.today - _ONE_DAY
    known = {each.code: each for each in merchants.everyone(work)}
    # Who is closed for good gets a file only while something is owed.
    open_ones = {code for code, each in known.items() if each.state != "closed"}
    last = clearing.closed_until(work, BOOK)
    for code in sorted({*open_ones, *clearing.parties_waiting(work, BOOK, yesterday)}):
        begins = known[code].live_since if code in known else yesterday
        day = last[code] + _ONE_DAY if code in last else begins
        if day <= yesterday and _close(work, code, day, known.get(code)):
            return 1
    return 0


def _close(work: Work, code: str, day: date, merchant: merchants.Merchant | None) -> bool:
    made = clearing.close(work, BOOK, code, day, SHAPE, _payable_on(work, day, merchant))
    if made is None:
        return False
    paid = clearing.references_in(work, made.id)
    if paid:
        store.settle(work, register.vouchers_of(work, code, paid))
    return True


def _payable_on(work: Work, day: date, merchant: merchants.Merchant | None) -> date:
    """The day after, or later while a merchant is new: who knows it yet?"""
    offers = work.rules.offers
    new_days = offers.count("new_merchant_days", work.today)
    new = merchant is None or (day - merchant.live_since).days < new_days
    name = "settlement_days_new" if new else "settlement_days"
    return day + timedelta(days=offers.count(name, work.today))
