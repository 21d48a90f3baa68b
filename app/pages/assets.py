"""Style, scripts and pictures: under a path that changes with their content, so kept for ever."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from flask import Blueprint, Response, send_from_directory, url_for

FOLDER = Path(__file__).parent / "static"
_YEAR = 365 * 24 * 3600
_DIGITS = 12

blp = Blueprint("assets", __name__)
blueprints = [blp]


@cache
def digest() -> str:
    """The digest of all files together; scripts can name each other by relative paths."""
    every = sha256()
    for path in sorted(FOLDER.rglob("*")):
        if path.is_file():
            every.update(path.relative_to(FOLDER).as_posix().encode() + b"\0" + path.read_bytes())
    return every.hexdigest()[:_DIGITS]


def asset(name: str) -> str:
    """The address of one file of `static`."""
    return url_for("pages.assets.get", version=digest(), name=name)


@blp.get("/assets/<version>/<path:name>")
def get(version: str, name: str) -> Response:
    """One file. A page that was open during an update gets the new file, and asks again."""
    answer = send_from_directory(FOLDER, name, max_age=_YEAR if version == digest() else 0)
    answer.cache_control.immutable = version == digest()
    return answer
