"""The one thread that acts: events in their order, open exchanges, claims; then it waits.

Whatever it does may be interrupted anywhere and is then done again, from what the book says.
"""

import json
import sqlite3
from collections.abc import Callable, Mapping
from functools import partial
from hashlib import sha256
from http import HTTPStatus
from threading import Event, Thread
from typing import Any
from urllib.parse import quote

from partner import acts, exchanges, inbox, links
from partner.book import Book, clock_ms
from partner.city import Answer, City, NoAnswer, spelled
from partner.faults import pause

_REFUSED = {HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY}
_MOST = 1000
_LONGEST_WAIT = 60_000  # milliseconds
_TICK = 50  # milliseconds between two looks


class Worker(Thread):
    """`retry_ms` is the first wait after no answer, `poll_ms` how often we ask for events even
    when nothing seems to be missing: the last one may have been lost."""

    def __init__(self, book: Book, city: City, retry_ms: int, poll_ms: int) -> None:
        super().__init__(name="worker", daemon=True)
        self._book, self._city = book, city
        self._retry, self._poll = retry_ms, poll_ms
        self._next_poll = self._next_call = self._failures = 0
        self._halt = Event()

    def run(self) -> None:
        """Go on until `stop`."""
        exchanges.after_restart(self._book)
        while not self._halt.is_set():
            self.round()
            pause(_TICK)

    def stop(self) -> None:
        """End after the present round."""
        self._halt.set()
        self.join()

    def round(self) -> None:
        """Everything that is due now. One thing that fails does not stop the others."""
        self._try(self._fetch_events)
        self._try(self._act_on_events)
        for row in exchanges.due(self._book):
            self._try(partial(self._settle, row))
        if clock_ms() >= self._next_call:
            told = (self._fetch_secrets, self._send_claims, self._send_reversals, self._send_totals)
            well = [self._try(act) for act in told]
            self._failures = 0 if all(well) else self._failures + 1
            wait = self._retry << min(self._failures, 16)
            self._next_call = clock_ms() + min(wait, _LONGEST_WAIT) if self._failures else 0

    def _try(self, act: Callable[[], object]) -> bool:
        try:
            act()
        except NoAnswer:
            return False
        except (KeyError, ValueError, TypeError, sqlite3.Error) as broken:
            self._book.note("not_understood", repr(broken))
            return False
        return True

    # Events

    def _fetch_events(self) -> None:
        gap = inbox.missing(self._book)
        if clock_ms() < self._next_poll and not gap:
            return
        self._next_poll = clock_ms() + (self._retry if gap else self._poll)
        for event in self._city.events(inbox.last(self._book)):
            inbox.take(self._book, event["id"], event)
        if inbox.missing(self._book):
            inbox.give_up(self._book)

    def _act_on_events(self) -> None:
        while (event := inbox.following(self._book)) is not None:
            try:
                self._act_on(event)
            except (KeyError, ValueError, TypeError) as broken:  # it will not get better
                self._book.note("not_understood", f"{event['id']} {broken!r}")
            inbox.done(self._book, event)

    def _act_on(self, event: sqlite3.Row) -> None:
        data = json.loads(event["data"])
        what, _, how = event["type"].partition(".")
        if what == "link":
            (links.opened if how == "opened" else links.ended)(self._book, data)
        elif what == "exchange" and how == "requested":
            exchanges.prepare(self._book, data)
        elif what == "exchange":
            exchanges.follow(self._book, data["exchange"], how, data)
        elif what == "claim":
            acts.told(self._book, data["reference"], data["status"], event["sequence"])

    # Exchanges

    def _settle(self, row: sqlite3.Row) -> None:
        """Ask the city to decide, until we know what it has decided."""
        exchanges.trying(self._book, row["id"], self._retry)
        if row["attempts"] and self._learn(row["id"]):
            return  # the answer that did not arrive said so
        if row["state"] == exchanges.PREPARED:
            answer = self._decide(row, "confirm", {"reference": row["reference"]})
        else:
            answer = self._decide(row, "reject", {"reason": row["reason"]})
        if answer.good:
            self._follow(row["id"], answer.body)
        elif answer.status in _REFUSED:
            self._learn(row["id"])

    def _decide(self, row: sqlite3.Row, how: str, body: Mapping[str, str]) -> Answer:
        path = f"/v1/partner/exchanges/{quote(row['id'], safe='')}/{how}"
        return self._city.post(path, body, f"{how} {row['id']}")

    def _learn(self, name: str) -> bool:
        """Look how an exchange stands at the city. Whether it is decided."""
        answer = self._city.get(f"/v1/partner/exchanges/{quote(name, safe='')}")
        if not answer.good:  # the city knows of no such exchange, so it moved nothing
            self._follow(name, {"status": "rejected"})
            return True
        self._follow(name, answer.body)
        return bool(answer.body["status"] != "held")

    def _follow(self, name: str, body: Mapping[str, Any]) -> None:
        exchanges.follow(self._book, name, body["status"], body)

    # Acts

    def _fetch_secrets(self) -> None:
        links.fetch_secrets(self._book, self._city)

    def _send_claims(self) -> None:
        claims = acts.unsent(self._book)
        if not claims:
            return
        for result in self._answers(claims):
            now = result
            if result["status"] == "duplicate":  # told before: how does it stand now?
                path = f"/v1/partner/claims/{quote(result['reference'], safe='')}"
                now = self._city.get(path).body
            acts.answered(
                self._book, result["reference"], now.get("id"), now["status"], now.get("reason")
            )

    def _answers(self, claims: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """One result a claim. Where the list was refused for a few that are malformed, those are
        set aside, so that the others come through next time."""
        body = {"claims": claims}
        answer = self._city.post("/v1/partner/claims", body, _key(body))
        if answer.good:
            return list(answer.body["results"])
        errors = answer.body.get("errors", [])
        pointers = [error["pointer"].split("/") for error in errors]
        bad = {int(p[2]) for p in pointers if len(p) > 2 and p[1] == "claims" and p[2].isdigit()}
        if not bad:
            raise ValueError(f"claims: {answer.status} {answer.body.get('code')}")
        return [{**claims[n], "status": "malformed"} for n in sorted(bad)]

    def _send_reversals(self) -> None:
        names = acts.unwithdrawn(self._book)
        if names:
            asked = [{"reference": name, "reason": "taken back"} for name in names]
            self._post("/v1/partner/claims/reversals", {"reversals": asked})
            acts.withdrawn(self._book, names)

    def _send_totals(self) -> None:
        rows = self._book.rows("SELECT rowid, told FROM total WHERE sent = 0 LIMIT ?", _MOST)
        if rows:
            body = {"totals": [json.loads(row["told"]) for row in rows]}
            self._post("/v1/partner/totals", body)
            with self._book.change() as db:
                db.executemany(
                    "UPDATE total SET sent = 1 WHERE rowid = ? AND told = ?",
                    [(row["rowid"], row["told"]) for row in rows],
                )

    def _post(self, path: str, body: Mapping[str, Any]) -> Answer:
        answer = self._city.post(path, body, _key(body))
        if not answer.good:
            raise ValueError(f"{path}: {answer.status} {answer.body.get('code')}")
        return answer


def _key(body: Any) -> str:
    """The same body has the same key: sent again after no answer, it happens once."""
    return sha256(spelled(body)).hexdigest()
