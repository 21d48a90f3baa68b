"""The API, asked in this process by whoever is signed in. The pages' only way to anything.

A request of its own goes through the application as if it came from outside: it is authorised,
limited, logged, made idempotent and committed there. The page holds no connection meanwhile.
"""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import orjson
from flask import Response, current_app, g, request
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder

from app.identity import Session
from app.plumbing import house, tokens

_TOKEN_SECONDS = 60


@dataclass(frozen=True)
class Answer:
    """What the API said: `body` is its JSON, or text where it is none (`text/csv`, `text/html`)."""

    status: int
    body: Any
    headers: dict[str, str]

    @property
    def good(self) -> bool:
        return self.status < HTTPStatus.BAD_REQUEST

    @property
    def code(self) -> str:
        """The stable code of a problem, "" of a good answer."""
        return "" if self.good else str(self.body.get("code", ""))


class Trouble(Exception):
    """An answer that a page cannot go on with; it becomes a page that says what to do."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.code)
        self.answer = answer


def ask(
    method: str,
    path: str,
    body: Any = None,
    *,
    key: str | None = None,
    headers: dict[str, str] | None = None,
    **query: Any,
) -> Answer:
    """One request of the API. `body` is sent as JSON, `key` as Idempotency-Key; None in `query`
    is left out. Asks as the session of this page, else as nobody."""
    builder = EnvironBuilder(
        path=quote(path),  # what stands in an id's place, ? or %, makes it no other address
        method=method,
        base_url=request.host_url,
        query_string={name: value for name, value in query.items() if value is not None},
        data=None if body is None else orjson.dumps(body),
        content_type=None if body is None else "application/json",
        headers=_lines(_headers(g.get("page_session"), key) | (headers or {})),
        environ_base={"REMOTE_ADDR": request.remote_addr},
    )
    application = current_app._get_current_object()  # type: ignore[attr-defined]
    # A context of its own: what an inner request notes about itself is not the page's.
    with application.app_context(), application.request_context(builder.get_environ()):
        return _read(application.full_dispatch_request())


def _headers(who: Session | None, key: str | None) -> dict[str, str]:
    found = {"X-Request-Id": g.request_id, "Accept": "application/json"}
    if who is not None:
        here = house()
        token = tokens.issue(
            here.signing_keys, here.clock.now(), _TOKEN_SECONDS, who.scope, who.wire
        )
        found["Authorization"] = f"Bearer {token}"
    if key:
        found["Idempotency-Key"] = key
    return found


def _lines(headers: dict[str, str]) -> Headers:
    """Headers of a line each, whatever somebody sent in the place of a key or a code."""
    return Headers({name: " ".join(text.splitlines()) for name, text in headers.items()})


def _read(response: Response) -> Answer:
    response.direct_passthrough = False
    is_json = (response.mimetype or "").endswith("json")
    body: Any = orjson.loads(response.get_data()) if is_json else response.get_data(as_text=True)
    if is_json and "Retry-After" in response.headers:
        body["retry_after"] = response.headers["Retry-After"]
    return Answer(response.status_code, body, dict(response.headers))


def get(path: str, **query: Any) -> Any:
    """The body of a GET. Raises Trouble."""
    answer = ask("GET", path, **query)
    if not answer.good:
        raise Trouble(answer)
    return answer.body


def post(path: str, body: Any = None, *, key: str | None = None) -> Answer:
    """A POST; what the API refuses is for the page to tell. Raises Trouble for a lost sign-in."""
    return _told(ask("POST", path, body, key=key))


def delete(path: str, **query: Any) -> Answer:
    """A DELETE, as `post`."""
    return _told(ask("DELETE", path, **query))


def patch(path: str, body: Any) -> Answer:
    """A PATCH, as `post`."""
    return _told(ask("PATCH", path, body))


def _told(answer: Answer) -> Answer:
    if answer.status == HTTPStatus.UNAUTHORIZED:
        raise Trouble(answer)
    return answer
