"""Amounts as whole numbers of the smallest unit: never a float, and text only on the wire."""

import re
from datetime import UTC, datetime, timedelta, timezone

POINT_PLACES = 2  # points of the city have two decimal places
CITY_ZONE = timezone(timedelta(hours=8))
_PLAIN = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")


def read(text: str | int, places: int) -> int:
    """`"13.5"` with two places → 1350. Raises ValueError for more places than there are."""
    plain = str(text)
    if not _PLAIN.fullmatch(plain):
        raise ValueError(f"{plain} is no plain decimal.")
    whole, _, rest = plain.lstrip("-").partition(".")
    rest = rest.rstrip("0")
    if len(rest) > places:
        raise ValueError(f"{plain} has more than {places} decimal places.")
    found = int(whole + rest.ljust(places, "0"))
    return -found if plain.startswith("-") else found


def write(amount: int, places: int) -> str:
    """1350 with two places → `"13.50"`."""
    sign = "-" if amount < 0 else ""
    digits = str(abs(amount)).rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


def now_text() -> str:
    """This instant, RFC 3339."""
    return datetime.now(UTC).isoformat()


def city_day(instant: str) -> str:
    """The day in the city of an RFC 3339 instant: `2026-11-22`."""
    return datetime.fromisoformat(instant).astimezone(CITY_ZONE).date().isoformat()
