"""The partner's HTTP side: webhooks of the city, and the tester's controls."""

import json
import socket
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from typing import Any
from urllib.parse import unquote, urlsplit

from partner import inbox, webhook
from partner.book import Book
from partner.city import NoAnswer
from partner.control import Control, Missing
from partner.faults import Faults

LARGEST = 1 << 20  # bytes of a body
Reply = tuple[int, Any]


class Server(ThreadingHTTPServer):
    """Listens on this machine only. `control` is None where nobody is to play with it."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self, port: int, book: Book, secrets: list[bytes], faults: Faults, control: Control | None
    ) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.book, self.secrets, self.faults, self.control = book, secrets, faults, control
        self.aside: list[tuple[str, Any]] = []
        self.lock = Lock()

    @property
    def url(self) -> str:
        """Where we are."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Drop(Exception):
    """Close the connection without an answer."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30  # seconds a connection may be idle
    server: Server

    def do_GET(self) -> None:
        self._answer(self._get)

    def do_POST(self) -> None:
        self._answer(self._post)

    def log_message(self, *_: Any) -> None:
        """Nothing of what passes is written to a log."""

    def _answer(self, act: Any) -> None:
        try:
            status, body = act(unquote(urlsplit(self.path).path))
        except _Drop:
            self.close_connection = True
            with suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)
            return
        except Missing:
            status, body = 404, {"code": "not_found"}
        except NoAnswer:
            status, body = 503, {"code": "city_does_not_answer"}
        except (KeyError, ValueError, TypeError) as wrong:
            status, body = 422, {"code": "invalid", "detail": repr(wrong)}
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def _get(self, path: str) -> Reply:
        if path == "/healthz":
            return 200, {"status": "alive"}
        if self.server.control is None or not path.startswith("/control/"):
            raise Missing
        return 200, self.server.control.look(path.removeprefix("/control/"))

    def _post(self, path: str) -> Reply:
        raw = self._body()
        if path == "/webhooks":
            return self._webhook(raw)
        if self.server.control is None or not path.startswith("/control/"):
            raise Missing
        return 200, self.server.control.do(
            path.removeprefix("/control/"), json.loads(raw) if raw else {}
        )

    def _body(self) -> bytes:
        length = int(self.headers.get("Content-Length") or 0)
        if not 0 <= length <= LARGEST:
            self.close_connection = True
            raise ValueError("The body is too large.")
        return self.rfile.read(length)

    # Webhooks: keep, answer, and let the worker act. Whoever acts before answering is asked again
    # by a sender that lost its patience.

    def _webhook(self, raw: bytes) -> Reply:
        faults = self.server.faults
        faults.wait("delay_ms")
        if faults.strikes("answer_500"):
            return 500, {"code": "internal_error"}
        if faults.strikes("drop_before"):
            raise _Drop
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            name = webhook.verify(self.server.secrets, headers, raw, int(time.time()))
        except webhook.Refused as refused:
            self.server.book.note(str(refused), headers.get("webhook-id", ""))
            return 401, {"code": str(refused)}
        if not faults.strikes("lose"):
            self._take(name, json.loads(raw))
        if faults.strikes("drop_after"):
            raise _Drop
        return 200, {"received": name}

    def _take(self, name: str, event: Any) -> None:
        server = self.server
        if server.faults.strikes("reorder"):
            with server.lock:
                server.aside.append((name, event))
            return
        with server.lock:
            before, server.aside = server.aside, []
        times = 2 if server.faults.strikes("duplicate") else 1
        for each in [(name, event)] * times + before:
            if not inbox.take(server.book, *each):
                server.book.note("duplicate", each[0])
