"""Rate limits with their headers. By caller where there is a good token, else by address."""

from contextlib import suppress
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, request
from flask_limiter import Limiter
from flask_limiter.constants import HeaderNames
from flask_limiter.util import get_remote_address
from werkzeug.middleware.proxy_fix import ProxyFix

from app.kernel import Unauthorized
from app.plumbing import tokens
from app.plumbing.work import house
from app.settings import Settings


def _caller() -> str:
    # Only a verified token names a caller: with invented ones an address could have any number of
    # allowances, and with a new one after each refresh so could a resident.
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "bearer" and token:
        here = house()
        with suppress(Unauthorized):
            claims = tokens.verify(here.signing_keys, here.clock.now(), token.strip())
            return str(claims["sub"])
    return get_remote_address()


_SELDOM: dict[str, str] = {}


def takes_seldom(endpoint: str, limit: str) -> None:
    """Let a caller ask one endpoint, which is dear, only so often; the common limit counts too."""
    _SELDOM[endpoint] = limit


# The library writes this on every answer, and over a longer or shorter wait that a room asked for.
_WAIT = "X-Wait"


def _retry_after(response: Response) -> Response:
    """`Retry-After` only where something was refused, and the refusal's own where it has one."""
    wait = response.headers.pop(_WAIT, None)
    if wait is not None and response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        response.headers.setdefault("Retry-After", wait)
    return response


def init(app: Flask, settings: Settings) -> Limiter:
    """One default limit for every route; health and metrics are free.

    An address is the caller's own only if it is known how many proxies stand in between.
    """
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    app.after_request(_retry_after)  # before the limiter, so that it runs after it
    limiter = Limiter(
        _caller,
        app=app,
        default_limits=[settings.rate_limit],
        storage_uri=settings.rate_limit_storage,
        headers_enabled=True,
        strategy="fixed-window",
        header_name_mapping={
            HeaderNames.LIMIT: "RateLimit-Limit",
            HeaderNames.REMAINING: "RateLimit-Remaining",
            HeaderNames.RESET: "RateLimit-Reset",
            HeaderNames.RETRY_AFTER: _WAIT,
        },
    )
    for endpoint in ("healthz", "readyz", "metrics"):
        limiter.exempt(app.view_functions[endpoint])
    for endpoint, limit in _SELDOM.items():
        dear: Any = limiter.limit(limit, override_defaults=False)(app.view_functions[endpoint])
        app.view_functions[endpoint] = dear
    return limiter
