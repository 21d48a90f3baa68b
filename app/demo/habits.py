"""How the demo city's residents live: what each of them does in a month. All of it is invented.

Everybody is drawn by their place in the list and by nothing else, so the same city comes out each
time. Some drive on electricity, some bring clothes back, some only ride and pay; age and district
are dealt out beside that, so that who is who says nothing about what they do.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

DISTRICTS = ("环翠区", "文登区", "荣成市", "乳山市")
_AGES = (21, 33, 48, 64)
_DAYS = 28
Item = dict[str, Any]


class Source(NamedTuple):
    """A provider of the demo city, of which kind, and what it reports."""

    name: str
    kind: str
    behaviours: tuple[str, ...]


GRID = Source("Demo city grid (charging)", "utility", ("ev_charging",))
BANK = Source(
    "Demo city bank (statements and transfers)", "bank", ("e_statement", "online_transfer")
)
HALL = Source("Demo city hall (services online)", "government", ("egov_online_service",))
BIKES = Source("Demo city bikes", "clearing", ("shared_bike_ride",))
SORTING = Source("Demo city sorting station", "other", ("old_clothes_recycling",))
SOURCES = (GRID, BANK, HALL, BIKES, SORTING)


def profile(place: int, year: int) -> dict[str, Any]:
    """Birth year, as of a year, and district of the resident at a place of the list."""
    age = _AGES[(place + place // 20) % len(_AGES)] + place % 8
    return {"birth_year": year - age, "district": DISTRICTS[place // 5 % len(DISTRICTS)]}


def subject(place: int) -> str:
    """What every source calls this resident."""
    return f"demo {place:04d}"


def month(place: int, first: date) -> Iterator[tuple[Source, Item]]:
    """What the resident at a place did in the month that begins on `first`; nothing for one in
    thirteen."""
    if place % 13 == 12:
        return
    yield from _charging(place, first)
    yield from _rides(place, first)
    yield from _errands(place, first)


def _charging(place: int, first: date) -> Iterator[tuple[Source, Item]]:
    # Every fifth drives: 32 to 108 kWh a month, in four goes.
    if place % 5:
        return
    energy = str(8 + place * 7 % 20)
    for week in range(4):
        at = first + timedelta(days=7 * week + place % 7)
        yield GRID, _item(place, "ev_charging", at, energy, "kWh", vehicle_use="private")


def _rides(place: int, first: date) -> Iterator[tuple[Source, Item]]:
    for n in range(place * 3 % 17):
        at = first + timedelta(days=n * 5 % _DAYS)
        yield BIKES, _item(place, "shared_bike_ride", at)


def _errands(place: int, first: date) -> Iterator[tuple[Source, Item]]:
    month_of = first.isoformat()[:7]
    yield (
        BANK,
        _item(
            place,
            "e_statement",
            first + timedelta(days=2),
            account=f"demo account {place}",
            statement_month=month_of,
            opened=True,
        ),
    )
    if place % 3 == 0:
        case = f"demo case {place} {month_of}"
        done = first + timedelta(days=9)
        yield HALL, _item(place, "egov_online_service", done, case_id=case, fully_online=True)
    if place % 4 == 1:
        kilos = str(2 + place % 5)
        brought = first + timedelta(days=15)
        yield SORTING, _item(place, "old_clothes_recycling", brought, kilos, "kg")


def _item(
    place: int,
    behaviour: str,
    day: date,
    quantity: str | None = None,
    unit: str | None = None,
    **evidence: Any,
) -> Item:
    minute = place % 60
    return {
        "reference": f"demo {behaviour} {place} {day.isoformat()}",
        "subject": subject(place),
        "behaviour": behaviour,
        "occurred_at": f"{day.isoformat()}T08:{minute:02d}:00+08:00",
        "quantity": quantity,
        "unit": unit,
        "replaces": None,
        "evidence": evidence,
    }
