"""The demo city's past: whatever happens within, happens at an instant of the demo's choosing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from flask import Flask

from app.kernel import FixedClock, local_day
from app.plumbing import House, house

_NOON = time(12)


@contextmanager
def standing_at(app: Flask, instant: datetime) -> Iterator[House]:
    """Let the house's clock stand there."""
    here = house(app)
    then = app.extensions["weitan"] = replace(here, clock=FixedClock(instant))
    try:
        yield then
    finally:
        app.extensions["weitan"] = here


def today(here: House) -> date:
    """The city's calendar day."""
    return local_day(here.clock.now(), here.rules.pack.zone)


def noon(here: House, day: date) -> datetime:
    """The middle of a day in the city."""
    return datetime.combine(day, _NOON, here.rules.pack.zone)


def yesterday_noon(here: House) -> datetime:
    """When the demo city opened its shops."""
    return noon(here, today(here) - timedelta(days=1))
