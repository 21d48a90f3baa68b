"""What every page is sent with: a strict policy of contents, tokens against forged forms."""

from flask import Blueprint, Flask, Response, current_app, request
from flask import session as cookie
from flask_wtf.csrf import CSRFProtect

from app.plumbing import house

_SOURCES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",  # codes drawn on the server, a photo on its way to it
    "connect-src": "'self'",
    "media-src": "'self' blob:",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
_HEADERS = {
    "Content-Security-Policy": "; ".join(f"{what} {who}" for what, who in _SOURCES.items()),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), screen-wake-lock=(self), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
_LOOKS = {"GET", "HEAD", "OPTIONS"}
_YEAR = 365 * 24 * 3600


def blueprint(app: Flask) -> Blueprint:
    """The blueprint around all pages: forms are checked before, headers are written after."""
    app.config |= {
        "WTF_CSRF_CHECK_DEFAULT": False,
        "WTF_CSRF_TIME_LIMIT": None,
        # A token in a cookie that is not sent along from other sites is enough; views inside other
        # applications may tell no Referer at all.
        "WTF_CSRF_SSL_STRICT": False,
    }
    forged = CSRFProtect(app)
    pages = Blueprint("pages", __name__, template_folder="templates")

    @pages.before_request
    def _check() -> None:
        if request.method not in _LOOKS and request.endpoint != "pages.entrance.nothing":
            forged.protect()

    pages.after_request(_write_headers)
    return pages


def renew() -> None:
    """Take no form of this browser any more that was drawn until now."""
    cookie.pop(current_app.config["WTF_CSRF_FIELD_NAME"], None)


def _write_headers(answer: Response) -> Response:
    for name, value in _HEADERS.items():
        answer.headers.setdefault(name, value)
    if house().settings.production:
        answer.headers.setdefault("Strict-Transport-Security", f"max-age={_YEAR}")
    if not answer.cache_control.max_age:
        # The way back shows nobody's account to whoever holds the phone next.
        answer.cache_control.no_store = True
    return answer
