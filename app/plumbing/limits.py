"""Rate limits with their headers. By caller where there is a token, by address where not."""

from hashlib import sha256

from flask import Flask, request
from flask_limiter import Limiter
from flask_limiter.constants import HeaderNames
from flask_limiter.util import get_remote_address

from app.settings import Settings


def _caller() -> str:
    token = request.headers.get("Authorization")
    if token:
        return sha256(token.encode()).hexdigest()[:32]
    return get_remote_address()


def init(app: Flask, settings: Settings) -> Limiter:
    """One default limit for every route; health and metrics are free."""
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
        },
    )
    for endpoint in ("healthz", "readyz", "metrics"):
        limiter.exempt(app.view_functions[endpoint])
    return limiter
