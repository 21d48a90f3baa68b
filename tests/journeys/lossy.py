"""A network that loses what it is told to lose: a proxy between a terminal and the real server."""

import socket
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress

PASS, LOSE_REQUEST, LOSE_ANSWER, KEEP = "pass", "lose request", "lose answer", "keep"


class Lossy:
    """Requests meet the fates of `plan` in turn, then pass. Kept ones are sent on by `deliver`."""

    def __init__(self, port: int) -> None:
        self._target = ("127.0.0.1", port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.plan: deque[str] = deque()
        self.kept: list[bytes] = []

    def serve(self) -> None:
        while True:
            try:
                caller, _ = self._listener.accept()
            except OSError:
                return
            with caller, suppress(OSError):
                self._meet(caller)

    def _meet(self, caller: socket.socket) -> None:
        request = _whole(caller)
        fate = self.plan.popleft() if self.plan else PASS
        if fate == KEEP:
            self.kept.append(request)
        if fate in (LOSE_REQUEST, KEEP):
            return
        answer = self.deliver(request)
        if fate == PASS:
            caller.sendall(answer)

    def deliver(self, request: bytes) -> bytes:
        """Send a request to the server; its whole answer."""
        with socket.create_connection(self._target) as server:
            server.sendall(request)
            return _whole(server)

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


def _whole(end: socket.socket) -> bytes:
    """One message of HTTP/1.1 with its body."""
    found = b""
    while b"\r\n\r\n" not in found:
        found += _some(end)
    head, _, body = found.partition(b"\r\n\r\n")
    lengths = [
        int(line.partition(b":")[2])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length:")
    ]
    while len(body) < sum(lengths):
        body += _some(end)
    return head + b"\r\n\r\n" + body


def _some(end: socket.socket) -> bytes:
    part = end.recv(65536)
    if not part:
        raise ConnectionResetError
    return part


@contextmanager
def lossy(port: int) -> Iterator[Lossy]:
    """The network, for as long as the block lasts."""
    network = Lossy(port)
    thread = threading.Thread(target=network.serve)
    thread.start()
    try:
        yield network
    finally:
        network.close()
        thread.join()
