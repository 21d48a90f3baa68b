"""How the demo city comes to be: a provider, residents with a card each, and two feeds of taps."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from flask import Flask

from app import consent, identity, ledger
from app.activities.importing import run_import
from app.kernel import Conflict, Ids, local_day, points
from app.plumbing import Actor, House, Work, house

PROVIDER = "Demo city transit (Shenzhen Tong taps of 2018)"
ACTOR = Actor("command", name="demo")
_DATA = Path(__file__).parent / "data"
_FEEDS = ("evening.csv", "morning.csv")
_FORMAT = "shenzhen-tong"
_LAST_DAY = date(2018, 9, 1)
_BOUND_SINCE = timedelta(days=30)


class Seeded(NamedTuple):
    """What the demo city has. `taps` counts lines of the feeds, `points` is a decimal string."""

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
    provider, days = _open(here)
    reports = [
        run_import(app, _DATA / feed, provider.wire, _FORMAT, shift_days=days) for feed in _FEEDS
    ]
    counts: Counter[str] = Counter()
    for report in reports:
        counts.update(report.counts)
    with here.look(ACTOR) as work:
        found = [ledger.wallet(work, resident) for resident in residents(work)]
    return Seeded(
        residents=len(found),
        cards=len(_cards()),
        taps=sum(report.lines for report in reports),
        # A feed that is taken in once more finds its acts there already.
        credited=counts["credited"] + counts["pending"] + counts["duplicate"],
        points=points(sum(each.available + each.pending for each in found)),
    )


def _open(here: House) -> tuple[identity.Client, int]:
    """The provider, and by how many days its taps are shifted: to the two days before it came.

    Provider, residents and cards are kept together or not at all; the shift follows from the
    provider's own day, so it is the same on every later day.
    """
    with here.work(ACTOR) as work:
        provider = _provider(work)
        if provider is None:
            wire, _ = identity.create_client(
                work, "provider", PROVIDER, "clearing", ("bus_ride", "metro_ride")
            )
            provider = identity.find_client(work, wire)
            assert provider is not None
            _bind_cards(work, provider)
    opened_on = local_day(Ids.instant(provider.id), here.rules.pack.zone)
    return provider, (opened_on - timedelta(days=1) - _LAST_DAY).days


def _provider(work: Work) -> identity.Client | None:
    return next((each for each in identity.clients(work) if each.name == PROVIDER), None)


def _bind_cards(work: Work, provider: identity.Client) -> None:
    since = work.today - _BOUND_SINCE
    consent.hold_many(
        work,
        provider.id,
        [
            (card, identity.demo_resident(work, phone), since)
            for card, phone in zip(_cards(), _phones(), strict=False)
        ],
    )


def residents(work: Work) -> list[bytes]:
    """The residents whose cards the demo provider knows."""
    provider = _provider(work)
    if provider is None:
        return []
    hashes = consent.subject_hashes(work, provider.id, _cards())
    held = consent.holders(work, provider.id, hashes)
    return [binding[0].resident_id for binding in held.values()]


def _cards() -> list[str]:
    return (_DATA / "cards.txt").read_text(encoding="utf-8").split()


def _phones() -> Iterator[str]:
    """Numbers of the demo's residents: 139 0000 0001 and so on."""
    number = 13_900_000_000
    while True:
        number += 1
        yield str(number)
