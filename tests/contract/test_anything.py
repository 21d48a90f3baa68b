"""Whatever is sent that the document allows (and much that it does not): never a 500, and every
answer is one that the document promises."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

import app as weitan
from app import identity, merchants
from app.kernel import FixedClock
from app.plumbing import Actor
from app.plumbing import house as house_of
from app.plumbing.db import db
from app.settings import Settings
from tests.activities.desk import Desk, act
from tests.conftest import NOON, bearer, sign_in
from tests.contract.document import generated, operations
from tests.merchants.paper import onboarding

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)
FRIDGE = {
    "order_id": "o",
    "product_type": "refrigerator",
    "label_kwh_year": "200",
    "reference_kwh_year": "310.5",
}


class Callers:
    """A city with one provider, a merchant, two operators and a resident; whoever closes the
    account gets a new one."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()
        self.phones = count(13_800_000_000)
        self.known: dict[str, str] = {}
        with house_of(app).work(Actor("command")) as work:
            basic = identity.create_client(work, "provider", "Bus")
            cafe = identity.create_client(work, "merchant", "Harbour Café")
            merchants.bind(work, cafe[0])
            maker, checker = (identity.create_client(work, "operator", "O") for _ in range(2))
        self.desk = Desk.opened(self.client, lambda: basic)
        self.resident = self._new_resident()
        self.others = {"merchant": self._token(*cafe), "operator": self._token(*checker)}
        self.known |= self._register(self._token(*maker))

    def _token(self, *basic: str) -> dict[str, str]:
        body = {"grant_type": "client_credentials"}
        return bearer(self.client.post("/v1/auth/token", json=body, auth=basic).get_json())

    def _register(self, maker: dict[str, str]) -> dict[str, str]:
        """Ids of the merchant's store and terminal, and of an approval that waits."""
        own = self.client.get("/v1/merchant", headers=self.others["merchant"]).get_json()
        store = own["stores"][0]["id"]
        till = {"store_id": store, "role": "terminal", "label": "Till", "secret_sha256": "a" * 64}
        made = self._post("/v1/merchant/terminals", self.others["merchant"], till)
        asked = {"kind": "merchant_onboarding", "payload": onboarding(), "reason": "r"}
        waiting = self._post("/v1/approvals", maker, asked)
        return {
            "store_id": store,
            "client_id": made["client_id"],
            "merchant": own["code"],
            "approval_id": waiting["id"],
        }

    def _post(self, path: str, headers: dict[str, str], body: Any) -> Any:
        key = {"Idempotency-Key": "first"}
        return self.client.post(path, json=body, headers=headers | key).get_json()

    def _new_resident(self) -> dict[str, str]:
        """Somebody with an act of each kind of working: plain, released over a year, undone."""
        phone = str(next(self.phones))
        resident = bearer(sign_in(self.client, phone))
        self.desk.bind(resident, phone)
        acts = [
            act(f"a{phone}", "bus_ride", "2026-03-09T08:00:00+08:00", phone),
            act(f"b{phone}", "efficient_appliance", "2026-01-09T08:00:00+08:00", phone, **FRIDGE),
            act(f"c{phone}", "own_cup", "2026-03-10T08:00:00+08:00", phone, order_id=phone),
        ]
        results = self.desk.send(*acts)["results"]
        self.desk.reverse(f"a{phone}")
        ids = [each["id"] for each in results]
        self.known |= {"activity_id": ids[1], "reference": f"a{phone}", "code": "bus_ride"}
        return resident

    def headers(self, scope: str) -> dict[str, str]:
        if scope == "provider":
            return self.desk.headers
        if scope == "resident":
            if self.client.get("/v1/me", headers=self.resident).status_code == 401:
                self.resident = self._new_resident()
            return self.resident
        return self.others.get(scope, {})


@pytest.fixture(scope="module")
def city(
    sqlite_template: Path,
    key_folders: tuple[Path, Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("city")
    copy = folder / "weitan.db"
    copy.write_bytes(sqlite_template.read_bytes())
    signing, data = key_folders
    app = weitan.create_app(
        replace(
            Settings(database_url=f"sqlite:///{copy}"),
            signing_keys=signing,
            data_keys=data,
            instance=folder,
        ),
        FixedClock(NOON),
    )
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="module")
def callers(city: Flask) -> Callers:
    return Callers(city)


@pytest.fixture(scope="module")
def document(city: Flask) -> Any:
    return schemathesis.openapi.from_wsgi("/openapi.json", city)


@pytest.mark.parametrize(("method", "path"), [row[:2] for row in operations(generated())])
@given(data=st.data())
@settings(max_examples=24, derandomize=True, deadline=None, suppress_health_check=[*HealthCheck])
def test_no_request_breaks_the_service_or_its_word(
    document: Any, callers: Callers, data: st.DataObject, method: str, path: str
) -> None:
    operation = document[path][method]
    node = operation.definition.raw
    asks = any(each["in"] != "path" for each in node.get("parameters", [])) or "requestBody" in node
    kind = data.draw(st.sampled_from([*GenerationMode] if asks else [GenerationMode.POSITIVE]))
    known = {name: value for name, value in callers.known.items() if f"{{{name}}}" in path}
    there = data.draw(st.booleans()) if known else False
    case = data.draw(operation.as_strategy(kind, path_parameters=known if there else None))
    case.call_and_validate(headers=callers.headers(node["x-scope"]), checks=CHECKS)
