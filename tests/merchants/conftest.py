"""Merchants, their credentials, and two operators who let them in."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import approvals, identity, merchants
from app.kernel import from_wire
from app.plumbing import Actor, House
from app.plumbing import house as house_of
from tests.conftest import Headers, bearer
from tests.merchants.paper import onboarding

_MAKER, _CHECKER = (Actor("operator", bytes([n]) * 16) for n in (1, 2))


class Caller:
    """One client at its own test client; each POST has a key of its own."""

    def __init__(self, client: FlaskClient, wire: str, secret: str) -> None:
        self.client, self.wire, self.secret = client, wire, secret
        self.raw = from_wire("cli", wire) or b""
        self.headers: Headers = bearer(self.token().get_json())
        self._keys = count()

    def token(self) -> TestResponse:
        body = {"grant_type": "client_credentials"}
        return self.client.post("/v1/auth/token", json=body, auth=(self.wire, self.secret))

    def get(self, path: str) -> TestResponse:
        return self.client.get(path, headers=self.headers)

    def post(self, path: str, body: Any) -> TestResponse:
        headers = self.headers | {"Idempotency-Key": f"{self.wire}-{next(self._keys)}"}
        return self.client.post(path, json=body, headers=headers)

    def delete(self, path: str) -> TestResponse:
        return self.client.delete(path, headers=self.headers)


class Registry:
    """Both operators at once, and whoever calls."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.house: House = house_of(app)
        self._kinds = self.house.ports["approvals"]

    def propose(self, kind: str, payload: dict[str, Any]) -> approvals.ApprovalView:
        with self.house.work(_MAKER) as work:
            return approvals.propose(work, self._kinds, kind, payload, "It applied.")

    def approve(self, waiting: approvals.ApprovalView) -> dict[str, Any]:
        with self.house.work(_CHECKER) as work:
            return approvals.approve(work, self._kinds, waiting.approval.id).result or {}

    def change(self, kind: str, **payload: Any) -> dict[str, Any]:
        return self.approve(self.propose(kind, payload))

    def onboard(self, code: str = "harbour_cafe", **changes: Any) -> dict[str, Any]:
        return self.change("merchant_onboarding", **onboarding(code, **changes))

    def caller(self, wire: str, secret: str) -> Caller:
        return Caller(self.app.test_client(), wire, secret)

    def client(self, merchant: str | None = None, store: str | None = None) -> Caller:
        """A new client, seated where it is said, or nowhere."""
        with self.house.work(Actor("command")) as work:
            basic = identity.create_client(work, "merchant", "Somebody")
            if merchant:
                merchants.bind(work, basic[0], merchant, store)
        return self.caller(*basic)

    def seat(self, caller: Caller, *, resting: bool = False) -> merchants.Seat:
        with self.house.look(Actor("merchant", caller.raw)) as work:
            return merchants.seat(work, caller.raw, resting=resting)


@pytest.fixture
def registry(app: Flask) -> Registry:
    return Registry(app)


@pytest.fixture
def office(registry: Registry) -> Caller:
    """The office of a merchant that two operators let in."""
    registry.onboard()
    return registry.client("harbour_cafe")


@pytest.fixture
def operator(app: Flask, register: Callable[..., tuple[str, str]]) -> Caller:
    return Caller(app.test_client(), *register("operator", "Somebody"))
