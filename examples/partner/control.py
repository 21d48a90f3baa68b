"""What a tester may do with the simulator; a real partner has screens for it. Only by `--control`,
and only on this machine."""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from partner import acts, inbox, links, settling, statement, webhook
from partner.amounts import POINT_PLACES, read, write
from partner.book import Book
from partner.city import City
from partner.faults import Faults


class Missing(Exception):
    """There is no such thing here."""


class Control:
    """Each use answers what is told as JSON. Raises KeyError, ValueError, Missing, NoAnswer."""

    def __init__(
        self, name: str, book: Book, city: City, faults: Faults, secrets: list[bytes]
    ) -> None:
        self._name, self._book, self._city = name, book, city
        self._faults, self._secrets = faults, secrets

    def look(self, path: str) -> Any:
        """`GET /control/…`."""
        what, _, name = path.partition("/")
        if what == "state":
            return self._state()
        if what == "ledger":
            return self._ledger()
        if what == "acts" and name:
            return self._act(name)
        raise Missing

    def do(self, path: str, asked: Mapping[str, Any]) -> Any:
        """`POST /control/…`."""
        name, reversing = path.removeprefix("acts/").removesuffix("/reverse"), "/reverse" in path
        if path.startswith("acts/") and reversing:
            if not acts.reverse(self._book, name):
                raise Missing
            return self._act(name)
        simple: dict[str, Callable[[Mapping[str, Any]], Any]] = {
            "members": self._join,
            "statement": self._statement,
            "acts": self._acts,
            "totals": self._total,
            "faults": self._faults.plan,
            "secrets": self._secret,
            "settlements": lambda body: settling.reconcile(self._book, self._city, body["day"]),
        }
        if path not in simple:
            raise Missing
        return simple[path](asked)

    def _join(self, asked: Mapping[str, Any]) -> Any:
        units = read(asked.get("units", "0"), self._book.places)
        account = self._book.join(asked["phone"], units, asked.get("account"))
        return {"account": account, "units": self._units(self._book.balances()[account])}

    def _statement(self, asked: Mapping[str, Any]) -> Any:
        account = asked["account"]
        phone = self._book.phone(account)
        if phone is None:
            raise Missing
        now = int(time.time())
        proof = statement.make(self._secrets[0], self._name, account, phone, now)
        return {"partner": self._name, "account": account, "proof": proof}

    def _acts(self, asked: Mapping[str, Any]) -> Any:
        each = asked.get("acts", [asked])
        return {"recorded": sum(acts.record(self._book, one) for one in each), "of": len(each)}

    def _act(self, name: str) -> Any:
        row = self._book.row("SELECT * FROM act WHERE reference = ?", name)
        if row is None:
            raise Missing
        got = self._book.rows("SELECT sum(units) AS n FROM entry WHERE cause = ?", f"act:{name}")
        told = {n: row[n] for n in ("reference", "account", "link", "claim", "status", "reason")}
        flags = {n: bool(row[n]) for n in ("reversed", "withdrawn")}
        return told | flags | {"units": self._units(got[0]["n"] or 0)}

    def _total(self, asked: Mapping[str, Any]) -> Any:
        link = links.of_account(self._book, asked["account"])
        if link is None:
            raise Missing
        names = ("behaviour", "month", "reduction_g", "acts")
        told = {"link": link, **{name: asked[name] for name in names}}
        self._book.run(
            "INSERT OR REPLACE INTO total (link, behaviour, month, told) VALUES (?, ?, ?, ?)",
            link, told["behaviour"], told["month"], json.dumps(told),
        )  # fmt: skip
        return told

    def _secret(self, asked: Mapping[str, Any]) -> Any:
        """A new webhook secret; the one before it stays good beside it."""
        self._secrets.insert(0, webhook.secret_bytes(asked["secret"]))
        del self._secrets[2:]
        return {"secrets": len(self._secrets)}

    def _state(self) -> Any:
        book = self._book
        return {
            "name": self._name,
            "sequence": inbox.last(book),
            "balances": {a: self._units(n) for a, n in book.balances().items()},
            "links": [dict(r) for r in book.rows("SELECT id, account, status FROM link")],
            "exchanges": [self._exchange(r) for r in book.rows("SELECT * FROM exchange")],
            "refusals": [dict(r) for r in book.rows("SELECT * FROM refusal ORDER BY rowid")],
            "waiting": len(book.rows("SELECT 1 FROM event WHERE done = 0")),
            "unsent": len(book.rows("SELECT 1 FROM act WHERE status IS NULL")),
            "faults": self._faults.plan({}),
        }

    def _exchange(self, row: Any) -> Any:
        names = ("id", "link", "account", "direction", "state", "rate", "reference", "attempts")
        told = {name: row[name] for name in (*names, "reason", "decided_at", "corrected_at")}
        if row["points"] is None:  # its end came, its beginning never did
            return told
        return told | {
            "points": write(row["points"], POINT_PLACES),
            "units": self._units(row["units"]),
        }

    def _ledger(self) -> Any:
        """Both ledgers side by side: what exchanges moved here, to compare with the city."""
        moved = self._book.rows(
            "SELECT exchange.id, direction, state, points, coalesce(sum(entry.units), 0) AS units"
            " FROM exchange LEFT JOIN entry ON entry.cause = exchange.id"
            " WHERE points IS NOT NULL GROUP BY exchange.id ORDER BY exchange.id"
        )
        final = [row for row in moved if row["state"] == "done"]
        return {
            "accounts": {a: self._units(n) for a, n in self._book.balances().items()},
            "exchanges": [
                {
                    "exchange": row["id"],
                    "direction": row["direction"],
                    "state": row["state"],
                    "points": write(row["points"], POINT_PLACES),
                    "moved": self._units(row["units"]),
                }
                for row in moved
            ],
            "totals": {
                way: write(sum(r["points"] for r in final if r["direction"] == way), POINT_PLACES)
                for way in ("in", "out")
            },
        }

    def _units(self, amount: int) -> str:
        return write(amount, self._book.places)
