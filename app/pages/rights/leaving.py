"""Everything about me, to take along; and closing the account."""

from http import HTTPStatus
from typing import Any

import orjson
from flask import Response, request

from app.pages.asking import Answer, Trouble, ask, delete
from app.pages.rights import stepping
from app.pages.rights.around import blp
from app.pages.screens import forget, shown

_FORMATS = {"json": "application/json", "html": "text/html; charset=utf-8"}


@blp.get("/export")
def export() -> Response:
    """What is in it, and in which form one may have it."""
    return shown("rights/export.html", format="html")


@blp.post("/export")
def send_export() -> Response:
    """The file itself."""
    wanted = request.form.get("format", "html")
    if stepping.again():
        return shown("rights/export.html", format=wanted, **stepping.sent())
    code = stepping.given()
    told = {"X-Step-Up-Code": code} if code else {}
    answer = ask("GET", "/v1/me/export", headers=told, format=wanted)
    if answer.status == HTTPStatus.UNAUTHORIZED:
        raise Trouble(answer)
    if not answer.good:
        return shown("rights/export.html", format=wanted, **stepping.told(answer))
    return _file(answer, wanted)


def _file(answer: Answer, wanted: str) -> Response:
    whole = answer.body if isinstance(answer.body, str) else orjson.dumps(answer.body)
    found = Response(whole, content_type=_FORMATS[wanted])
    name = answer.headers.get("Content-Disposition", "attachment")
    found.headers["Content-Disposition"] = name
    return found


@blp.get("/close")
def before_closing() -> Response:
    """What closing loses, what it erases, what has to stay, and until when."""
    return _close()


def _close(problem: Any = None, *, unchecked: bool = False) -> Response:
    answer = delete("/v1/me")
    why = problem if answer.good else answer.body
    return shown("rights/close.html", closing=answer.body, unchecked=unchecked, problem=why)


@blp.post("/close")
def close() -> Response:
    """Close it; this browser forgets whose it was, and says goodbye."""
    if request.form.get("sure") != "yes":
        return _close(unchecked=True)
    answer = delete("/v1/me", confirm="true")
    if not answer.good:
        return _close(answer.body)
    forget("resident")
    return shown("rights/goodbye.html", closing=answer.body)
