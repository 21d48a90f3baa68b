"""Exchanges, as the partner sees them: nothing is final here before the city has decided.

    prepared ──city: confirmed──▶ done ──two of the city's operators──▶ corrected
        └──────city: rejected, expired──▶ undone
    declined (too few units, nobody here) ──told to the city──▶ undone
    disputed: the city confirmed what we had declined, so one of us lost its book; a person looks

`out` (points become units): prepared is a promise and moves nothing; done credits. `in` (units
become points): prepared takes the units aside; undone gives them back. What decides is always the
city's state of the exchange, never that an answer failed to come.
"""

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from partner.amounts import POINT_PLACES, now_text, read
from partner.book import Book, clock_ms, enter, sum_of

IN, OUT = "in", "out"
PREPARED, DECLINED, DONE, UNDONE, CORRECTED, DISPUTED = (
    "prepared", "declined", "done", "undone", "corrected", "disputed",
)  # fmt: skip
OPEN = (PREPARED, DECLINED)
_UNDOING = {"rejected", "expired"}
_NEVER = {(status, state) for status in _UNDOING for state in (DONE, CORRECTED)} | {
    (status, state) for status in ("confirmed", "corrected") for state in (DECLINED, UNDONE)
}
_LONGEST_WAIT = 60_000  # milliseconds between two tries


def prepare(book: Book, data: Mapping[str, Any]) -> None:
    """The city asks for an exchange. A second time, or after its end, nothing happens."""
    name, account, direction = data["exchange"], data["account"], data["direction"]
    points, units = read(data["points"], POINT_PLACES), read(data["units"], book.places)
    with book.change() as db:
        state, reason = PREPARED, None
        if _find(db, name) is not None:
            return
        if not db.execute("SELECT 1 FROM member WHERE account = ?", (account,)).fetchone():
            state, reason = DECLINED, "unknown_account"
        elif direction == IN and sum_of(db, account) < units:
            state, reason = DECLINED, "not_enough_units"
        elif direction == IN:
            enter(db, account, name, "hold", -units)
        db.execute(
            "INSERT INTO exchange (id, state, told, link, account, direction, points, units, rate,"
            " reference, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                name, state, json.dumps(dict(data)), data.get("link"), account, direction, points,
                units, data.get("rate"), our_reference(name), reason,
            ),
        )  # fmt: skip


def follow(book: Book, name: str, status: str, said: Mapping[str, Any]) -> None:
    """Do what the city has decided about an exchange. A second time nothing happens.

    An end that comes before its beginning is kept, so that the beginning finds it. `said` is the
    exchange as the city tells it; its `decided_at` names the day on which both sides count it.
    """
    decided, corrected = said.get("decided_at"), said.get("corrected_at")
    with book.change() as db:
        row = _find(db, name)
        if row is None:
            if status in _UNDOING:
                _bury(db, name, status)
            return
        state = row["state"]
        if status in {"confirmed", "corrected"} and state == PREPARED:
            _do(db, row, decided)
            state = DONE
        if status == "corrected" and state == DONE:
            _correct(db, row, corrected)
        elif status in _UNDOING and state in OPEN:
            _undo(db, row, status, decided)
        elif (status, state) in _NEVER:
            db.execute(
                "INSERT INTO refusal VALUES (?, ?, ?)", (f"{status}_when_{state}", name, now_text())
            )
            if state == DECLINED:
                _end(db, name, DISPUTED, row["reason"], decided)


def our_reference(name: str) -> str:
    """What we call an exchange: always the same, even if our file were lost."""
    return "LC-" + name.rpartition("_")[2]


def due(book: Book) -> list[sqlite3.Row]:
    """Exchanges about which the city is to be asked now."""
    return book.rows(
        "SELECT * FROM exchange WHERE state IN (?, ?) AND next_at <= ? ORDER BY next_at, id",
        *OPEN,
        clock_ms(),
    )


def trying(book: Book, name: str, first_wait: int) -> None:
    """Write down that we ask now, before we do: after a crash we know that we may have asked.
    The next try is twice as far off as the one before, a minute at most."""
    book.run(
        "UPDATE exchange SET attempts = attempts + 1,"
        " next_at = ? + min(? * (1 << min(attempts, 16)), ?) WHERE id = ?",
        clock_ms(),
        first_wait,
        _LONGEST_WAIT,
        name,
    )


def after_restart(book: Book) -> None:
    """Ask about everything that is open at once."""
    book.run("UPDATE exchange SET next_at = 0 WHERE state IN (?, ?)", *OPEN)


def _find(db: sqlite3.Connection, name: str) -> sqlite3.Row | None:
    found: sqlite3.Row | None = db.execute(
        "SELECT * FROM exchange WHERE id = ?", (name,)
    ).fetchone()
    return found


def _do(db: sqlite3.Connection, row: sqlite3.Row, at: str | None) -> None:
    if row["direction"] == OUT:
        enter(db, row["account"], row["id"], "credit", row["units"])
    _end(db, row["id"], DONE, None, at)


def _undo(db: sqlite3.Connection, row: sqlite3.Row, status: str, at: str | None) -> None:
    if row["direction"] == IN and row["state"] == PREPARED:
        enter(db, row["account"], row["id"], "back", row["units"])
    _end(db, row["id"], UNDONE, row["reason"] or status, at)


def _correct(db: sqlite3.Connection, row: sqlite3.Row, at: str | None) -> None:
    sign = -1 if row["direction"] == OUT else 1
    enter(db, row["account"], row["id"], "correction", sign * row["units"])
    db.execute(
        "UPDATE exchange SET state = ?, corrected_at = ? WHERE id = ?",
        (CORRECTED, at or now_text(), row["id"]),
    )


def _end(db: sqlite3.Connection, name: str, state: str, reason: str | None, at: str | None) -> None:
    db.execute(
        "UPDATE exchange SET state = ?, reason = ?, decided_at = ? WHERE id = ?",
        (state, reason, at or now_text(), name),
    )


def _bury(db: sqlite3.Connection, name: str, status: str) -> None:
    db.execute(
        "INSERT INTO exchange (id, state, told, reference, reason, decided_at)"
        " VALUES (?, ?, '{}', ?, ?, ?)",
        (name, UNDONE, our_reference(name), status, now_text()),
    )
