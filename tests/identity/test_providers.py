"""Whose cards and meters can be bound is open to anybody; what companies are there is not."""

from flask.testing import FlaskClient

from app import identity
from app.kernel import from_wire
from app.plumbing import Actor, House


def test_providers_that_may_report_are_listed_with_what_they_report(
    client: FlaskClient, house: House
) -> None:
    with house.work(Actor("command")) as work:
        bus, _ = identity.create_client(work, "provider", "Buses", "utility", ["bus_ride"])
        anything, _ = identity.create_client(work, "provider", "Clearing", "clearing")
        gone, _ = identity.create_client(work, "provider", "Former")
        identity.create_client(work, "merchant", "A café")
        raw = from_wire("cli", gone)
        assert raw is not None
        identity.switch_off(work, raw)

    answer = client.get("/v1/providers").get_json()
    listed = [each for each in answer["items"] if each["id"] in {bus, anything, gone}]
    assert listed == [
        {"id": bus, "name": "Buses", "kind": "utility", "behaviours": ["bus_ride"]},
        {"id": anything, "name": "Clearing", "kind": "clearing", "behaviours": None},
    ]
    assert "A café" not in {each["name"] for each in answer["items"]}
