"""Every *no* as RFC 9457 `application/problem+json`, in one place.

Refusals carry a stable code; HTTP errors of the framework get one here; anything else is a 500
that tells the caller nothing but the request id.
"""

from http import HTTPStatus
from typing import Any

import orjson
import structlog
from flask import Flask, Response, g
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, TimeoutError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from app.kernel import Refusal

_STATUS = {
    "malformed": 400,
    "unauthorized": 401,
    "forbidden": 403,
    "not_found": 404,
    "conflict": 409,
    "invalid": 422,
    "too_many": 429,
    "unavailable": 503,
}
_CODES = {
    400: "malformed",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    413: "body_too_large",
    415: "unsupported_media_type",
    422: "invalid",
    429: "rate_limited",
    500: "internal_error",
    503: "unavailable",
}
_log = structlog.get_logger("problem")
_TYPES = "https://weitan.invalid/problems/"


def register(app: Flask) -> None:
    """Take over every error of the application."""
    app.register_error_handler(Exception, of)


def of(error: Exception) -> Response:
    """The problem document of whatever went wrong, noted where it is our own fault."""
    if isinstance(error, Refusal | HTTPException):
        return response(error)
    if isinstance(error, OperationalError | InterfaceError | TimeoutError):
        return _database_gone(error)
    return _unexpected(error)


def response(error: Refusal | HTTPException) -> Response:
    """The problem document of a refusal or of one of the framework's errors."""
    if isinstance(error, Refusal):
        return _of_refusal(error)
    return _of_http(error)


def _of_refusal(refusal: Refusal) -> Response:
    status = _STATUS[refusal.kind]
    extra = dict(refusal.extra)
    headers = {}
    if "retry_after" in extra:
        headers["Retry-After"] = str(extra.pop("retry_after"))
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = extra.pop("challenge", 'Bearer realm="weitan"')
    headers |= extra.pop("headers", {})
    return _document(status, refusal.code, refusal.detail, headers, extra)


def _of_http(error: HTTPException) -> Response:
    status = error.code or 500
    data: dict[str, Any] = getattr(error, "data", None) or {}
    extra: dict[str, Any] = {}
    code, detail = _CODES.get(status, "http_error"), error.description or ""
    if "messages" in data:
        extra["errors"] = _pointers(data["messages"])
        detail = "Some fields are wrong; see errors."
    if isinstance(error, RequestEntityTooLarge):
        detail = "The body is larger than this path accepts."
    headers = {k: v for k, v in error.get_headers() if k.lower() != "content-type"}
    headers |= data.get("headers") or {}
    return _document(status, code, detail, headers, extra)


def _database_gone(error: DBAPIError | TimeoutError) -> Response:
    _log.error("database_unavailable", error=type(error).__name__)
    return _document(
        503, "unavailable", "The database does not answer; try again.", {"Retry-After": "2"}, {}
    )


def _unexpected(error: Exception) -> Response:
    _log.exception("unexpected", error=type(error).__name__)
    return _document(500, "internal_error", "Something failed here; quote the request id.", {}, {})


def _document(
    status: int, code: str, detail: str, headers: dict[str, str], extra: dict[str, Any]
) -> Response:
    body = {
        "type": _TYPES + code,
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": g.get("request_id", ""),
        **extra,
    }
    answer = Response(orjson.dumps(body), status=status, content_type="application/problem+json")
    for name, value in headers.items():
        answer.headers[name] = value
    return answer


def _pointers(messages: dict[str, Any]) -> list[dict[str, str]]:
    """marshmallow's nested messages as `{pointer, code, detail}` rows."""
    rows: list[dict[str, str]] = []

    def walk(node: Any, path: str) -> None:
        if isinstance(node, dict):
            for key, below in node.items():
                step = str(key).replace("~", "~0").replace("/", "~1")  # RFC 6901
                walk(below, path if key == "_schema" else f"{path}/{step}")
        else:
            sentences = [str(each) for each in (node if isinstance(node, list) else [node])]
            rows.extend(
                {"pointer": path, "code": _sentence_code(each), "detail": each}
                for each in sentences
            )

    for location, inner in messages.items():
        walk(inner, "" if location in {"json", "json_or_form"} else f"/{location}")
    return rows[:100]


def _sentence_code(sentence: str) -> str:
    if sentence.startswith("Missing data"):
        return "required"
    return "unknown_field" if sentence == "Unknown field." else "invalid"
