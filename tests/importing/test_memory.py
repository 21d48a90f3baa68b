"""An import takes as much memory for ten times the file."""

import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.kernel import Clock, SystemClock
from app.plumbing import House
from app.settings import Settings
from tests.architecture.sources import ROOT
from tests.importing.conftest import Row, kept, tap, write_csv
from tests.journeys.live import PATIENCE_S, environment
from tests.journeys.people import CITY

# The command; the most memory it ever had, in KiB, is the last thing that it says.
SCRIPT = """
import atexit, re, sys
from pathlib import Path
from flask.cli import main

def most():
    status = Path("/proc/self/status").read_text()
    print(re.search(r"VmHWM:\\s+(\\d+) kB", status)[1])

atexit.register(most)
sys.argv[0] = "flask"
main()
"""
LINES = 15_000


@pytest.fixture
def clock() -> Clock:
    """Commands in processes of their own have no other."""
    return SystemClock()


@pytest.fixture(params=["sqlite"])
def database_url(request: pytest.FixtureRequest, sqlite_template: Path, tmp_path: Path) -> str:
    """SQLite, where one process does everything."""
    (tmp_path / "weitan.db").write_bytes(sqlite_template.read_bytes())
    return f"sqlite:///{tmp_path / 'weitan.db'}"


def most_memory(settings: Settings, path: Path, carrier: str) -> int:
    words = ("activities", "import", str(path), "--provider", carrier, "--format", "csv")
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *words],
        cwd=ROOT, env=environment(settings), capture_output=True, text=True, timeout=PATIENCE_S,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return int(done.stdout.splitlines()[-1])


def night(path: Path, lines: int, first_hour: int) -> Path:
    """A hundred lines are of cards that somebody holds, and one of these is wrong."""
    midnight = datetime.now(CITY).replace(hour=0, minute=0, second=0, microsecond=0)
    every = lines // 100

    def row(number: int) -> Row:
        turn, other = divmod(number, every)
        day, hour = timedelta(days=2 + turn // 10 % 5), timedelta(hours=first_hour + turn // 50)
        told = {"reference": f"{lines}-{number}"} | ({} if number else {"quantity": "-1"})
        card = f"stranger{number}" if other else f"card{turn % 10}"
        return tap(number, card, midnight - day + hour, **told)

    return write_csv(path, map(row, range(lines)))


def test_memory_does_not_grow_with_the_file(
    tmp_path: Path, settings: Settings, house: House, carrier: str
) -> None:
    small = most_memory(settings, night(tmp_path / "small.csv", LINES, 8), carrier)
    large = most_memory(settings, night(tmp_path / "large.csv", 10 * LINES, 18), carrier)
    assert kept(house).acts == 2 * 99
    # Less than what the lines alone would take as values.
    assert large < small * 9 // 8
