"""Pages as a browser without a screen sees them: signed in, with the tokens of its forms."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import identity
from app.kernel import FixedClock, from_wire
from app.plumbing import Actor, House
from tests.redemption.market import Market

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_ONCE = re.compile(r'name="once" value="([^"]+)"')
_PREFIX = {"resident": "res"}


class Browser:
    """A Flask client that keeps the newest page and sends its forms with their tokens."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.page = ""

    def get(self, path: str, **more: Any) -> TestResponse:
        """Follow a link, and all redirects."""
        return self._seen(self.client.get(path, follow_redirects=True, **more))

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        """Send a form of the newest page, and follow to where it leads."""
        more = {"follow_redirects": True} | more
        return self._seen(self.client.post(path, data=self.tokens() | (data or {}), **more))

    def tokens(self) -> dict[str, str]:
        """What the newest page's forms hold against forgery and repetition."""
        found = {"csrf_token": _TOKEN.search(self.page), "once": _ONCE.search(self.page)}
        return {name: unescape(match[1]) for name, match in found.items() if match}

    def speak(self, language: str) -> None:
        """Read in Chinese (`zh`) or English (`en`) from now on."""
        self.client.set_cookie("language", language)

    def _seen(self, answer: TestResponse) -> TestResponse:
        self.page = answer.get_data(as_text=True)
        return answer


def sign_in_to_pages(app: Flask, house: House, scope: str, wire: str) -> Browser:
    """A browser with a page session of a resident or a client, reading English."""
    subject = from_wire(_PREFIX.get(scope, "cli"), wire)
    assert subject is not None
    with house.work(Actor("command")) as work:
        key, session = identity.enter(work, scope, subject)
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["keys"] = {session.scope: key}
    found = Browser(client)
    found.speak("en")
    return found


@pytest.fixture
def browse(app: Flask, house: House) -> Callable[..., Browser]:
    """`browse(scope, wire)`: a browser signed in as this resident or client; as nobody without."""

    def make(scope: str | None = None, wire: str = "") -> Browser:
        if scope is not None:
            return sign_in_to_pages(app, house, scope, wire)
        found = Browser(app.test_client())
        found.speak("en")
        return found

    return make


@pytest.fixture
def market(app: Flask, clock: FixedClock) -> Market:
    return Market(app, clock, app.test_client())
