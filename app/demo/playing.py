"""What happened in the demo city on the day it opened: merchants came, five residents had a coffee
in their own cup, one of them was a mistake.

All of it goes the way a phone and a terminal would go, over the service's own HTTP surface.
"""

from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from app import credit, identity, ledger, merchants, redemption
from app.demo.cast import ACTOR, CAFE, DESK, LENDER, OFFICE, OFFICERS
from app.demo.visiting import second_officer, shopkeeper, token_of
from app.kernel import FixedClock
from app.merchants import NewStore
from app.plumbing import Work, house

COFFEE = "own_cup_coffee"
_A_MOMENT = timedelta(seconds=20)
_LICENCES = 20
_GUESTS = 5
_DOUBT = "这一程我没有坐，请核对。(演示)"
_DEMAND = "今冬苗木到位，申请加种黑松五百株。（演示）"
_PLACE = ("环翠区", "威海市环翠区(演示)")


def open_shops(work: Work) -> None:
    """Every merchant that a benefit names, live, with its stores; an office for the café, a desk
    for the bank, two officers; and a few codes for every licence pool."""
    benefits = work.rules.offers.benefits.values()
    for named in {each.merchant for each in benefits if each.merchant}:
        codes = {code for each in benefits if each.merchant == named for code in each.stores}
        places = [NewStore(code, named.name_zh, *_PLACE) for code in sorted(codes or {"main"})]
        merchants.found(work, named.code, named.name_zh, named.name_en, places)
    wire, _ = identity.create_client(work, "merchant", OFFICE)
    merchants.bind(work, wire, CAFE)
    desk, _ = identity.create_client(work, "bank", DESK, "bank")
    credit.bind(work, desk, LENDER)
    for name in OFFICERS:
        identity.create_client(work, "operator", name)
    for each in benefits:
        if each.kind == "licence":
            pool = [f"DEMO-{each.code.upper()}-{n:04d}" for n in range(1, _LICENCES + 1)]
            redemption.add_licences(work, each.code, pool)


class _Player:
    """Somebody with a phone or a terminal."""

    def __init__(self, client: FlaskClient, token: str, clock: FixedClock) -> None:
        self._client, self._clock = client, clock
        self._headers = {"Authorization": f"Bearer {token}"}

    def post(self, path: str, **body: Any) -> dict[str, Any]:
        self._clock.instant += _A_MOMENT
        key = {"Idempotency-Key": f"demo {self._clock.instant.isoformat()}"}
        answer = self._client.post(path, json=body, headers=self._headers | key)
        assert answer.status_code < 300, answer.get_data(as_text=True)
        return dict(answer.get_json())

    def get(self, path: str) -> dict[str, Any]:
        answer = self._client.get(path, headers=self._headers)
        return dict(answer.get_json())


def play(app: Flask, residents: list[bytes]) -> int:
    """Five of those who have the points have a coffee, none of them the richest, who is the
    visitor; the last one is voided, and the first contests a ride. An officer proposes more stock.
    How many were redeemed."""
    here, client = house(app), app.test_client()
    clock = here.clock
    assert isinstance(clock, FixedClock), "the first day is played on a clock that stands"
    price = here.rules.offers.benefits[COFFEE].parameters["price"].values[-1].number * 100
    with here.look(ACTOR) as work:
        had = sorted((ledger.wallet(work, each).available, each) for each in residents)
    cafe = _Player(client, shopkeeper(here).access_token, clock)
    able = [who for points, who in had[:-1] if points >= price][:_GUESTS]
    guests = [_Player(client, token_of(here, who), clock) for who in able]
    done = [_coffee(guest, cafe) for guest in guests]
    for last in done[-1:]:
        cafe.post(f"/v1/redemptions/{last}/void")
    for first in guests[:1]:
        _contest(first)
    _propose(_Player(client, second_officer(here).access_token, clock))
    return len(done)


def _propose(officer: _Player) -> None:
    more = {"benefit": "plant_a_tree", "extra": 500}
    officer.post("/v1/approvals", kind="benefit_stock", payload=more, reason=_DEMAND)


def _contest(guest: _Player) -> None:
    ride = guest.get("/v1/me/activities?limit=1")["items"][0]["id"]
    guest.post("/v1/me/objections", activity_id=ride, reason=_DOUBT)


def _coffee(guest: _Player, cafe: _Player) -> str:
    voucher = guest.post("/v1/me/vouchers", benefit_id=COFFEE)["id"]
    code = guest.post(f"/v1/me/vouchers/{voucher}/code")["code"]
    return str(cafe.post("/v1/redemptions", code=code)["id"])
