"""Use cases of settlement with partners: the file of each partner and day, both ways."""

from datetime import date, timedelta

from app import settlement, webhooks
from app.plumbing.work import Work
from app.recognition import exchanges
from app.recognition.books import BOOK

_ONE_DAY = timedelta(days=1)


def close_days(work: Work) -> int:
    """Make one file of a partner that is behind, and tell the partner; 0 when none is. Job; safe
    to run twice. A partner's first file is of the day of its first exchange."""
    made = settlement.close_next(work, BOOK, _begins(work), _payable_on)
    if made is None:
        return 0
    told = {"day": made.day.isoformat(), "sha256": made.sha256.hex()}
    webhooks.put(work, made.party, "settlement.closed", told)
    return 1


def _begins(work: Work) -> dict[str, date]:
    first = {code: exchanges.first_day(work, code) for code in work.rules.recognition.platforms}
    return {code: day for code, day in first.items() if day is not None}


def _payable_on(_partner: str, day: date) -> date:
    """The net of a day may be paid on the next."""
    return day + _ONE_DAY
