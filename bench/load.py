"""A client that keeps connections busy, in a process of its own:
`python -m bench.load PORT CONNECTIONS SECONDS FILE`.

FILE holds whole HTTP requests, each after its length; they are sent in turn, over and over where
`again` is said. Every connection has one request under way at any time. Prints one line of JSON.
"""

import json
import selectors
import socket
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import cycle
from pathlib import Path
from struct import Struct

LENGTH = Struct("<I")
_BLOCK = 1 << 18
_PATIENCE_SECONDS = 30


def write(path: Path, requests: Iterable[bytes]) -> None:
    """Write requests in the form that this client reads."""
    with path.open("wb") as file:
        for request in requests:
            file.write(LENGTH.pack(len(request)))
            file.write(request)


def read(path: Path) -> list[bytes]:
    found, block, at = [], path.read_bytes(), 0
    while at < len(block):
        (length,) = LENGTH.unpack_from(block, at)
        at += LENGTH.size
        found.append(block[at : at + length])
        at += length
    return found


class Connection:
    """One kept-alive connection and the request under way on it."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)
        self.left = memoryview(b"")
        self.answer = bytearray()

    def begin(self, request: bytes) -> None:
        self.left = memoryview(request)
        self.answer.clear()

    def push(self) -> None:
        """Send what the socket takes."""
        try:
            self.left = self.left[self.socket.send(self.left) :]
        except BlockingIOError:
            return

    def pull(self) -> int | None:
        """Read what has come; the status once the answer is whole."""
        block = self.socket.recv(_BLOCK)
        if not block:
            raise ConnectionError("the server closed a connection")
        self.answer += block
        end = self.answer.find(b"\r\n\r\n")
        if end < 0:
            return None
        head = bytes(self.answer[:end]).lower()
        _, found, length = head.partition(b"content-length: ")
        assert found, head
        whole = end + 4 + int(length.split(b"\r\n", 1)[0])
        return int(head.split(b" ", 2)[1]) if len(self.answer) >= whole else None


def drive(port: int, count: int, seconds: float, requests: Iterator[bytes]) -> dict[str, object]:
    """Send requests for so many seconds, or until there are none left; `refused` is the last
    answer that was no success."""
    poll = selectors.DefaultSelector()
    statuses: Counter[int] = Counter()
    began = time.perf_counter()
    until, last, refused = began + seconds, began, ""
    for _ in range(count):
        each = Connection(port)
        poll.register(each.socket, selectors.EVENT_READ, each)
        _next(poll, each, requests)
    while poll.get_map():
        events = poll.select(_PATIENCE_SECONDS)
        if not events:
            raise TimeoutError("the server does not answer")
        for key, event in events:
            each = key.data
            if event & selectors.EVENT_WRITE:
                each.push()
                _watch(poll, each)
            if not event & selectors.EVENT_READ:
                continue
            status = each.pull()
            if status is None:
                continue
            last = time.perf_counter()
            statuses[status] += 1
            if status >= 400:
                refused = bytes(each.answer).decode(errors="replace")
            if last > until or not _next(poll, each, requests):
                poll.unregister(each.socket)
                each.socket.close()
    return {"seconds": last - began, "statuses": dict(statuses), "refused": refused}


def _next(poll: selectors.BaseSelector, each: Connection, requests: Iterator[bytes]) -> bool:
    request = next(requests, None)
    if request is None:
        return False
    each.begin(request)
    each.push()
    _watch(poll, each)
    return True


def _watch(poll: selectors.BaseSelector, each: Connection) -> None:
    """Wait for room to send only while something is left to send."""
    wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if each.left else 0)
    if poll.get_key(each.socket).events != wanted:
        poll.modify(each.socket, wanted, each)


def main() -> None:
    port, count, seconds, path, *again = sys.argv[1:]
    requests = read(Path(path))
    turns = cycle(requests) if again else iter(requests)
    print(json.dumps(drive(int(port), int(count), float(seconds), turns)))


if __name__ == "__main__":
    main()
