"""A city with merchants, benefits and residents who have points: what tests of redemption begin
with. Everything goes over HTTP but the founding."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import identity, ledger, merchants
from app.kernel import FixedClock, from_wire
from app.merchants import NewStore, terminals
from app.plumbing import Actor, House
from app.plumbing import house as house_of
from tests.conftest import Headers, bearer, sign_in

COMMAND = Actor("command")
BUS, CUP = "one_cent_bus_ride", "own_cup_coffee"


@dataclass
class Market:
    """`shop` makes a live merchant and its office, `person` a resident with points."""

    app: Flask
    clock: FixedClock
    client: FlaskClient
    keys: count = field(default_factory=count)
    phones: count = field(default_factory=lambda: count(13_800_000_000))

    @property
    def house(self) -> House:
        return house_of(self.app)

    def shop(self, code: str = "weihai_bus", stores: int = 1, since: date | None = None) -> Headers:
        """The headers of the office of a merchant that is live since a day (today)."""
        with self.house.work(COMMAND) as work:
            if code not in merchants.by_code(work, [code]):
                places = [
                    NewStore(f"store_{n + 1}", f"Store {n + 1}", "环翠区", f"{n + 1} Sea Road")
                    for n in range(stores)
                ]
                merchants.found(work, code, code.title(), None, places, since=since)
            wire, secret = identity.create_client(work, "merchant", code)
            terminals.bind(work, wire, code)
        return self._sign_in(wire, secret)

    def at_store(self, code: str, store: str = "store_1") -> Headers:
        """The headers of a terminal at a store."""
        with self.house.work(COMMAND) as work:
            wire, secret = identity.create_client(work, "merchant", f"{code} {store}")
            terminals.bind(work, wire, code, store)
        return self._sign_in(wire, secret)

    def operator(self, name: str = "Maker") -> Headers:
        with self.house.work(COMMAND) as work:
            pair = identity.create_client(work, "operator", name)
        return self._sign_in(*pair)

    def days_pass(self, days: int = 1) -> None:
        """Morning comes, and the files of the days before are made."""
        self.clock.instant += timedelta(days=days)
        self.job("redemption.close_days")

    def _sign_in(self, wire: str, secret: str) -> Headers:
        body = {"grant_type": "client_credentials"}
        answer = self.client.post("/v1/auth/token", json=body, auth=(wire, secret))
        return bearer(answer.get_json())

    def person(self, points: int = 100) -> Headers:
        """The headers of a new resident with so many points, from an act of today."""
        headers = bearer(sign_in(self.client, str(next(self.phones))))
        if points:
            self.earn(headers, points * 100)
        return headers

    def id_of(self, headers: Headers) -> bytes:
        raw = from_wire("res", self.get("/v1/me", headers)["id"])
        assert raw is not None
        return raw

    def earn(self, headers: Headers, hundredths: int) -> None:
        who = self.id_of(headers)
        with self.house.work(COMMAND) as work:
            cause = next(self.keys).to_bytes(16)
            change = ledger.Change(who, cause, work.today, hundredths)
            ledger.adjust(work, ledger.lock(work, [who]), [change])

    def get(self, path: str, headers: Headers | None = None, status: int = 200) -> Any:
        answer = self.client.get(path, headers=headers or {})
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer.get_json()

    def send(self, path: str, headers: Headers, body: Any = None, key: str = "") -> TestResponse:
        """POST with a new key (or the one given)."""
        named = {"Idempotency-Key": key or f"key {next(self.keys)}"}
        return self.client.post(path, json=body or {}, headers=headers | named)

    def post(self, path: str, headers: Headers, body: Any = None, status: int = 200) -> Any:
        answer = self.send(path, headers, body)
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer.get_json()

    def refused(self, path: str, headers: Headers, body: Any = None, status: int = 409) -> str:
        """The code of a refusal."""
        return str(self.post(path, headers, body, status)["code"])

    def take(self, person: Headers, benefit: str = BUS) -> dict[str, Any]:
        return self.post("/v1/me/vouchers", person, {"benefit_id": benefit}, 201)

    def show(self, person: Headers, voucher: dict[str, Any]) -> str:
        return str(self.post(f"/v1/me/vouchers/{voucher['id']}/code", person)["code"])

    def redeem(self, shop: Headers, code: str, **more: Any) -> dict[str, Any]:
        return self.post("/v1/redemptions", shop, {"code": code} | more, 201)

    def redeemed(self, shop: Headers, person: Headers, benefit: str = BUS) -> dict[str, Any]:
        """A redemption from beginning to end; its voucher under `of`."""
        voucher = self.take(person, benefit)
        return self.redeem(shop, self.show(person, voucher)) | {"of": voucher}

    def status(self, person: Headers, voucher: dict[str, Any]) -> str:
        return str(self.get(f"/v1/me/vouchers/{voucher['id']}", person)["status"])

    def points(self, person: Headers) -> tuple[str, str]:
        """(available, held)"""
        found = self.get("/v1/me/points", person)
        return found["available"], found["held"]

    def history(
        self, person: Headers, voucher: dict[str, Any]
    ) -> list[tuple[str, str, str | None]]:
        """The steps of a voucher: (from, to, code of the refusal)."""
        found = self.get(f"/v1/me/vouchers/{voucher['id']}", person)["history"]
        return [(each["from"], each["to"], each["refused"]) for each in found]

    def of(self, person: Headers, voucher: dict[str, Any]) -> str:
        """Where operators find a voucher."""
        whose = self.get("/v1/me", person)["id"]
        return f"/v1/residents/{whose}/vouchers/{voucher['id']}"

    def approve(self, kind: str, **payload: Any) -> dict[str, Any]:
        """A change that one operator asks for and another approves."""
        body = {"kind": kind, "payload": payload, "reason": "As agreed."}
        waiting = self.post("/v1/approvals", self.operator("Maker"), body, 201)
        path = f"/v1/approvals/{waiting['id']}/approve"
        return dict(self.post(path, self.operator("Checker")))

    def hold_spending(self, person: Headers, held: bool = True) -> None:
        """A risk hold on what a resident spends."""
        who = self.id_of(person)
        with self.house.work(COMMAND) as work:
            change = sa.text("UPDATE resident SET spending_frozen = :held WHERE id = :who")
            work.db.execute(change, {"held": held, "who": who})

    def wait(self, **span: int) -> None:
        self.clock.instant += timedelta(**span)

    def job(self, name: str) -> int:
        from app.plumbing import jobs
        from app.scheduler import all_jobs

        return jobs.run(self.house, all_jobs()[name])

    def audit(self) -> list[str]:
        """Every difference of every book."""
        from app import activities, clearing, redemption

        audits: list[Callable[..., Any]] = [
            ledger.differences,
            activities.differences,
            redemption.differences,
            clearing.verify,
        ]
        with self.house.look(COMMAND) as work:
            return [each for audit in audits for each in audit(work)]
