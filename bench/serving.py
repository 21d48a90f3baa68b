"""The product served as `make serve` does, and requests to it."""

import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.kernel import to_wire
from app.plumbing import tokens
from app.settings import ROOT
from bench import load
from bench.place import Base

_START_SECONDS = 60
_TOKEN_SECONDS = 12 * 3600
_GOOD = 200


class Server:
    """A running server: requests as bytes, and how many a second it answers."""

    def __init__(self, base: Base, port: int) -> None:
        self.base = base
        self.port = port

    def token(self, scope: str, prefix: str, subject: bytes | str) -> str:
        """An access token that outlasts the run."""
        here = self.base.house
        wire = subject if isinstance(subject, str) else to_wire(prefix, subject)
        return tokens.issue(here.signing_keys, here.clock.now(), _TOKEN_SECONDS, scope, wire)

    def rate(
        self, path: Path, connections: int, seconds: float, *, again: bool = False, good: int = 200
    ) -> float:
        """Requests a second for the requests of a file, sent once, or over and over; all of them
        are answered `good`."""
        done = subprocess.run(
            [
                *(sys.executable, "-m", "bench.load", str(self.port), str(connections)),
                *(str(seconds), str(path), *(["again"] if again else [])),
            ],
            cwd=ROOT, stdout=subprocess.PIPE, check=True,
        )  # fmt: skip
        found: dict[str, Any] = json.loads(done.stdout)
        if set(found["statuses"]) != {str(good)}:
            raise RuntimeError(f"not all was taken: {found['statuses']}\n{found['refused']}")
        return float(found["statuses"][str(good)] / found["seconds"])


class Line:
    """One kept-alive connection, one request at a time: what a request alone takes."""

    def __init__(self, server: Server) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port)

    def seconds(
        self, method: str, path: str, headers: dict[str, str], body: bytes | None = None
    ) -> float:
        began = time.perf_counter()
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        took = time.perf_counter() - began
        assert answer.status == _GOOD, content
        return took


def request(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """A whole HTTP request."""
    more = {"Host": "127.0.0.1", **headers}
    if body:
        more["Content-Length"] = str(len(body))
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in more.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def write_requests(path: Path, requests: Sequence[bytes]) -> Path:
    load.write(path, requests)
    return path


@contextmanager
def serve(base: Base, log: Path) -> Iterator[Server]:
    """Serve the product on a free port until the block ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        *(sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py"),
        *("--bind", f"127.0.0.1:{port}", "bench.wsgi:application"),
    ]
    with log.open("w") as out:
        process = subprocess.Popen(
            command, cwd=ROOT, env=base.environment, stdout=out, stderr=subprocess.STDOUT
        )
    try:
        _wait(process, port, log)
        yield Server(base, port)
    finally:
        process.terminate()
        process.wait(_START_SECONDS)


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Wait until the server says that it is ready."""
    until = time.perf_counter() + _START_SECONDS
    while time.perf_counter() < until and process.poll() is None:
        try:
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=_START_SECONDS)
            line.request("GET", "/readyz")
            if line.getresponse().status == _GOOD:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise RuntimeError(f"the server did not start:\n{log.read_text()[-4000:]}")
