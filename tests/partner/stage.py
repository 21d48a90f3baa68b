"""The partner as a process of its own, and a look at what it says of itself."""

import base64
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.partner.stub import HTTP, SECRET

ROOT = Path(__file__).parents[2]
WHSEC = "whsec_" + base64.b64encode(SECRET).decode()
PATIENCE = 30  # seconds until a test gives up


class Partner:
    """`start` may be called again after `kill`: the state is in a file."""

    def __init__(
        self,
        city: str,
        folder: Path,
        *more: str,
        client: tuple[str, str] = ("cli_1", "s"),
    ) -> None:
        self._arguments = [
            "--city", city, "--client-id", client[0], "--client-secret", client[1], "--control",
            "--webhook-secret", WHSEC, "--state", str(folder / "partner.sqlite3"),
            "--port", "0", "--retry-ms", "20", *more,
        ]  # fmt: skip
        self.url = ""
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> str:
        """Its address, which is a new one at every start."""
        self._process = subprocess.Popen(
            [sys.executable, str(ROOT / "examples" / "partner"), *self._arguments],
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._process.stdout is not None
        said = self._process.stdout.readline()
        if not said:
            self.kill()
            raise AssertionError("the partner did not start")
        self.url = json.loads(said)["url"]
        return self.url

    def kill(self) -> None:
        """As a power cut does."""
        assert self._process is not None
        self._process.kill()
        self.ended()

    def stop(self) -> int:
        """As its keeper does; the exit status."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        return self.ended()

    def ended(self) -> int:
        """Wait for its end; the exit status."""
        assert self._process is not None
        assert self._process.stdout is not None
        status = self._process.wait(PATIENCE)
        self._process.stdout.close()
        return status

    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def do(self, path: str, **body: Any) -> Any:
        answer = HTTP.post(f"{self.url}/control/{path}", json=body, timeout=PATIENCE)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def look(self, path: str = "state") -> Any:
        answer = HTTP.get(f"{self.url}/control/{path}", timeout=PATIENCE)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def exchange(self, name: str) -> dict[str, Any]:
        return next(
            (e for e in self.look()["exchanges"] if e["id"] == name), {"state": None, "attempts": 0}
        )

    def refused(self) -> list[tuple[str, str]]:
        return [(row["kind"], row["name"]) for row in self.look()["refusals"]]


def until(true: Callable[[], Any]) -> Any:
    """What is true at last."""
    end = time.monotonic() + PATIENCE
    while True:
        found = true()
        if found:
            return found
        assert time.monotonic() < end, "it never became true"
        time.sleep(0.02)
