"""What looks like abuse raises an alert, which holds the merchant's settlement until two operators
have looked. The resident is left alone: a pattern is no proof."""

from datetime import datetime, timedelta

from app import clearing
from app.kernel import local_midnight
from app.plumbing.paging import Page
from app.plumbing.work import Work
from app.redemption import alerts
from app.redemption.alerts import Found
from app.redemption.giving import BOOK

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
USUAL_DAYS = 28
_PERCENT = 100


def watch(work: Work) -> int:
    """Look for every pattern; how many new alerts. Job, every half minute; safe to run twice."""
    count = work.rules.offers.count
    since, today = work.now - _DAY, work.today
    found = [
        *alerts.pairs(work, since, count("alert_pair_count", today)),
        *alerts.devices(work, since, count("alert_device_residents", today)),
        *_night(work),
        *_above_usual(work),
    ]
    return sum(_raise(work, each) for each in sorted(found))


def _raise(work: Work, found: Found) -> int:
    if not alerts.add(work, found):
        return 0
    clearing.hold(work, BOOK, found.merchant)
    return 1


def double_use(work: Work, merchant: str, voucher_id: bytes) -> None:
    """Somebody read a code offline whose voucher was used already."""
    _raise(work, Found(alerts.TWICE, merchant, voucher_id, 2))


def _night(work: Work) -> list[Found]:
    """Many within an hour, at night."""
    count = work.rules.offers.count
    local = work.now.astimezone(work.rules.pack.zone)
    begins, ends = count("alert_night_from", work.today), count("alert_night_until", work.today)
    if ends <= local.hour < begins:
        return []
    since = max(work.now - _HOUR, _nightfall(work, local, begins))
    return alerts.by_merchant(work, alerts.NIGHT, since, count("alert_night_count", work.today))


def _nightfall(work: Work, local: datetime, begins: int) -> datetime:
    evening = local.date() if local.hour >= begins else local.date() - _DAY
    return local_midnight(evening, work.rules.pack.zone) + begins * _HOUR


def _above_usual(work: Work) -> list[Found]:
    """Today far more than on a usual day: the mean of the days whose files are made."""
    count, zone = work.rules.offers.count, work.rules.pack.zone
    least = count("alert_usual_least", work.today)
    today = local_midnight(work.today, zone)
    busy = alerts.by_merchant(work, alerts.USUAL, today, least)
    percent = count("alert_usual_percent", work.today)
    return [each for each in busy if each.times * _PERCENT > _usual(work, each.merchant) * percent]


def _usual(work: Work, merchant: str) -> int:
    """Redemptions of a usual day; a merchant without a past has none, and is looked at."""
    since = work.today - USUAL_DAYS * _DAY
    files, _ = clearing.files(work, BOOK, merchant, Page(USUAL_DAYS, None, since, None))
    lines = sum(
        each.totals.by["kind"]["redemption"].lines
        for each in files
        if "redemption" in each.totals.by["kind"]
    )
    return lines // len(files) if files else 0
