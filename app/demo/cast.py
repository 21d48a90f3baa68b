"""Who is in the demo city: its provider, its residents and their cards, its café, its bank, its
partner."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from app import consent, identity
from app.plumbing import Actor, Work

ACTOR = Actor("command", name="demo")
PROVIDER = "Demo city transit (Shenzhen Tong taps of 2018)"
CAFE = "less_is_more"
OFFICE = "Demo office of the café"
LENDER = "demo_city_bank"
DESK = "Demo desk of the bank"
OFFICERS = ("Demo officer of the city", "Demo officer who checks")
PARTNER = "Demo office of the partner platform"
PLATFORM = "unionpay_low_carbon"
DATA = Path(__file__).parent / "data"
_BOUND_SINCE = timedelta(days=30)


def find_provider(work: Work) -> identity.Client | None:
    """The demo provider, where the city was made."""
    return next((each for each in identity.clients(work) if each.name == PROVIDER), None)


def bind_cards(work: Work, provider: identity.Client) -> None:
    """A resident for each card."""
    since = work.today - _BOUND_SINCE
    consent.hold_many(
        work,
        provider.id,
        [
            (card, identity.demo_resident(work, phone), since)
            for card, phone in zip(cards(), phones(), strict=False)
        ],
    )


def residents(work: Work) -> list[bytes]:
    """The residents whose cards the demo provider knows."""
    provider = find_provider(work)
    if provider is None:
        return []
    hashes = consent.subject_hashes(work, provider.id, cards())
    held = consent.holders(work, provider.id, hashes)
    return [binding[0].resident_id for binding in held.values()]


def cards() -> list[str]:
    """The cards of the taps that belong to somebody."""
    return (DATA / "cards.txt").read_text(encoding="utf-8").split()


def phones() -> Iterator[str]:
    """Numbers of the demo's residents: 139 0000 0001 and so on."""
    number = 13_900_000_000
    while True:
        number += 1
        yield str(number)
