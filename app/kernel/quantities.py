"""Quantities as integers: points in hundredths, money in fen, carbon in milligrams, measures in
thousandths.

On the wire they are decimal strings; here is the only place where text becomes number and back.
"""

import re
from decimal import Decimal

MILLI = 1000
CENTI = 100
_LARGEST = 1_000_000
_MEASURE = re.compile(r"-?(0|[1-9][0-9]{0,9})(\.[0-9]{1,3})?")
_MONEY = re.compile(r"-?(0|[1-9][0-9]{0,6})(\.[0-9]{1,2})?")


class BadQuantity(ValueError):
    """The text is not a plain decimal with the places allowed and at most 1,000,000."""


def measured(text: object) -> int:
    """`"7.3"` → 7300 thousandths. Raises `BadQuantity` for anything but a plain decimal."""
    if not isinstance(text, str) or not _MEASURE.fullmatch(text):
        raise BadQuantity(text)
    whole, _, places = text.lstrip("-").partition(".")
    value = int(whole) * MILLI + int(places.ljust(3, "0") if places else 0)
    if value > _LARGEST * MILLI:
        raise BadQuantity(text)
    return -value if text.startswith("-") else value


def unmeasured(thousandths: int) -> str:
    """7300 → `"7.3"`: the shortest text that `measured` reads back."""
    sign, rest = ("-", -thousandths) if thousandths < 0 else ("", thousandths)
    whole, places = divmod(rest, MILLI)
    return f"{sign}{whole}.{places:03d}".rstrip("0").rstrip(".")


def milli(value: Decimal) -> int:
    """A Decimal from the rules with at most three places, in thousandths."""
    scaled = value * MILLI
    if scaled != scaled.to_integral_value():
        raise BadQuantity(f"{value} has more than three decimal places")
    return int(scaled)


def grams(milligrams: int) -> str:
    """80000 → `"80.000"`."""
    sign, rest = ("-", -milligrams) if milligrams < 0 else ("", milligrams)
    return f"{sign}{rest // 1000}.{rest % 1000:03d}"


def points(hundredths: int) -> str:
    """800 → `"8.00"`."""
    sign, rest = ("-", -hundredths) if hundredths < 0 else ("", hundredths)
    return f"{sign}{rest // 100}.{rest % 100:02d}"


def yuan(amount: int) -> str:
    """-199 → `"-1.99"`: money always shows both places."""
    return points(amount)


def fen(text: object) -> int:
    """`"1.99"` → 199. Raises `BadQuantity` for more than two places or no plain decimal."""
    if not isinstance(text, str) or not _MONEY.fullmatch(text):
        raise BadQuantity(text)
    whole, _, places = text.lstrip("-").partition(".")
    value = int(whole) * CENTI + int(places.ljust(2, "0"))
    if value > _LARGEST * CENTI:
        raise BadQuantity(text)
    return -value if text.startswith("-") else value
