"""How the pages are fitted to the application: words, cookies, forms, headers, every blueprint."""

from datetime import timedelta

from flask import Flask
from flask_compress import Compress
from werkzeug.routing import BaseConverter, PathConverter

from app.pages import (
    assets,
    bank,
    entrance,
    language,
    merchant,
    operator,
    resident,
    rights,
    safety,
    screens,
    showing,
    spending,
)
from app.plumbing import takes_forms
from app.settings import Settings


class _Page(PathConverter):
    """Any path that is not the API's: there, an unknown way is a problem and no page."""

    regex = r"(?!v[0-9]|\.well-known/|docs|demo/).*?"


class _Wire(BaseConverter):
    """An id and no other word: the API has addresses beside some of its ids (`…/totals`)."""

    regex = r"[a-z]{3}_[0-9a-z]{26}"


_LONGEST = timedelta(days=30)  # of the longest page session; the shorter ones end by themselves


def init(app: Flask, settings: Settings) -> None:
    """Open the pages. `SECRET_KEY` is set already: it seals the cookie of page sessions."""
    app.config |= {
        # The prefix makes a browser refuse the cookie for other paths, hosts, and without TLS.
        "SESSION_COOKIE_NAME": "__Host-weitan" if settings.production else "weitan",
        "SESSION_COOKIE_SECURE": settings.production,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": _LONGEST,
        # Only an answer that changes the cookie carries it: never one that others may keep.
        "SESSION_REFRESH_EACH_REQUEST": False,
        # Pages are never compressed: they hold secrets beside what somebody else may have typed.
        "COMPRESS_MIMETYPES": ["text/css", "text/javascript", "image/svg+xml"],
        "COMPRESS_STREAMS": False,
    }
    app.url_map.converters |= {"page": _Page, "wire": _Wire}
    language.init(app)
    Compress(app)
    pages = safety.blueprint(app)
    screens.catch(pages)
    showing.init(pages)
    for room in (assets, entrance, resident, spending, rights, merchant, bank, operator):
        for each in room.blueprints:
            pages.register_blueprint(each)
    app.register_blueprint(pages)
    takes_forms(pages.name)
