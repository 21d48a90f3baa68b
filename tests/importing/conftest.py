"""A carrier with cards that residents hold, files of its taps, and what a database holds after."""

import csv
import io
import json
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa
from flask import Flask

from app import activities, consent, identity, ledger
from app.activities.importing import ImportReport, run_import
from app.kernel import from_wire
from app.plumbing import Actor, House

COMMAND = Actor("command", name="test")
COLUMNS = ("reference", "subject", "behaviour", "occurred_at", "quantity", "unit", "evidence")
LAST = datetime(2026, 3, 9, 1, tzinfo=UTC)
BOUND_FROM = date(2025, 6, 1)

Row = dict[str, Any]


class Kept(NamedTuple):
    """Everything an import may have left behind."""

    acts: int
    points: int
    transfers: int
    paid: int


def tap(number: int, card: str, at: datetime | None = None, **more: Any) -> Row:
    """A bus tap. Up to number 1,000 none meets another, and no day holds more than five."""
    at = at or LAST - timedelta(days=number % 200) + timedelta(hours=number // 200)
    row = {"reference": f"t{number}", "subject": card, "behaviour": "bus_ride"}
    return row | {"occurred_at": at.isoformat()} | more


def write_csv(path: Path, rows: Iterable[Row], columns: Iterable[str] = COLUMNS) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, tuple(columns), restval="", lineterminator="\n")
        out.writeheader()
        for row in rows:
            told = {name: json.dumps(v) if name == "evidence" else v for name, v in row.items()}
            out.writerow(told)
    return path


def bind(house: House, provider: str, cards: Iterable[str]) -> None:
    """Give each card to a resident of its own."""
    with house.work(COMMAND) as work:
        rows = [(card, work.new_id(), BOUND_FROM) for card in cards]
        consent.hold_many(work, from_wire("cli", provider) or b"", rows)


@pytest.fixture
def carrier(house: House) -> str:
    """The client_id of a carrier; `card0` to `card9` are bound."""
    with house.work(COMMAND) as work:
        wire, _ = identity.create_client(work, "provider", "Bus")
    bind(house, wire, [f"card{n}" for n in range(10)])
    return wire


@pytest.fixture
def take(app: Flask, carrier: str) -> Callable[..., ImportReport]:
    """Import a file: `take(path, format="csv", …)`."""

    def run(path: Path, format: str = "csv", **more: Any) -> ImportReport:
        screen = more.pop("echo", None) or io.StringIO()
        return run_import(app, path, carrier, format, echo=screen, **more)

    return run


def kept(house: House) -> Kept:
    """What is stored; the books are added up again on the way."""
    with house.look(COMMAND) as work:
        found = chain(ledger.differences(work), activities.differences(work))
        assert next(found, None) is None
        acts = work.db.execute(sa.text("SELECT count(*), sum(points) FROM activity")).one()
        paid = work.db.execute(sa.text("SELECT count(*), sum(amount) FROM transfer")).one()
    return Kept(acts[0], int(acts[1] or 0), paid[0], int(paid[1] or 0))
