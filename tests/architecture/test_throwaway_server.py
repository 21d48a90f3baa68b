"""The tests' own PostgreSQL: any programs will do, and nothing outlives its owner."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg

from tests import postgres
from tests.architecture.sources import ROOT

OWNER_THAT_DIES = """
import os, signal
from tests.postgres import throwaway_server
with throwaway_server() as address:
    print(address, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_packaged_programs_serve_and_leave_nothing() -> None:
    with postgres.throwaway_server(fsync=True, programs=postgres.packaged_programs()) as address:
        folder = Path(address.partition("host=")[2])
        with psycopg.connect(address.replace("+psycopg", "")) as connection:
            assert connection.execute("SHOW fsync").fetchone() == ("on",)
            assert connection.info.server_version >= postgres.OLDEST_VERSION * 10_000
    assert not folder.exists()


def test_a_killed_owner_takes_its_server_along() -> None:
    owner = subprocess.run(
        [sys.executable, "-c", OWNER_THAT_DIES],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert owner.returncode == -signal.SIGKILL
    folder = Path(owner.stdout.strip().partition("host=")[2])
    deadline = time.monotonic() + 20
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not folder.exists()
