"""Operators, and a kind of change of the tests' own: registering a provider."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import identity
from app.approvals import Change, Kind
from app.kernel import Conflict, Invalid
from app.plumbing import Actor, House, Work
from app.plumbing import house as house_of
from tests.conftest import Headers, bearer


def _difference(work: Work, payload: dict[str, Any]) -> list[Change]:
    if payload.get("name", "") == "":
        raise Invalid("bad_payload", "A name is wanted.")
    if any(each.name == payload["name"] for each in identity.clients(work)):
        raise Conflict("name_taken", "There is one of this name.")
    return [Change("provider", None, payload["name"])]


def _apply(work: Work, payload: dict[str, Any], maker: str) -> dict[str, Any]:
    made, _ = identity.create_client(work, "provider", payload["name"])
    if payload.get("fails") == "refused":
        raise Conflict("too_late", "Not any more.")
    if payload.get("fails") == "broken":
        raise RuntimeError("broken")
    return {"client_id": made, "maker": maker}


KINDS = {"provider": Kind("provider", _difference, _apply)}


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    return make_app(ports={"approvals": KINDS})


class Operator:
    """A person at the desk: each request has a key of its own unless one is given."""

    def __init__(self, client: FlaskClient, basic: tuple[str, str]) -> None:
        self.client, self.id = client, basic[0]
        body = {"grant_type": "client_credentials"}
        token = client.post("/v1/auth/token", json=body, auth=basic).get_json()
        self.headers: Headers = bearer(token)
        self._sent = 0

    def propose(self, name: str = "Bus", kind: str = "provider", **more: Any) -> TestResponse:
        body = {"kind": kind, "payload": {"name": name} | more, "reason": "It applied."}
        return self.post("", body)

    def proposed(self, name: str = "Bus", **more: Any) -> str:
        """The id of a new proposal."""
        return str(self.propose(name, **more).get_json()["id"])

    def post(self, path: str, body: Any = None, key: str | None = None) -> TestResponse:
        self._sent += 1
        headers = self.headers | {"Idempotency-Key": key or f"{self.id}-{self._sent}"}
        return self.client.post(f"/v1/approvals{path}", json=body, headers=headers)

    def approve(self, approval: str) -> TestResponse:
        return self.post(f"/{approval}/approve")

    def reject(self, approval: str) -> TestResponse:
        return self.post(f"/{approval}/reject", {"reason": "Not now."})

    def withdraw(self, approval: str) -> TestResponse:
        return self.post(f"/{approval}/withdraw")

    def look(self, path: str = "") -> TestResponse:
        return self.client.get(f"/v1/approvals{path}", headers=self.headers)


@pytest.fixture
def operator(app: Flask, register: Callable[..., tuple[str, str]]) -> Callable[[], Operator]:
    """Makes operators, each with a test client of their own."""
    return lambda: Operator(app.test_client(), register("operator", "Somebody"))


@pytest.fixture
def maker(operator: Callable[[], Operator]) -> Operator:
    return operator()


@pytest.fixture
def checker(operator: Callable[[], Operator]) -> Operator:
    return operator()


@pytest.fixture
def providers(app: Flask) -> Callable[[], list[str]]:
    """The names of the providers there are."""
    house: House = house_of(app)

    def names() -> list[str]:
        with house.look(Actor("test")) as work:
            return [each.name for each in identity.clients(work) if each.scope == "provider"]

    return names
