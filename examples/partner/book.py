"""What the partner must not forget, in one SQLite file: members, entries, and what is under way.

A balance is the sum of a member's entries; nothing else moves units. An exchange has at most one
entry of each kind, which the database itself sees to: so nothing is credited twice, whatever is
delivered or asked twice. Units are whole numbers of the smallest unit.
"""

import sqlite3
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock
from typing import Any

from partner.amounts import now_text

_TABLES = """
CREATE TABLE IF NOT EXISTS member (account TEXT PRIMARY KEY, phone TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS entry (
  id INTEGER PRIMARY KEY, account TEXT NOT NULL, cause TEXT NOT NULL, kind TEXT NOT NULL,
  units INTEGER NOT NULL, at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS entry_account ON entry (account);
CREATE INDEX IF NOT EXISTS entry_cause ON entry (cause);
CREATE UNIQUE INDEX IF NOT EXISTS entry_once ON entry (cause, kind) WHERE kind <> 'act';
CREATE TABLE IF NOT EXISTS exchange (
  id TEXT PRIMARY KEY, state TEXT NOT NULL, told TEXT NOT NULL, link TEXT, account TEXT,
  direction TEXT, points INTEGER, units INTEGER, rate TEXT, reference TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0, next_at INTEGER NOT NULL DEFAULT 0,
  reason TEXT, decided_at TEXT, corrected_at TEXT
);
CREATE TABLE IF NOT EXISTS link (
  id TEXT PRIMARY KEY, account TEXT NOT NULL, status TEXT NOT NULL, secret BLOB, body TEXT
);
CREATE TABLE IF NOT EXISTS act (
  reference TEXT PRIMARY KEY, account TEXT NOT NULL, told TEXT NOT NULL, units INTEGER NOT NULL,
  link TEXT, claim TEXT, status TEXT, reason TEXT, sequence INTEGER NOT NULL DEFAULT 0,
  reversed INTEGER NOT NULL DEFAULT 0, withdrawn INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS act_unsent ON act (reference) WHERE status IS NULL;
CREATE TABLE IF NOT EXISTS total (
  link TEXT, behaviour TEXT, month TEXT, told TEXT NOT NULL, sent INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (link, behaviour, month)
);
CREATE TABLE IF NOT EXISTS event (
  id TEXT PRIMARY KEY, sequence INTEGER NOT NULL, type TEXT NOT NULL, data TEXT NOT NULL,
  done INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS event_due ON event (sequence) WHERE done = 0;
CREATE TABLE IF NOT EXISTS refusal (kind TEXT NOT NULL, name TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


class Book:
    """One connection behind a lock; every change is whole or not at all, and on disk when done."""

    def __init__(self, path: str, places: int) -> None:
        self.places = places
        self._lock = RLock()
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.executescript(_TABLES)

    @contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """A transaction. Never call the city inside one."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """What a query finds."""
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def row(self, sql: str, *values: Any) -> sqlite3.Row | None:
        """The first row that a query finds."""
        found = self.rows(sql, *values)
        return found[0] if found else None

    def run(self, sql: str, *values: Any) -> None:
        """One statement, in a transaction of its own."""
        with self.change() as db:
            db.execute(sql, values)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()

    # Members

    def join(self, phone: str, units: int, account: str | None = None) -> str:
        """A new member with some units to begin with; its account. One that exists stays."""
        account = account or f"LC{uuid.uuid4().hex[:10]}"
        with self.change() as db:
            new = db.execute(
                "INSERT INTO member VALUES (?, ?) ON CONFLICT DO NOTHING", (account, phone)
            ).rowcount
            if new and units:
                enter(db, account, f"opening:{account}", "opening", units)
        return account

    def phone(self, account: str) -> str | None:
        """A member's number; None for somebody who is no member."""
        found = self.row("SELECT phone FROM member WHERE account = ?", account)
        return None if found is None else str(found["phone"])

    def balances(self) -> dict[str, int]:
        """Every member's units."""
        found = self.rows(
            "SELECT account, coalesce(sum(units), 0) AS units FROM member"
            " LEFT JOIN entry USING (account) GROUP BY account ORDER BY account"
        )
        return {row["account"]: row["units"] for row in found}

    # Notes

    def note(self, kind: str, name: str) -> None:
        """Keep that something was refused, or was strange."""
        self.run("INSERT INTO refusal VALUES (?, ?, ?)", kind, name[:80], now_text())

    def setting(self, name: str, default: str = "0") -> str:
        """One remembered word."""
        found = self.row("SELECT value FROM setting WHERE name = ?", name)
        return default if found is None else str(found["value"])


def remember(db: sqlite3.Connection, name: str, value: str) -> None:
    """Set a remembered word."""
    db.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, value))


def enter(db: sqlite3.Connection, account: str, cause: str, kind: str, units: int) -> None:
    """Move units. A second entry of one cause and kind fails, but for acts."""
    db.execute(
        "INSERT INTO entry (account, cause, kind, units, at) VALUES (?, ?, ?, ?, ?)",
        (account, cause, kind, units, now_text()),
    )


def sum_of(db: sqlite3.Connection, account: str, cause: str | None = None) -> int:
    """A member's units; with `cause`, only what came of it."""
    sql, values = "SELECT coalesce(sum(units), 0) FROM entry WHERE account = ?", [account]
    if cause is not None:
        sql, values = f"{sql} AND cause = ?", [account, cause]
    return int(db.execute(sql, values).fetchone()[0])


def clock_ms() -> int:
    """Unix time in milliseconds."""
    return time.time_ns() // 1_000_000
