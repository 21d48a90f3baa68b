"""Style, scripts and pictures: under a path that changes with their content, so kept for ever."""

from functools import cache
from hashlib import sha256
from mimetypes import guess_type
from pathlib import Path

from flask import Blueprint, Response, abort, url_for

FOLDER = Path(__file__).parent / "static"
_YEAR = 365 * 24 * 3600
_DIGITS = 12

blp = Blueprint("assets", __name__)
blueprints = [blp]


@cache
def files() -> dict[str, bytes]:
    """Every file of `static` by its path there. They are few and small."""
    every = sorted(path for path in FOLDER.rglob("*") if path.is_file())
    return {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in every}


@cache
def digest() -> str:
    """The digest of all files together; scripts can name each other by relative paths."""
    every = sha256()
    for name, content in files().items():
        every.update(name.encode() + b"\0" + content)
    return every.hexdigest()[:_DIGITS]


def asset(name: str) -> str:
    """The address of one file of `static`."""
    return url_for("pages.assets.get", version=digest(), name=name)


@blp.get("/assets/<version>/<path:name>")
def get(version: str, name: str) -> Response:
    """One file. A page that was open during an update gets the new file, and asks again."""
    if name not in files():
        abort(404)
    answer = Response(files()[name], mimetype=guess_type(name)[0])
    if version == digest():
        answer.cache_control.public = True
        answer.cache_control.max_age = _YEAR
        answer.cache_control.immutable = True
    return answer
