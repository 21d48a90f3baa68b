"""Real taps given to the city and, half of them, to the partner too: each ride is paid once, in
whatever order it is told, and the sums agree to the milligram."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app import identity, webhooks
from app.activities.importing.formats import shenzhen_tong
from app.kernel import FixedClock
from app.plumbing import house as house_of
from tests.partner.stage import ROOT, until
from tests.partner.stub import HTTP
from tests.partner.town import COMMAND, UNIONPAY, Town

TAPS = ROOT / "app" / "demo" / "data" / "morning.csv"
TAPPED_ON = date(2018, 9, 1)
CARDS = 6  # those with the most rides
CITY, PARTNER = "city", "partner"
# Who tells when, of which quarters of the rides: the city knows three of them, the partner three.
ORDERS = {
    "city first": [(CITY, {0, 1, 2}), (PARTNER, {1, 2, 3})],
    "partner first": [(PARTNER, {1, 2, 3}), (CITY, {0, 1, 2})],
    "in turns": [(CITY, {0, 2}), (PARTNER, {2, 3}), (PARTNER, {1}), (CITY, {1})],
}


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime.now(UTC))


@pytest.fixture(params=[110, 100, 90])
def app(make_app: Callable[..., Flask], request: pytest.FixtureRequest) -> Flask:
    """A city that lets its own reports win, the better evidence, or the partner's credit."""
    app = make_app(database_pool=16)
    here = house_of(app)
    known = here.rules.recognition.platforms[UNIONPAY]
    first = {code: replace(each, priority=request.param) for code, each in known.behaviours.items()}
    platforms = {**here.rules.recognition.platforms, UNIONPAY: replace(known, behaviours=first)}
    rules = replace(here.rules, recognition=replace(here.rules.recognition, platforms=platforms))
    app.extensions["weitan"] = replace(here, rules=rules)
    return app


@pytest.fixture
def town(app: Flask, clock: FixedClock, tmp_path: Path) -> Iterator[Town]:
    town = Town(app, clock, tmp_path, "--poll-ms", "100")
    try:
        yield town
        assert town.differences() == []
    finally:
        town.close()


class Rides:
    """Rides of real cards, moved to the day before yesterday; each card is a resident's who has
    an account at the partner, too."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.on = (town.clock.now() + timedelta(hours=8)).date() - timedelta(days=2)
        self.cards = self._read()
        with town.house.work(COMMAND) as work:
            client, secret = identity.create_client(work, "provider", "Transit")
        self.provider = client
        grant = {"grant_type": "client_credentials"}
        token = HTTP.post(f"{town.url}/v1/auth/token", json=grant, auth=(client, secret)).json()
        self.bus = {"Authorization": f"Bearer {token['access_token']}"}

    def _read(self) -> dict[str, list[dict[str, Any]]]:
        found: dict[str, list[dict[str, Any]]] = {}
        shift = self.on - TAPPED_ON
        feed = shenzhen_tong.FORMAT.feed(TAPS)
        lines = [(row.number, row.raw) for row in feed.rows]
        for _, item in shenzhen_tong.FORMAT.entries(feed.head, lines):
            if isinstance(item, dict):
                found.setdefault(item["subject"], []).append(moved(item, shift))
        return dict(sorted(found.items(), key=lambda row: -len(row[1]))[:CARDS])

    def open(self, card: str, number: int) -> dict[str, str]:
        """A resident with this card, and an account at the partner that is linked."""
        phone, since = f"1391111{number:04d}", (self.on - timedelta(days=1)).isoformat()
        code = self.town.post("/v1/auth/otp", {"phone": phone}).json()["dev_code"]
        grant = {"grant_type": "otp", "phone": phone, "code": code}
        token = self.town.post("/v1/auth/token", grant).json()["access_token"]
        me = {"Authorization": f"Bearer {token}"}
        bound = {"provider": self.provider, "subject": card, "proof": "mine", "from": since}
        assert self.town.post("/v1/me/bindings", bound, me).status_code == 201
        self.town.partner.do("members", phone=phone, units="0", account=card)
        proof = self.town.partner.do("statement", account=card)["proof"]
        link = {"partner": UNIONPAY, "proof": proof, "from": since}
        assert self.town.post("/v1/me/links", link, me).status_code == 201
        return me

    def tell_city(self, rides: list[dict[str, Any]]) -> list[dict[str, Any]]:
        answer = self.town.post("/v1/activities", {"activities": rides}, self.bus)
        assert answer.status_code == 200, answer.text
        return answer.json()["results"]

    def tell_partner(self, rides: list[dict[str, Any]], worth: dict[str, int]) -> None:
        acts = [
            {
                "account": ride["subject"],
                "behaviour": ride["behaviour"],
                "reference": ride["reference"],
                "occurred_at": ride["occurred_at"],
                "units": worth[ride["reference"]],
                **{k: v for k, v in ride["evidence"].items() if k == "entry_time"},
            }
            for ride in rides
        ]
        assert self.town.partner.do("acts", acts=acts)["recorded"] == len(acts)
        until(self.settled)

    def settled(self) -> bool:
        """Nothing is on its way: every claim is answered, every event has come."""
        self.town.run("webhooks.relay")
        seen = self.town.partner.look()
        with self.town.house.work(COMMAND) as work:
            more = webhooks.events(work, UNIONPAY, seen["sequence"], 1)
        return not (more or seen["waiting"] or seen["unsent"])


def moved(item: dict[str, Any], by: timedelta) -> dict[str, Any]:
    def on(text: str) -> str:
        return (datetime.fromisoformat(text) + by).isoformat()

    times = {k: on(v) for k, v in item["evidence"].items() if k.endswith("_time")}
    return item | {
        "occurred_at": on(item["occurred_at"]),
        "evidence": item["evidence"] | times,
    }


@pytest.mark.parametrize("order", ORDERS)
def test_every_ride_is_paid_once(town: Town, order: str) -> None:
    rides = Rides(town)
    owners = {card: rides.open(card, n) for n, card in enumerate(rides.cards)}
    # What the city alone would pay for all of it, before the partner has said a word.
    alone = rides.tell_city([ride for each in rides.cards.values() for ride in each])
    worth = {each["reference"]: milligrams(each["reduction_g"]) for each in alone}
    undo = [{"reference": name, "reason": "rehearsal"} for name in worth]
    town.post("/v1/activities/reversals", {"reversals": undo}, rides.bus)
    assert sum(worth.values()) > 0

    paid = [ride for each in rides.cards.values() for ride in each if worth[ride["reference"]]]
    for who, quarters in ORDERS[order]:
        told = [ride for n, ride in enumerate(paid) if n % 4 in quarters]
        if who == CITY:
            rides.tell_city([again(ride) for ride in told])
        else:
            rides.tell_partner(told, worth)
    until(rides.settled)

    theirs = {card: int(town.partner.look()["balances"][card]) for card in owners}
    for card, me in owners.items():
        expected = sum(worth[ride["reference"]] for ride in rides.cards[card])
        mine = HTTP.get(f"{town.url}/v1/me/reductions?by=behaviour", headers=me).json()
        city = sum(milligrams(each["reduction_g"]) for each in mine["items"])
        assert city + theirs[card] == expected, card
    # Both sides do pay something, or this would prove nothing.
    assert 0 < sum(theirs.values()) < sum(worth.values())


def again(ride: dict[str, Any]) -> dict[str, Any]:
    """A reversed report's reference stays used: the same ride under another."""
    return ride | {"reference": f"{ride['reference']}-2"}


def milligrams(grams: str) -> int:
    whole, _, part = grams.partition(".")
    return int(whole) * 1000 + int(part)
