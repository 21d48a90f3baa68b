"""Links: whose account here belongs to a resident of the city. We never learn who that is there."""

import base64
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from partner.book import Book
from partner.city import City

ACTIVE, ENDED = "active", "ended"


def opened(book: Book, data: Mapping[str, Any]) -> None:
    """The city tells of a new link. Its claim secret is fetched afterwards."""
    book.run(
        "INSERT INTO link (id, account, status) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        data["link"],
        data["account"],
        ACTIVE,
    )


def ended(book: Book, data: Mapping[str, Any]) -> None:
    """A link has ended: its secret is forgotten, claims that were made may still be withdrawn."""
    book.run(
        "INSERT INTO link (id, account, status) VALUES (?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET status = excluded.status, secret = NULL",
        data["link"],
        data["account"],
        ENDED,
    )


def fetch_secrets(book: Book, city: City) -> None:
    """Ask the city about links whose secret we do not have. Raises NoAnswer."""
    wanted = book.rows(
        "SELECT id FROM link WHERE status = ? AND secret IS NULL AND body IS NULL", ACTIVE
    )
    for row in wanted:
        answer = city.get(f"/v1/partner/links/{quote(row['id'], safe='')}")
        if answer.good and answer.body["status"] == ACTIVE:
            secret = base64.b64decode(answer.body["claim_secret"])
            _keep(book, row["id"], secret, answer.body["behaviours"])
        else:
            book.run("UPDATE link SET status = ? WHERE id = ?", ENDED, row["id"])


def _keep(book: Book, name: str, secret: bytes, behaviours: Mapping[str, str]) -> None:
    book.run(  # unless it has ended meanwhile
        "UPDATE link SET secret = ?, body = ? WHERE id = ? AND status = ?",
        secret,
        json.dumps(behaviours),
        name,
        ACTIVE,
    )


def of_account(book: Book, account: str) -> str | None:
    """The open link of one of our accounts."""
    found = book.row("SELECT id FROM link WHERE account = ? AND status = ?", account, ACTIVE)
    return None if found is None else str(found["id"])
