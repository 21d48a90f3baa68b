"""Use cases of settlement with partners: the file of each partner and day, both ways."""

from datetime import date, timedelta

from app import settlement, webhooks
from app.plumbing.work import Work
from app.recognition import exchanges
from app.recognition.books import BOOK, terms


def close_days(work: Work) -> int:
    """Make one file of a partner that is behind, and tell the partner; 0 when none is. Job; safe
    to run twice. A partner's first file is of the day of its first exchange."""

    def payable_on(partner: str, day: date) -> date:
        return day + timedelta(days=terms(work, partner, "settlement_days"))

    made = settlement.close_next(work, BOOK, _begins(work), payable_on)
    if made is None:
        return 0
    told = {"day": made.day.isoformat(), "sha256": made.sha256.hex()}
    webhooks.put(work, made.party, "settlement.closed", told)
    return 1


def _begins(work: Work) -> dict[str, date]:
    first = {code: exchanges.first_day(work, code) for code in work.rules.recognition.platforms}
    return {code: day for code, day in first.items() if day is not None}
