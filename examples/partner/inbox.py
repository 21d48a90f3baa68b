"""Events of the city, in their order: kept first, answered, and acted upon afterwards.

Events may come twice, late, in any order, or not at all. They carry a sequence without gaps, so we
act on number n + 1 only after n; what is missing is fetched. An event is known by its id.
"""

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from partner.book import Book, remember

_LAST = "sequence"


def take(book: Book, name: str, event: Mapping[str, Any]) -> bool:
    """Keep an event that was sent or fetched; False: we have had it. Raises KeyError, ValueError,
    TypeError for what is no event."""
    sequence = int(event["sequence"])
    values = (name, sequence, str(event["type"]), json.dumps(event["data"]))
    with book.change() as db:
        kept = db.execute(
            "INSERT INTO event (id, sequence, type, data) VALUES (?, ?, ?, ?)"
            " ON CONFLICT DO NOTHING",
            values,
        )
        return kept.rowcount == 1


def last(book: Book) -> int:
    """The sequence up to which everything has been acted upon."""
    return int(book.setting(_LAST))


def following(book: Book) -> sqlite3.Row | None:
    """The event to act upon now: the next, or one that came after we stopped waiting for it."""
    return book.row(
        "SELECT * FROM event WHERE done = 0 AND sequence <= ? ORDER BY sequence LIMIT 1",
        last(book) + 1,
    )


def done(book: Book, event: sqlite3.Row) -> None:
    """An event has been acted upon. A crash before this line means: once more."""
    with book.change() as db:
        db.execute("UPDATE event SET done = 1 WHERE id = ?", (event["id"],))
        remember(db, _LAST, str(max(last(book), event["sequence"])))


def missing(book: Book) -> bool:
    """Whether there are events to act upon, but not yet: one before them has not come."""
    return (
        following(book) is None
        and book.row("SELECT 1 FROM event WHERE done = 0 LIMIT 1") is not None
    )


def give_up(book: Book) -> None:
    """What is missing does not exist any more, even at the city: go on after it."""
    first = book.row("SELECT min(sequence) AS sequence FROM event WHERE done = 0")
    if first is not None and first["sequence"] is not None:
        book.note("missed", f"{last(book) + 1} to {first['sequence'] - 1}")
        with book.change() as db:
            remember(db, _LAST, str(first["sequence"] - 1))
