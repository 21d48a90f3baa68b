"""A server that is killed wherever a test wants it to be."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from app.kernel import FixedClock
from app.settings import Settings
from tests.architecture.sources import ROOT
from tests.conftest import Headers
from tests.journeys.live import environment

# A server that may be told to die at a point of a request's way: before its n-th statement or
# commit, or once its connection is back after the commit. Who dies is a child of it.
SCRIPT = """
import json, os, signal, sys
from datetime import datetime
from sqlalchemy import event
from app import create_app
from app.kernel import FixedClock
from app.plumbing import house
from app.settings import Settings

app = create_app(Settings.from_env(), FixedClock(datetime.fromisoformat(sys.argv[1])))
engine, passed, asked = house(app).engine, [], {}

def point(*args):
    passed.append(1)
    if len(passed) == asked["dies_at"]:
        os.kill(os.getpid(), signal.SIGKILL)

for name in ("before_cursor_execute", "commit", "checkin"):
    event.listen(engine, name, point)
for line in sys.stdin:
    passed, asked = [], json.loads(line)
    child = os.fork() if asked["dies_at"] else 0
    if child:
        _, status = os.waitpid(child, 0)
        found = {"killed": os.WIFSIGNALED(status)}
    else:
        sent = {"json": asked["body"], "headers": asked["headers"]}
        answer = app.test_client().post(asked["path"], **sent)
        found = {
            "status": answer.status_code,
            "replayed": "Idempotency-Replayed" in answer.headers,
            "body": answer.get_json(),
            "points": len(passed),
        }
        engine.dispose()
        if asked["dies_at"]:
            os._exit(0)
    sys.__stdout__.write("told " + json.dumps(found) + "\\n")
    sys.__stdout__.flush()
"""


class Mortal:
    """A server that dies when it is told to."""

    def __init__(self, settings: Settings, clock: FixedClock, log: Path) -> None:
        command = [sys.executable, "-c", SCRIPT, clock.instant.isoformat()]
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        environ = environment(settings)
        with log.open("wb") as err:
            self._process = subprocess.Popen(command, cwd=ROOT, env=environ, stderr=err, **pipes)
        self._points: dict[str, int] = {}
        self._replayed: Counter[str] = Counter()

    def ask(self, path: str, headers: Headers, body: Any, key: str, dies_at: int = 0) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        asked = {"path": path, "body": body, "headers": headers | {"Idempotency-Key": key}}
        self._process.stdin.write(json.dumps(asked | {"dies_at": dies_at}).encode() + b"\n")
        self._process.stdin.flush()
        for line in self._process.stdout:
            if line.startswith(b"told "):
                return json.loads(line.removeprefix(b"told "))
        raise AssertionError("the server is gone")

    def end(self) -> None:
        self._process.communicate()

    def tried(self, act: str, before: int | None, path: str, headers: Headers, body: Any) -> Any:
        """Killed so many points before its end, and sent again; or left alone, to count them."""
        asked = (path, headers, body, f"{act} {before}")
        if before is not None:
            assert self.ask(*asked, self._points[act] - before)["killed"], asked
        again = self.ask(*asked)
        assert again["status"] in {200, 201}, again
        self._points.setdefault(act, again["points"])
        self._replayed[act] += again["replayed"]
        return again["body"]

    def reached(self, most: int) -> None:
        """Every act went through more points than it was killed at, and only who had committed
        replayed: the last point is past the commit, the others are before it."""
        assert self._replayed == dict.fromkeys(self._points, 1)
        assert min(self._points.values()) > most, self._points
