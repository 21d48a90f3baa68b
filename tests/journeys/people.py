"""Those who call the service over HTTP: a resident, and a provider that was registered."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from tests.journeys.live import Environ, client_of

Headers = dict[str, str]
CITY = ZoneInfo("Asia/Shanghai")


def resident(http: httpx.Client, phone: str = "13800000001") -> Headers:
    """Sign in by one-time code."""
    code = http.post("/v1/auth/otp", json={"phone": phone}).json()["dev_code"]
    grant = {"grant_type": "otp", "phone": phone, "code": code}
    return _bearer(http.post("/v1/auth/token", json=grant))


def provider(http: httpx.Client, environ: Environ) -> tuple[str, Headers]:
    """Register by command, sign in by secret: the client id and the headers."""
    keys = client_of(environ, "provider", "Bus")
    answer = http.post("/v1/auth/token", data={"grant_type": "client_credentials"}, auth=keys)
    return keys[0], _bearer(answer)


def _bearer(answer: httpx.Response) -> Headers:
    assert answer.status_code == 200, answer.text
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def bind(http: httpx.Client, who: Headers, client_id: str, subject: str) -> None:
    """Bind a card since a week ago."""
    since = (datetime.now(CITY) - timedelta(days=7)).date().isoformat()
    body = {"provider": client_id, "subject": subject, "proof": "mine", "from": since}
    answer = http.post("/v1/me/bindings", headers=who, json=body)
    assert answer.status_code == 201, answer.text


def bus_tap(reference: str, subject: str, hour: int = 8) -> dict[str, Any]:
    """A tap of yesterday."""
    day = datetime.now(CITY).replace(hour=hour, minute=0, second=0, microsecond=0)
    return {
        "reference": reference,
        "subject": subject,
        "behaviour": "bus_ride",
        "occurred_at": (day - timedelta(days=1)).isoformat(),
        "quantity": None,
        "unit": None,
        "evidence": {"line": "66"},
    }


def send(http: httpx.Client, who: Headers, key: str, *taps: dict[str, Any]) -> httpx.Response:
    return http.post(
        "/v1/activities", headers=who | {"Idempotency-Key": key}, json={"activities": list(taps)}
    )
