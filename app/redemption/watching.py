"""What looks like abuse raises an alert, which holds the merchant's settlement until two operators
have looked. The resident is left alone: a pattern is no proof."""

from datetime import date, datetime, timedelta

from app import clearing
from app.kernel import local_midnight
from app.plumbing.paging import Page
from app.plumbing.work import Work
from app.redemption import alerts
from app.redemption.alerts import Found, Span
from app.redemption.books import BOOK

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
# Longer than from one run of the job to the next.
_LATE = timedelta(minutes=1)
USUAL_DAYS = 28
_PERCENT = 100


def watch(work: Work) -> int:
    """Look for every pattern; how many new alerts. Job, every half minute; safe to run twice.

    What is looked at is the day and the night of a minute ago, so that the last redemptions of
    either are seen too, and none is counted on two days.
    """
    count, zone = work.rules.offers.count, work.rules.pack.zone
    seen = (work.now - _LATE).astimezone(zone)
    day = seen.date()
    span = (local_midnight(day, zone), local_midnight(day + _DAY, zone))
    found = [
        *alerts.pairs(work, day, span, count("alert_pair_count", day)),
        *alerts.devices(work, day, span, count("alert_device_residents", day)),
        *_night(work, seen),
        *_above_usual(work, day, span),
    ]
    return sum(_raise(work, each) for each in sorted(found))


def _raise(work: Work, found: Found) -> int:
    if not alerts.add(work, found):
        return 0
    clearing.hold(work, BOOK.name, found.merchant)
    return 1


def double_use(work: Work, merchant: str, voucher_id: bytes) -> None:
    """Somebody read a code offline whose voucher was used already."""
    _raise(work, Found(merchant, alerts.TWICE, voucher_id, 2, work.today))


def _night(work: Work, seen: datetime) -> list[Found]:
    """Many within an hour, at night. A night is one, and is named by the day it began on."""
    count = work.rules.offers.count
    begins, ends = (count(f"alert_night_{word}", seen.date()) for word in ("from", "until"))
    if ends <= seen.hour < begins:
        return []
    evening = seen.date() if seen.hour >= begins else seen.date() - _DAY
    nightfall = local_midnight(evening, work.rules.pack.zone) + begins * _HOUR
    span = (max(work.now - _HOUR, nightfall), work.now + _LATE)
    least = count("alert_night_count", seen.date())
    return alerts.by_merchant(work, alerts.NIGHT, evening, span, least)


def _above_usual(work: Work, day: date, span: Span) -> list[Found]:
    """A day far above the usual one: the mean of the days whose files are made."""
    count = work.rules.offers.count
    least = count("alert_usual_least", day)
    busy = alerts.by_merchant(work, alerts.USUAL, day, span, least)
    percent = count("alert_usual_percent", day)
    return [
        each for each in busy if each.times * _PERCENT > _usual(work, each.merchant, day) * percent
    ]


def _usual(work: Work, merchant: str, day: date) -> int:
    """Redemptions of a usual day; a merchant without a past has none, and is looked at."""
    span = (day - USUAL_DAYS * _DAY, day - _DAY)
    files, _ = clearing.files(work, BOOK.name, merchant, Page(USUAL_DAYS, None, *span))
    lines = sum(
        each.totals.by["kind"]["redemption"].lines
        for each in files
        if "redemption" in each.totals.by["kind"]
    )
    return lines // len(files) if files else 0
