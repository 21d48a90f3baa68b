"""The real command, killed with SIGKILL wherever it may be: what is there in the end is what one
run to its end leaves."""

import csv
import json
import os
import signal
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.kernel import Clock, SystemClock
from app.plumbing import House
from app.settings import Settings
from tests.importing.conftest import COMMAND, Kept, bind, kept, tap, write_csv
from tests.journeys.live import Environ, environment, running, until
from tests.journeys.people import CITY

# One line in ten is of a card that somebody holds.
LINES, CARDS, TAPS, BROKEN = 20_000, 200, 10, 3
# Lines get longer after the first of them, of which the number of buckets is guessed: some 15.
SHORT_LINES = 2_000
REMARK = {"line": "1" * 190}
CREDITED = CARDS * TAPS
STRANGE = LINES - CREDITED - BROKEN
POINTS = CREDITED * 800

# The command, except that one function of the system, or one statement, is where it stands still;
# a worker does so at its second bucket, of which all is written and nothing committed.
SCRIPT = """
import os, shutil, signal, sys
from flask.cli import main
from sqlalchemy import event
from sqlalchemy.engine import Engine

def stand(*args, **more):
    os.write(2, b"stands still")
    while True:
        signal.pause()

def count(conn, cursor, statement, *more):
    seen.append(statement.startswith("UPDATE import_bucket"))
    if sum(seen) == 2:
        stand()

seen, point, sys.argv = [], sys.argv[1], ["flask", *sys.argv[2:]]
if point == "bucket":
    event.listen(Engine, "before_cursor_execute", count)
else:
    module, name = point.split(".")
    setattr(sys.modules[module], name, stand)
main()
"""
CUT, IN_A_BUCKET, CLEARING = "os.fsync", "bucket", "shutil.rmtree"


@pytest.fixture
def clock() -> Clock:
    """Commands in processes of their own have no other."""
    return SystemClock()


@pytest.fixture
def night(tmp_path: Path, house: House, carrier: str) -> Path:
    """Taps of the days before yesterday, two a day, those of one card far apart in the file."""
    bind(house, carrier, [f"mine{n}" for n in range(CARDS)])
    noon = datetime.now(CITY).replace(hour=12, minute=0, second=0, microsecond=0)

    def row(number: int) -> dict[str, Any]:
        if number >= LINES - BROKEN:
            return tap(number, "mine1", noon - timedelta(days=2), quantity="-1")
        turn, other = divmod(number, TAPS)
        if other:
            told = {"evidence": REMARK} if number > SHORT_LINES else {}
            return tap(number, f"stranger{number}", noon - timedelta(days=2), **told)
        back, hour = divmod(turn // CARDS, 2)
        return tap(number, f"mine{turn % CARDS}", noon - timedelta(days=2 + back, hours=3 * hour))

    return write_csv(tmp_path / "night.csv", map(row, range(LINES)))


class Progress:
    """How far the one run is, by what is stored."""

    def __init__(self, house: House) -> None:
        def look(statement: str) -> Any:
            with house.look(COMMAND) as work:
                return work.db.execute(sa.text(statement)).one()

        self.done = look("SELECT count(*) FROM import_bucket")[0]
        self.buckets, finished_at = look("SELECT buckets, finished_at FROM import_run")
        self.finished = finished_at is not None


def workers(point: str, settings: Settings) -> int:
    """How many processes the command has started: one a core, and none for SQLite's one writer."""
    if point == CLEARING or not settings.database_url.startswith("postgresql"):
        return 0
    cores = os.cpu_count() or 1
    return min(cores, 4) if cores > 1 else 0


def killed_at(point: str, settings: Settings, log: Path, words: tuple[str, ...]) -> None:
    """Run the command to where it stands still, and kill it, and nobody else."""
    environ: Environ = environment(settings)
    script = (sys.executable, "-c", SCRIPT, point)
    with running(environ, log, *script, *words) as process:
        process.wait_for("stands still")
        assert len(process.group()) == 1 + workers(point, settings), process.group()
        process.tell(signal.SIGKILL)
        assert process.popen.wait() == -signal.SIGKILL
        # Its workers end with it, in the midst of a bucket or idle.
        until(lambda: process.group() == [], lambda: str(process.group()))


def test_killed_again_and_again_it_ends_as_if_run_once(
    tmp_path: Path, app: Flask, settings: Settings, house: House, carrier: str, night: Path
) -> None:
    words = ("activities", "import", str(night), "--provider", carrier, "--format", "csv")
    log, folder = tmp_path / "import.log", tmp_path / "imports"

    killed_at(CUT, settings, log, words)
    assert [each.name for each in folder.glob("*/*")] == ["spool.part"]
    assert Progress(house).done == 0

    for _ in range(2):
        before = Progress(house)
        killed_at(IN_A_BUCKET, settings, log, words)
        after = Progress(house)
        assert before.done < after.done < after.buckets
        assert [each.name for each in folder.glob("*/*")] == ["spool"]

    killed_at(CLEARING, settings, log, words)
    assert Progress(house).finished
    assert any(folder.iterdir())

    done = app.test_cli_runner().invoke(args=words)
    assert done.exit_code == 0, done.output
    report = json.loads(done.stdout)
    assert report["already_imported"]
    assert report["lines"] == LINES
    assert report["counts"] == {"credited": CREDITED, "rejected": STRANGE + BROKEN}
    assert report["rejected"] == {"bad_quantity": BROKEN, "unknown_subject": STRANGE}
    assert not any(folder.iterdir())
    assert rejected_lines(night) == list(range(LINES - BROKEN + 2, LINES + 2))
    assert kept(house) == Kept(CREDITED, POINTS, CREDITED, POINTS)


def rejected_lines(night: Path) -> list[int]:
    """The file of rejected lines; it was written whole."""
    assert {each.name for each in night.parent.glob("*night.csv*")} == {
        "night.csv", "night.csv.rejected.csv",
    }  # fmt: skip
    with night.with_name("night.csv.rejected.csv").open(encoding="utf-8", newline="") as file:
        return [int(row["line"]) for row in csv.DictReader(file)]
