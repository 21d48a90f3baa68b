"""The morning's tap, by breakfast in the account: over HTTP, on the real server."""

import httpx

from tests.journeys.live import Environ
from tests.journeys.people import bind, bus_tap, provider, resident, send


def test_a_bus_tap_becomes_eighty_grams_and_eight_points(
    environ: Environ, http: httpx.Client
) -> None:
    who = resident(http)
    client_id, bus = provider(http, environ)
    bind(http, who, client_id, "card-1")
    tap = bus_tap("tap-1", "card-1")

    sent = send(http, bus, "night-1", tap)
    again = send(http, bus, "night-1", tap)
    later = send(http, bus, "night-2", tap)

    result = sent.json()["results"][0]
    assert (result["status"], result["reduction_g"], result["points"]) == (
        "credited", "80.000", "8.00",
    )  # fmt: skip
    assert again.json() == sent.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert later.json()["results"][0]["status"] == "duplicate"

    listed = http.get("/v1/me/activities", headers=who).json()["items"]
    assert [(each["id"], each["points"]) for each in listed] == [(result["id"], "8.00")]
    working = http.get(f"/v1/me/activities/{result['id']}", headers=who).json()
    assert working["formula"]["numbers"] == "1 trip × 80 gCO2/trip = 80.000 g"
    assert working["parameters"][0]["reference"]["title"]
    assert http.get("/v1/me/points", headers=who).json()["available"] == "8.00"


def test_the_server_says_that_it_is_ready_and_counts_in_one_place(http: httpx.Client) -> None:
    assert http.get("/readyz").json()["status"] == "ready"
    http.get("/v1/behaviours")
    counted = http.get("/metrics").text
    assert 'weitan_requests_total{method="GET",route="/v1/behaviours",status="200"} 1.0' in counted
    assert http.get("/docs", follow_redirects=True).status_code == 200
