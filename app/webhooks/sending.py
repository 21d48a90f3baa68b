"""One attempt over HTTP: the bytes go out, a status comes back, or nothing does.

No redirect is followed, no proxy of the environment is used, nothing is tried twice here. Whatever
the other side does, ten seconds end it.
"""

import socket
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from threading import Timer
from urllib.parse import SplitResult, urlsplit

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from app.webhooks.model import Answer, public

SECONDS = 10  # for all of an attempt
_MOST_READ = 1 << 16  # of an answer's body, which nobody looks at


class _NotAllowed(OSError):
    """The name leads to an address that is not anybody's on the internet."""


def send(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    now: datetime,
    inside: bool,
    seconds: int = SECONDS,
) -> Answer:
    """POST the body; `now` is what a Retry-After with a date is measured from.

    `inside` allows addresses of this machine and of private networks.
    """
    parts = urlsplit(url)
    try:
        connection = _connection(parts, inside, seconds)
    except OSError as error:
        return Answer(None, why=type(error).__name__.strip("_"))
    opened: list[socket.socket] = []
    limit = Timer(seconds, _cut, [connection, opened])
    limit.daemon = True
    limit.start()
    try:
        _post(connection, parts, body, headers)
        opened.append(connection.sock)
        return _answered(connection, now)
    except (HTTPError, HTTPException, OSError, ValueError) as error:
        return Answer(None, why=type(error).__name__)
    finally:
        limit.cancel()
        connection.close()


def _connection(parts: SplitResult, inside: bool, seconds: int) -> HTTPConnection:
    """To the address that was looked at, so that a name cannot lead elsewhere in between."""
    host, secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    address = _looked_up(host, port, inside)
    if secure:
        return HTTPSConnection(
            address, port, timeout=seconds, server_hostname=host, assert_hostname=host
        )
    return HTTPConnection(address, port, timeout=seconds)


def _looked_up(host: str, port: int, inside: bool) -> str:
    """One address of a host, of the older kind if there is one."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    ordered = sorted(found, key=lambda each: each[0] != socket.AF_INET)
    addresses = [str(each[4][0]) for each in ordered]
    if not inside and not all(map(public, addresses)):
        raise _NotAllowed(host)
    return addresses[0]


def _post(
    connection: HTTPConnection, parts: SplitResult, body: bytes, headers: Mapping[str, str]
) -> None:
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    whom = {"host": parts.netloc, "user-agent": "weitan-webhooks", "connection": "close"}
    connection.request("POST", target, body, {**headers, **whom}, preload_content=False)


def _answered(connection: HTTPConnection, now: datetime) -> Answer:
    answer = connection.getresponse()
    with suppress(HTTPError, HTTPException, OSError, ValueError):
        # A server that is cut off before it has said all may take it for an error of its own.
        answer.read(_MOST_READ, decode_content=False)
    return Answer(answer.status, _retry_after(answer.headers.get("retry-after"), now))


def _cut(connection: HTTPConnection, opened: list[socket.socket]) -> None:
    """End what another thread waits for; merely closing it would not wake that thread.

    A connection lets go of its socket when the answer says that it is the last.
    """
    for each in (connection.sock, *opened):
        with suppress(OSError, AttributeError):
            each.shutdown(socket.SHUT_RDWR)


def _retry_after(text: str | None, now: datetime) -> timedelta | None:
    """Seconds or a date (RFC 9110, 10.2.3); what is neither is as good as nothing."""
    if text is None:
        return None
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text[:9]), 86_400))
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(at - now, timedelta())
