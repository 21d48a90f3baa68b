"""A party's server: a real one on a loopback port, which does what a test tells it to."""

import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

# What a server does with a request: a status, a status with headers, or something of its own.
Does = int | tuple[int, dict[str, str]] | Callable[[BaseHTTPRequestHandler], None]


@dataclass(frozen=True)
class Got:
    """A request as it came in."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


@dataclass
class Receiver:
    """`does` is used up from the front; afterwards, and in the beginning, it answers `always`."""

    always: Does = 204
    does: list[Does] = field(default_factory=list)
    got: list[Got] = field(default_factory=list)
    port: int = 0
    tls: ssl.SSLContext | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)
    ending: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks?from=city"

    @property
    def ids(self) -> list[str]:
        return [each.id for each in self.got]

    @property
    def sequences(self) -> list[int]:
        return [each.json["sequence"] for each in self.got]

    def take(self, got: Got) -> Does:
        with self.lock:
            self.got.append(got)
            return self.does.pop(0) if self.does else self.always

    def hang(self, _request: BaseHTTPRequestHandler) -> None:
        """Say nothing until the test is over."""
        self.ending.wait(60)

    def drip(self, request: BaseHTTPRequestHandler) -> None:
        """Begin an answer and never come to its end."""
        while not self.ending.wait(0.1):
            request.wfile.write(b"H")
            request.wfile.flush()

    def drip_body(self, request: BaseHTTPRequestHandler) -> None:
        """Say that it went well, and then go on for ever."""
        request.send_response(200)
        request.send_header("content-length", "100000")
        request.end_headers()
        while not self.ending.wait(0.1):
            request.wfile.write(b".")
            request.wfile.flush()


def drop(request: BaseHTTPRequestHandler) -> None:
    """End the connection without a word."""
    request.connection.shutdown(socket.SHUT_RDWR)


def slowly(request: BaseHTTPRequestHandler) -> None:
    time.sleep(0.05)
    request.send_response(200)
    request.end_headers()


@contextmanager
def receiving(**how: Any) -> Iterator[Receiver]:
    """A party's server for as long as the block."""
    receiver = Receiver(**how)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            does = receiver.take(Got(self.path, headers, body))
            if callable(does):
                try:
                    does(self)
                except OSError:
                    self.close_connection = True
                return
            status, more = does if isinstance(does, tuple) else (does, {})
            self.send_response(status)
            for name, value in more.items():
                self.send_header(name, value)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # callers may go away
    if receiver.tls:
        # The handshake is left to the thread of the request, so that a failed one ends only that.
        server.socket = receiver.tls.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.ending.set()
        server.shutdown()
        thread.join()
        server.server_close()
