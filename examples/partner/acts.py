"""What members did, what we credited for it, and what the city says about that.

Every act is told to the city as a claim. Where another act of the city or of another partner is
the same and comes first by the published priority, ours yields and its credit is taken back; when
that other one is withdrawn, ours is held again. What is credited follows the claim's state: the
difference is posted, so it does not matter how often we are told.
"""

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from partner.amounts import city_day
from partner.book import Book, enter, sum_of
from partner.keys import keys_of

MOST = 1000  # claims in one call
YIELDED = "yielded"
_EVIDENCE = (
    "payment_id", "order_id", "product_type", "case_id", "visit_id", "application_id", "account_no",
    "statement_month", "utility_type", "billing_period", "verifier_id", "parcel", "imei_hash",
    "meter", "period_start", "period_end", "entry_time", "unlock_time",
)  # fmt: skip


def record(book: Book, asked: Mapping[str, Any]) -> bool:
    """A member did something: credit it; the worker tells the city. False: we know it already.

    `{account, behaviour, reference, occurred_at | day, units?, reduction_g?, …evidence}`; the
    number of a bill's or statement's account is `account_no`. Raises KeyError, ValueError.
    """
    told = {
        "behaviour": asked["behaviour"],
        "day": asked.get("day") or city_day(asked["occurred_at"]),
        "occurred_at": asked.get("occurred_at"),
        "reduction_g": asked.get("reduction_g"),
        "evidence": {
            "account" if name == "account_no" else name: str(asked[name])
            for name in _EVIDENCE
            if asked.get(name) is not None
        },
    }
    units = int(asked.get("units", 10))
    with book.change() as db:
        new = db.execute(
            "INSERT INTO act (reference, account, told, units) VALUES (?, ?, ?, ?)"
            " ON CONFLICT DO NOTHING",
            (asked["reference"], asked["account"], json.dumps(told), units),
        ).rowcount
        _credit(db, asked["reference"])
    return new == 1


def reverse(book: Book, reference: str) -> bool:
    """We were wrong: take our credit back; the worker tells the city. False: no such act."""
    with book.change() as db:
        found = db.execute("UPDATE act SET reversed = 1 WHERE reference = ?", (reference,))
        _credit(db, reference)
        return found.rowcount == 1


def unsent(book: Book) -> list[dict[str, Any]]:
    """Claims to send now, with the link that stands for the member. One that was reversed before
    it was ever sent is not sent; one whose answer was lost is sent again, and then withdrawn."""
    rows = book.rows(
        "SELECT act.*, link.id AS open, link.secret FROM act JOIN link"
        " ON link.account = act.account AND link.status = 'active' AND link.secret IS NOT NULL"
        " WHERE act.status IS NULL AND (act.reversed = 0 OR act.link IS NOT NULL)"
        " ORDER BY act.reference LIMIT ?",
        MOST,
    )
    with book.change() as db:
        db.executemany(
            "UPDATE act SET link = ? WHERE reference = ?",
            [(row["open"], row["reference"]) for row in rows],
        )
    return [_claim(row) for row in rows]


def _claim(row: sqlite3.Row) -> dict[str, Any]:
    told = json.loads(row["told"])
    keys = keys_of(
        row["secret"], told["behaviour"], told["day"], told["evidence"], told["occurred_at"]
    )
    claim = {
        "reference": row["reference"],
        "link": row["open"],
        "behaviour": told["behaviour"],
        "day": told["day"],
        "keys": keys,
    }
    if told["reduction_g"] is not None:
        claim["reduction_g"] = told["reduction_g"]
    return claim


def answered(
    book: Book, reference: str, claim: str | None, status: str, reason: str | None
) -> None:
    """What the city answered to a claim. An event that has come since says it better."""
    with book.change() as db:
        db.execute(
            "UPDATE act SET claim = ?, status = ?, reason = ? WHERE reference = ? AND sequence = 0",
            (claim, status, reason, reference),
        )
        _credit(db, reference)


def told(book: Book, reference: str, status: str, sequence: int) -> None:
    """What an event of the city says about a claim of ours; the newest event counts."""
    with book.change() as db:
        db.execute(
            "UPDATE act SET status = ?, reason = NULL, sequence = ?"
            " WHERE reference = ? AND sequence < ?",
            (status, sequence, reference, sequence),
        )
        _credit(db, reference)


def unwithdrawn(book: Book) -> list[str]:
    """Claims that the city knows and we have taken back since."""
    rows = book.rows(
        "SELECT reference FROM act WHERE reversed = 1 AND withdrawn = 0 AND status IS NOT NULL"
        " ORDER BY reference LIMIT ?",
        MOST,
    )
    return [row["reference"] for row in rows]


def withdrawn(book: Book, references: list[str]) -> None:
    """The city knows that these are taken back."""
    with book.change() as db:
        db.executemany(
            "UPDATE act SET withdrawn = 1, status = 'reversed' WHERE reference = ?",
            [(reference,) for reference in references],
        )


def _credit(db: sqlite3.Connection, reference: str) -> None:
    """Post what is missing between what an act has been credited and what it should be."""
    row = db.execute("SELECT * FROM act WHERE reference = ?", (reference,)).fetchone()
    if row is None:
        return
    cause = f"act:{reference}"
    due = 0 if row["reversed"] or row["status"] == YIELDED else row["units"]
    difference = due - sum_of(db, row["account"], cause)
    if difference:
        enter(db, row["account"], cause, "act", difference)
