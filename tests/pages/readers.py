"""Somebody who reads pages in a language, without any database behind them."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from flask import Flask

from app.pages import language


@cache
def _application() -> Flask:
    app = Flask(__name__)
    language.init(app)
    return app


@contextmanager
def reading(tongue: str) -> Iterator[None]:
    """Words are told in this language (zh or en) meanwhile."""
    with _application().test_request_context(headers={"Cookie": f"{language.COOKIE}={tongue}"}):
        yield
