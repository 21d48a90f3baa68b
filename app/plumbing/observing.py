"""What the operator sees: request ids, logs without personal data, metrics, health."""

import os
import re
import time
from collections.abc import Callable, MutableMapping
from typing import Any

import structlog
from flask import Flask, Response, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

from app.kernel import Unavailable

REQUESTS = Counter("weitan_requests_total", "Requests", ["method", "route", "status"])
SECONDS = Histogram("weitan_request_seconds", "Seconds a request took", ["method", "route"])
ACTS = Counter("weitan_acts_total", "Acts taken in, by status", ["status"])

_log = structlog.get_logger("request")
_METHODS = {"GET", "HEAD", "POST", "PATCH", "DELETE", "PUT", "OPTIONS"}
_DETAIL = re.compile(r"^DETAIL: .*$\n?", re.MULTILINE)
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


def configure_logs() -> None:
    """JSON lines on stderr. Events name routes, never paths, bodies or people."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _without_rows,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(_Stderr()),  # type: ignore[arg-type]
        cache_logger_on_first_use=True,
    )


def _without_rows(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> Any:
    """PostgreSQL's DETAIL of an error quotes keys and whole rows."""
    if "exception" in event:
        event["exception"] = _DETAIL.sub("", event["exception"])
    return event


class _Stderr:
    """stderr looked up at each write, so that a test's capture or a re-opened log is honoured."""

    def write(self, text: str) -> None:
        os.write(2, text.encode())

    def flush(self) -> None:
        return None


def init(app: Flask, ready: Callable[[], dict[str, Any]]) -> None:
    """Request ids, access log, `/healthz`, `/readyz`, `/metrics`."""
    configure_logs()
    app.before_request(_begin)
    app.after_request(_end)
    app.add_url_rule("/healthz", "healthz", lambda: {"status": "alive"})
    app.add_url_rule("/readyz", "readyz", lambda: _readiness(ready))
    app.add_url_rule("/metrics", "metrics", _metrics)


def _begin() -> None:
    offered = request.headers.get("X-Request-Id", "")
    g.request_id = offered if _ID.fullmatch(offered) else os.urandom(8).hex()
    g.began = time.perf_counter()


def _end(response: Response) -> Response:
    route = request.url_rule.rule if request.url_rule else "unknown"
    took = time.perf_counter() - g.get("began", time.perf_counter())
    response.headers["X-Request-Id"] = g.get("request_id", "")
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    if request.path.startswith("/v1/"):
        response.headers.setdefault("Cache-Control", "no-store")
    # A caller may invent methods; a figure for each would grow without end.
    method = request.method if request.method in _METHODS else "other"
    REQUESTS.labels(method, route, response.status_code).inc()
    SECONDS.labels(method, route).observe(took)
    _log.info(
        "request",
        request_id=g.get("request_id", ""),
        method=method,
        route=route,
        status=response.status_code,
        ms=int(took * 1000),
    )
    return response


def _readiness(ready: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    found = ready()
    if not all(found["checks"].values()):
        broken = [name for name, good in found["checks"].items() if not good]
        raise Unavailable("not_ready", f"Not ready: {', '.join(broken)}.", retry_after=5, **found)
    return {"status": "ready", **found}


def _metrics() -> Response:
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)
