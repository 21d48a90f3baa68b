"""The day's account with the city: our own file beside the city's, and what differs."""

from typing import Any

from partner.amounts import POINT_PLACES, city_day, write
from partner.book import Book
from partner.city import City
from partner.exchanges import CORRECTED, DONE, OUT


def our_file(book: Book, day: str) -> list[dict[str, str]]:
    """Our lines of a day, from our own book alone: what was done on it, and what was corrected.

    Amounts are points, signed as the city signs them: above nothing it owes us (`out`: it gave its
    points up, we gave units), below nothing we owe it.
    """
    rows = book.rows("SELECT * FROM exchange WHERE state IN (?, ?) ORDER BY id", DONE, CORRECTED)
    lines = []
    for row in rows:
        sign = 1 if row["direction"] == OUT else -1
        if city_day(row["decided_at"]) == day:
            lines.append(_line(row["id"], row["direction"], sign * row["points"]))
        if row["corrected_at"] and city_day(row["corrected_at"]) == day:
            lines.append(_line(row["id"], "correction", -sign * row["points"]))
    return lines


def _line(exchange: str, kind: str, points: int) -> dict[str, str]:
    return {"exchange": exchange, "kind": kind, "amount": write(points, POINT_PLACES)}


def reconcile(book: Book, city: City, day: str) -> dict[str, Any]:
    """Fetch the city's file of a day, send ours, and answer both with what differs.

    Raises NoAnswer.
    """
    theirs = city.get(f"/v1/partner/settlements/{day}")
    ours = our_file(book, day)
    found = city.post(f"/v1/partner/settlements/{day}/reconcile", {"lines": ours})
    return {"city": theirs.body, "ours": ours, "reconciled": found.body}
