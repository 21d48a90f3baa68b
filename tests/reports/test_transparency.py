"""The city's public figures."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from app import identity, ledger, redemption
from app.kernel import FixedClock, from_wire, yuan
from app.ledger import Purpose
from app.plumbing import Actor, house
from tests.activities.desk import Desk, act
from tests.conftest import Headers, bearer, sign_in

Register = Callable[..., tuple[str, str]]


def figures(client: FlaskClient) -> dict[str, Any]:
    answer = client.get("/v1/transparency")
    assert answer.status_code == 200
    return answer.get_json()


def test_an_empty_city_says_nothing_but_zeros(client: FlaskClient) -> None:
    assert figures(client) == {
        "issued": "0.00",
        "spent": "0.00",
        "expired": "0.00",
        "recognised": {"in": "0.00", "out": "0.00"},
        "outstanding": "0.00",
        "tonnes": "0.000000",
        "residents": None,
        "cover": {"ratio": None, "outstanding_cost": "0.00", "budget_left": "1420000.00"},
        "suppressed": ["residents"],
        "generated_at": "2026-03-10T12:00:00+08:00",
    }


def test_what_is_issued_is_spent_expired_or_outstanding(
    make_app: Callable[..., Flask], register: Register, clock: FixedClock
) -> None:
    app = make_app(transparency_seconds=0)
    client = app.test_client()
    resident = bearer(sign_in(client))
    desk = Desk.opened(client, register)
    desk.bind(resident)
    taps = [act(f"t{h}", "bus_ride", f"2026-03-09T{h:02d}:00:00+08:00") for h in (7, 8, 9)]
    desk.send(*taps)
    desk.reverse("t9")
    raw = from_wire("res", client.get("/v1/me", headers=resident).get_json()["id"])
    assert raw is not None
    with house(app).work(Actor("test")) as work:
        ledger.settle(work, raw, ledger.hold(work, raw, 500))
    found = figures(client)
    assert (found["issued"], found["spent"], found["outstanding"]) == ("16.00", "5.00", "11.00")
    assert found["tonnes"] == "0.000160"
    clock.instant += timedelta(days=800)  # the lot ended with a quarter, two years later
    with house(app).work(Actor("test")) as work:
        ledger.book_due(work, [raw])
    found = figures(client)
    assert (found["expired"], found["outstanding"]) == ("11.00", "0.00")


def test_what_partners_take_and_give_is_neither_spent_nor_issued(
    make_app: Callable[..., Flask], clock: FixedClock
) -> None:
    app = make_app(transparency_seconds=0)
    client = app.test_client()
    who, one, other = b"w" * 16, f"{ledger.PARTNER}one", f"{ledger.PARTNER}other"
    first, second = Purpose("xch", b"a" * 16), Purpose("xch", b"b" * 16)
    with house(app).work(Actor("test")) as work:
        lot = work.today + timedelta(days=100)
        ledger.receive(work, who, 3000, first, one, lot)
        ledger.settle(work, who, ledger.hold(work, who, 1200, second), payee=other)
        cover = redemption.cover(work, 1800)
    found = figures(client)
    assert (found["issued"], found["spent"], found["expired"]) == ("0.00", "0.00", "0.00")
    assert (found["recognised"], found["outstanding"]) == ({"in": "30.00", "out": "12.00"}, "18.00")
    assert found["cover"]["outstanding_cost"] == yuan(cover.cost) != "0.00"
    with house(app).work(Actor("test")) as work:
        ledger.take_out(work, who, 3000, first, one, lot)
        ledger.give_back(work, who, second.id)
    found = figures(client)
    assert (found["recognised"], found["outstanding"]) == ({"in": "42.00", "out": "42.00"}, "0.00")


def test_ten_people_are_enough_to_be_counted(client: FlaskClient, app: Flask) -> None:
    with house(app).work(Actor("test")) as work:
        for n in range(10):
            identity.demo_resident(work, f"138{n:08d}")
    found = figures(client)
    assert (found["residents"], found["suppressed"]) == (10, [])


def test_the_figures_are_kept_for_their_seconds(
    make_app: Callable[..., Flask], clock: FixedClock
) -> None:
    client = make_app(transparency_seconds=60).test_client()
    first = client.get("/v1/transparency")
    assert (first.cache_control.public, first.cache_control.max_age) == (True, 60)
    clock.instant += timedelta(seconds=59)
    assert figures(client) == first.get_json()
    clock.instant += timedelta(seconds=1)
    assert figures(client)["generated_at"] == "2026-03-10T12:01:00+08:00"


def test_nobody_needs_a_token_for_them(client: FlaskClient, resident: Headers) -> None:
    assert client.get("/v1/transparency", headers=resident).status_code == 200
