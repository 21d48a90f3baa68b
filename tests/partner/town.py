"""The real city behind real HTTP, whose clock a test may set forward, and a resident in it."""

import itertools
import logging
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from flask import Flask
from werkzeug.serving import make_server

from app import activities, consent, identity, ledger, recognition, webhooks
from app.kernel import FixedClock, from_wire, to_wire
from app.plumbing import Actor, jobs
from app.plumbing import house as house_of
from app.recognition import seats
from app.scheduler import all_jobs
from tests.partner.stage import Partner
from tests.partner.stub import HTTP

COMMAND = Actor("command")
UNIONPAY = "unionpay_low_carbon"
PHONE = "13800138000"


class Town:
    """`partner` is UnionPay's, a process of its own; `me` a resident with points, not linked."""

    def __init__(self, app: Flask, clock: FixedClock, folder: Path, *more: str) -> None:
        self.clock, self.house = clock, house_of(app)
        logging.getLogger("werkzeug").setLevel(logging.ERROR)  # else a line a request
        self._server = make_server("127.0.0.1", 0, app, threaded=True)
        vars(self._server)["daemon_threads"] = False  # so that closing waits for their end
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._keys = (f"key {n}" for n in itertools.count())
        with self.house.work(COMMAND) as work:
            client = identity.create_client(work, "partner", "UnionPay")
            seats.bind(work, client[0], UNIONPAY)
        self.partner = Partner(self.url, folder, *more, client=client)
        self.endpoint = f"{self.partner.start()}/webhooks"
        with self.house.work(COMMAND) as work:
            secret = webhooks.register(work, UNIONPAY, self.endpoint)
        self.partner.do("secrets", secret=secret)
        self.partner.do("members", phone=PHONE, units="1000", account="anna")
        self.me = self._sign_in()
        self._bus()

    def _sign_in(self) -> dict[str, str]:
        code = self.post("/v1/auth/otp", {"phone": PHONE}).json()["dev_code"]
        grant = {"grant_type": "otp", "phone": PHONE, "code": code}
        token = self.post("/v1/auth/token", grant).json()["access_token"]
        self.resident = self._who(token)
        return {"Authorization": f"Bearer {token}"}

    def _who(self, token: str) -> bytes:
        found = HTTP.get(f"{self.url}/v1/me", headers={"Authorization": f"Bearer {token}"})
        return from_wire("res", found.json()["id"]) or b""

    def _bus(self) -> None:
        """A company whose reports are credited at once, as they are of the days before."""
        with self.house.work(COMMAND) as work:
            wire, _ = identity.create_client(work, "provider", "Bus")
            client = identity.find_client(work, wire)
            assert client is not None
            since = work.today - timedelta(days=30)
            subject = to_wire("res", self.resident)
            consent.hold_many(work, client.id, [(subject, self.resident, since)])
            self.bus = activities.Provider(client.id, wire, None)

    def close(self) -> None:
        if self.partner.running():
            self.partner.kill()
        self._server.shutdown()
        self._server.server_close()

    # Over HTTP.

    def post(self, path: str, body: Any, who: dict[str, str] | None = None) -> httpx.Response:
        headers = (who or {}) | {"Idempotency-Key": next(self._keys)}
        return HTTP.post(f"{self.url}{path}", json=body, headers=headers)

    def get(self, path: str) -> Any:
        return HTTP.get(f"{self.url}{path}", headers=self.me).json()

    def link(self, proof: str | None = None, days: int = 20) -> httpx.Response:
        since = (self.clock.now() - timedelta(days=days)).date().isoformat()
        proof = proof or self.partner.do("statement", account="anna")["proof"]
        body = {"partner": UNIONPAY, "proof": proof, "from": since}
        return self.post("/v1/me/links", body, self.me)

    def ask(self, way: str, amount: str) -> str:
        body = {"partner": UNIONPAY, "direction": way, "amount": amount}
        answer = self.post("/v1/me/exchanges", body, self.me)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def exchange(self, name: str) -> str:
        return str(self.get(f"/v1/me/exchanges/{name}")["status"])

    @property
    def points(self) -> str:
        return str(self.get("/v1/me/points")["available"])

    # From inside.

    def ride(self, reference: str, days: int, hour: int = 0, behaviour: str = "bus_ride") -> Any:
        """An act of some days ago, reported to the city; its result."""
        evidence = {"line": "66"} if behaviour == "bus_ride" else {"amount": "9"}
        if behaviour == "mobile_payment":
            evidence["payment_id"] = reference
        item = {
            "reference": reference,
            "subject": to_wire("res", self.resident),
            "behaviour": behaviour,
            "occurred_at": self.at(days, hour),
            "quantity": None,
            "unit": None,
            "evidence": evidence,
        }
        with self.house.work(COMMAND) as work:
            return activities.record(work, self.bus, [item])[0]

    def at(self, days: int, hour: int = 0) -> str:
        noon = self.clock.now().replace(hour=4, minute=0, second=0, microsecond=0)
        return (noon - timedelta(days=days) + timedelta(hours=hour)).isoformat()

    def run(self, job: str) -> int:
        return jobs.run(self.house, all_jobs()[job])

    def differences(self) -> list[Any]:
        """What an audit finds."""
        with self.house.look(COMMAND) as work:
            return [
                *ledger.differences(work),
                *activities.differences(work),
                *recognition.differences(work),
            ]


def wait_for(town: Town, name: str, status: str) -> None:
    """Both sides have come to the same end of an exchange."""
    theirs = {"confirmed": "done", "rejected": "undone", "expired": "undone"}[status]
    end = time.monotonic() + 30
    while (town.exchange(name), town.partner.exchange(name)["state"]) != (status, theirs):
        assert time.monotonic() < end, (town.exchange(name), town.partner.look())
        time.sleep(0.05)
