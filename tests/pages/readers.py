"""Somebody who reads: words in a language, without any database behind them; a page."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from html import unescape

from flask import Flask

from app.pages import language
from tests.pages.conftest import Browser


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


def text(browser: Browser) -> str:
    """What one reads on a page, without tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", browser.page)).split())
