"""How the demo city comes to be: a provider, merchants, residents with a card each, two feeds of
taps, and a first day on which some points were spent.

Its residents have lived there for two quarters, so that there is a grade; its shops opened
yesterday at noon: so today there is a day to be settled, and points to be spent. Last, all of it is
counted for its operators.
"""

from collections import Counter
from contextlib import nullcontext
from datetime import date, timedelta
from typing import NamedTuple

from flask import Flask

from app import identity, ledger, redemption, reports
from app.activities.importing import ImportReport, run_import
from app.demo.cast import ACTOR, DATA, PROVIDER, bind_cards, cards, find_provider, residents
from app.demo.moments import standing_at, yesterday_noon
from app.demo.playing import open_shops, play
from app.demo.remembering import close_quarters, remember
from app.kernel import Conflict, Ids, local_day, points
from app.plumbing import House, house, jobs

_FEEDS = ("evening.csv", "morning.csv")
_FORMAT = "shenzhen-tong"
_LAST_DAY = date(2018, 9, 1)


class Seeded(NamedTuple):
    """What the demo city has. `taps` counts lines of the feeds, `points` those issued."""

    residents: int
    cards: int
    taps: int
    credited: int
    points: str


def seed(app: Flask) -> Seeded:
    """Make the demo city, or what is missing of it. Raises Conflict (no_demo_in_production)."""
    here = house(app)
    if here.settings.production:
        raise Conflict("no_demo_in_production", "The demo city is for development only.")
    new = _nobody_here(here)
    if new:
        remember(app)
    with standing_at(app, yesterday_noon(here)) if new else nullcontext():
        opened = _open(house(app))
        feeds = _import(app, opened)
        with here.look(ACTOR) as work:
            everybody = residents(work)
        if opened.now:
            play(app, everybody)
    jobs.run(here, jobs.read(redemption.JOBS)["redemption.close_days"])
    close_quarters(here)
    jobs.run(here, jobs.read(reports.JOBS)["reports.count_city"])
    return _told(here, everybody, feeds)


def _nobody_here(here: House) -> bool:
    with here.look(ACTOR) as work:
        return find_provider(work) is None


class _Opened(NamedTuple):
    """The provider, by how many days its taps are shifted, and whether it came just now."""

    provider: identity.Client
    shift: int
    now: bool


def _import(app: Flask, opened: _Opened) -> list[ImportReport]:
    words = (opened.provider.wire, _FORMAT)
    return [run_import(app, DATA / feed, *words, shift_days=opened.shift) for feed in _FEEDS]


def _told(here: House, everybody: list[bytes], feeds: list[ImportReport]) -> Seeded:
    counts: Counter[str] = Counter()
    for report in feeds:
        counts.update(report.counts)
    with here.look(ACTOR) as work:
        issued, taken_back = ledger.totals(work)[ledger.ISSUANCE]
    return Seeded(
        residents=len(everybody),
        cards=len(cards()),
        taps=sum(report.lines for report in feeds),
        # A feed that is taken in once more finds its acts there already.
        credited=counts["credited"] + counts["pending"] + counts["duplicate"],
        points=points(issued - taken_back),
    )


def _open(here: House) -> _Opened:
    """Provider, merchants, residents and cards, kept together or not at all; taps are shifted to
    the two days before the provider came, the same on every later day."""
    with here.work(ACTOR) as work:
        provider, now = find_provider(work), False
        if provider is None:
            wire, _ = identity.create_client(
                work, "provider", PROVIDER, "clearing", ("bus_ride", "metro_ride")
            )
            provider, now = identity.find_client(work, wire), True
            assert provider is not None
            bind_cards(work, provider)
            open_shops(work)
    opened_on = local_day(Ids.instant(provider.id), here.rules.pack.zone)
    return _Opened(provider, (opened_on - timedelta(days=1) - _LAST_DAY).days, now)
