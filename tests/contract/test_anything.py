"""Whatever is sent that the document allows (and much that it does not): never a 500, and every
answer is one that the document promises."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, assume, given, settings
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
from app import identity, recognition
from app.kernel import FixedClock
from app.plumbing import Actor
from app.plumbing import house as house_of
from app.plumbing.db import db
from app.settings import Settings
from tests.activities.desk import Desk, act
from tests.conftest import NOON, bearer, sign_in
from tests.contract.document import generated, operations
from tests.merchants.paper import onboarding
from tests.redemption.market import Market

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)
PLAIN = {row[:2] for row in operations(generated())}
CLOCK = FixedClock(NOON)
CHARGE, CHARGER, PASS = "charging_discount", "coast_charging", "shared_bike_pass"
PLATFORM = "unionpay_low_carbon"
FRIDGE = {
    "order_id": "o",
    "product_type": "refrigerator",
    "label_kwh_year": "200",
    "reference_kwh_year": "310.5",
}


class Callers:
    """A city with one provider, a merchant, two operators and a resident; whoever closes the
    account gets a new one."""

    def __init__(self, app: Flask, clock: FixedClock) -> None:
        self.client: FlaskClient = app.test_client()
        self.market = Market(app, clock, self.client)
        self.known: dict[str, str] = {}
        with house_of(app).work(Actor("command")) as work:
            basic = identity.create_client(work, "provider", "Bus")
        self.desk = Desk.opened(self.client, lambda: basic)
        self.shop, self.maker = self.market.shop(CHARGER), self.market.operator()
        self.others = {"merchant": self.shop, "operator": self.market.operator()}
        self.others["partner"] = self._new_partner(app)
        self.known |= self._register()
        self.resident = self._new_resident()

    def _new_partner(self, app: Flask) -> dict[str, str]:
        with house_of(app).work(Actor("command")) as work:
            wire, secret = identity.create_client(work, "partner", "Platform")
            recognition.bind(work, wire, PLATFORM)
        body = {"grant_type": "client_credentials"}
        return bearer(self.client.post("/v1/auth/token", json=body, auth=(wire, secret)).get_json())

    def _register(self) -> dict[str, str]:
        """Ids of the merchant's store and terminal, of an approval that waits, and a day whose
        file is made."""
        own = self.market.get("/v1/merchant", self.shop)
        store = own["stores"][0]["id"]
        till = {"store_id": store, "role": "terminal", "label": "Till", "secret_sha256": "a" * 64}
        made = self.market.post("/v1/merchant/terminals", self.shop, till, 201)
        asked = {"kind": "merchant_onboarding", "payload": onboarding(), "reason": "r"}
        waiting = self.market.post("/v1/approvals", self.maker, asked, 201)
        self.market.redeemed(self.shop, self.market.person(), CHARGE)
        self.market.wait(days=1)
        self.market.job("redemption.close_days")
        return {
            "store_id": store,
            "client_id": made["client_id"],
            "merchant": own["code"],
            "approval_id": waiting["id"],
            "day": "2026-03-10",
            "month": "2026-03",
            "benefit_id": PASS,
        }

    def _new_resident(self) -> dict[str, str]:
        """Somebody with an act of each kind of working (plain, released over a year, undone), a
        voucher, and one that was redeemed by a key."""
        phone = f"139{next(self.market.phones) % 10**8:08d}"
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
        self._buy(resident)
        asked = {"partner": PLATFORM, "proof": phone}
        self.known["link_id"] = self.market.post("/v1/me/links", resident, asked, 201)["id"]
        return resident

    def _buy(self, resident: dict[str, str]) -> None:
        self.market.earn(resident, 100_000)
        voucher = self.market.take(resident, CHARGE)
        code = {"code": self.market.show(resident, voucher)}
        key = f"key-{next(self.market.keys)}"
        done = self.market.send("/v1/redemptions", self.shop, code, key).get_json()
        self.known |= {
            "resident_id": self.market.get("/v1/me", resident)["id"],
            "voucher_id": self.market.take(resident)["id"],
            "redemption_id": done["id"],
            "key": key,
        }

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
            Settings(database_url=f"sqlite:///{copy}", access_seconds=7 * 86400),
            signing_keys=signing,
            data_keys=data,
            instance=folder,
        ),
        CLOCK,
    )
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="module")
def callers(city: Flask) -> Callers:
    return Callers(city, CLOCK)


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
    # An id may be drawn that is another path's last word: "totals" is no redemption.
    assume(path == case.formatted_path or (method, case.formatted_path) not in PLAIN)
    case.call_and_validate(headers=callers.headers(node["x-scope"]), checks=CHECKS)
