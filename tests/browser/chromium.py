"""The browser of the tests: which one it is, said aloud; without one they fail, never skip."""

import os
import shutil
import subprocess
from functools import cache
from typing import Any

import pytest

GIVEN = "WEITAN_TEST_BROWSER"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# As root there is no sandbox; and it is to talk to nobody but the city on loopback.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@cache
def program() -> str | None:
    """The path of a Chromium, or None."""
    given = os.environ.get(GIVEN)
    return given or next(filter(None, map(shutil.which, NAMES)), None)


def must_have() -> str:
    """The path of a Chromium; a test that needs it fails without."""
    found = program()
    if found is None:
        pytest.fail(
            "No browser: the pages are tested in a real one. On Debian: apt-get install chromium."
            f" Or name one by {GIVEN}."
        )
    return found


def pytest_report_header(config: Any) -> str:
    """What stands at the top of every run."""
    del config
    found = program()
    if found is None:
        return "browser: NONE (tests of the pages will fail: apt-get install chromium)"
    told = subprocess.run([found, "--version"], capture_output=True, text=True, check=False)
    return f"browser: {told.stdout.strip()} ({found})"
