"""The city's HTTP interface, as its partner calls it: token, keys, and what no answer means."""

import base64
import json
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException
from threading import Lock
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from partner.faults import Faults, go_away

PATIENCE = 10  # seconds for one answer
PAGE = 200


class NoAnswer(Exception):
    """Nobody knows whether the city did it: ask again, with the same key."""


@dataclass(frozen=True)
class Answer:
    """What the city decided: `status` of HTTP and the body, whose `code` says why not."""

    status: int
    body: dict[str, Any]

    @property
    def good(self) -> bool:
        return self.status < HTTPStatus.MULTIPLE_CHOICES


class City:
    """Each call raises NoAnswer where asking again is right, and answers what is final."""

    def __init__(self, url: str, client_id: str, client_secret: str, faults: Faults) -> None:
        self._url = url.rstrip("/")
        self._basic = base64.b64encode(f"{client_id}:{client_secret}".encode()).decode()
        self._faults = faults
        self._token = ""
        self._lock = Lock()

    def get(self, path: str, **asked: str | int) -> Answer:
        """Look at something."""
        return self._call("GET", path + ("?" + urlencode(asked) if asked else ""), None, None)

    def post(self, path: str, body: Any, key: str | None = None) -> Answer:
        """Change something. With `key` (Idempotency-Key) it happens once, however often we ask;
        the city keeps a key for a day and wants another one for another body."""
        self._faults.wait("call_delay_ms")
        if self._faults.on_call("exit_before", path):
            go_away()
        if self._faults.on_call("call_lost", path):
            raise NoAnswer
        answer = self._call("POST", path, body, key)
        if self._faults.on_call("exit_after", path):
            go_away()
        if self._faults.on_call("call_twice", path):
            answer = self._call("POST", path, body, key)
        if self._faults.on_call("answer_lost", path):
            raise NoAnswer
        return answer

    def events(self, after: int) -> list[dict[str, Any]]:
        """All that happened since the event `after`, by sequence."""
        found: list[dict[str, Any]] = []
        while True:
            answer = self.get("/v1/partner/events", after=after, limit=PAGE)
            if not answer.good:
                raise NoAnswer
            items = answer.body["items"]
            found += items
            if not items or len(items) < PAGE:
                return found
            after = max(item["sequence"] for item in items)

    def _call(self, method: str, path: str, body: Any, key: str | None) -> Answer:
        headers = {"Idempotency-Key": key} if key else {}
        answer = self._send(method, path, body, headers | self._bearer())
        if answer.status == HTTPStatus.UNAUTHORIZED:  # the token has run out
            answer = self._send(method, path, body, headers | self._bearer(renew=True))
            if answer.status == HTTPStatus.UNAUTHORIZED:
                raise NoAnswer
        return answer

    def _bearer(self, renew: bool = False) -> dict[str, str]:
        with self._lock:
            if renew or not self._token:
                who = {"Authorization": f"Basic {self._basic}"}
                asked = {"grant_type": "client_credentials"}
                answer = self._send("POST", "/v1/auth/token", asked, who)
                if not answer.good:
                    raise NoAnswer
                self._token = str(answer.body["access_token"])
            return {"Authorization": f"Bearer {self._token}"}

    def _send(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Answer:
        data = None
        if body is not None:
            data, headers = spelled(body), headers | {"Content-Type": "application/json"}
        request = Request(self._url + path, data, headers, method=method)
        try:
            with urlopen(request, timeout=PATIENCE) as answer:
                return Answer(answer.status, json.load(answer))
        except HTTPError as no:
            with no:
                return _refusal(no)
        except (OSError, HTTPException, ValueError) as lost:
            raise NoAnswer from lost


def _refusal(no: HTTPError) -> Answer:
    """A refusal is an answer, unless it says "later": 429, 5xx, or any with Retry-After."""
    if no.code == HTTPStatus.TOO_MANY_REQUESTS or no.code >= 500 or no.headers.get("Retry-After"):
        raise NoAnswer
    try:
        body = json.load(no)
    except (OSError, ValueError) as broken:
        raise NoAnswer from broken
    return Answer(no.code, body if isinstance(body, dict) else {})


def spelled(body: Any) -> bytes:
    """A body as bytes: the same body always the same bytes, so that a key fits it."""
    return json.dumps(body, sort_keys=True, separators=(",", ":")).encode()
