"""A meter's billing period, the same one a year before, and those a year after. Pure."""

from datetime import date, timedelta

from app.activities.model import Act
from app.kernel import add_months

Key = tuple[str, ...]
_DAY = timedelta(days=1)
_FEBRUARY = 2


def same_period_last_year(first: date, last: date) -> tuple[date, date]:
    """The period a meter's period is compared with; the end of a month answers a month's end."""
    end = add_months(last, -12)
    if last.month != (last + _DAY).month:
        end = add_months(end.replace(day=1), 1) - _DAY
    return add_months(first, -12), end


def key(act: Act) -> Key:
    """What a period is known by: behaviour, meter, first and last day."""
    return _key(act, *_period(act))


def _period(act: Act) -> tuple[date, date]:
    first, last = (date.fromisoformat(act.evidence[n]) for n in ("period_start", "period_end"))
    return first, last


def _key(act: Act, first: date, last: date) -> Key:
    return (act.behaviour, act.evidence["meter"], first.isoformat(), last.isoformat())


def last_year(act: Act) -> Key:
    """The meter's same period a year earlier, as a key."""
    return _key(act, *same_period_last_year(*_period(act)))


def next_years(act: Act) -> list[Key]:
    """Periods of the meter whose same period a year earlier is this one. Mostly one; in a leap
    year February may make it none or two."""
    first, last = _period(act)
    return [
        _key(act, since, until)
        for since in _a_year_on(first)
        for until in _a_year_on(last)
        if same_period_last_year(since, until) == (first, last)
    ]


def _a_year_on(day: date) -> set[date]:
    found = add_months(day, 12)
    return {found, found + _DAY} if day.month == _FEBRUARY else {found}
