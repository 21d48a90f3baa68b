"""Everything about me: whole, documented, signed, and mine alone."""

from collections.abc import Callable
from hashlib import sha256
from json import dumps
from typing import Any

import jwt
from flask import Flask
from flask.testing import FlaskClient
from openapi_schema_validator import OAS31Validator

from app.plumbing import Work
from app.plumbing.db import metadata
from tests.activities.desk import Desk, act
from tests.conftest import Headers, bearer, sign_in
from tests.recognition.bourse import Bourse
from tests.reports.life import Life

Register = Callable[..., tuple[str, str]]

# Where each table with a resident's id stands in the export.
TOLD = {
    "acceptance": "documents",
    "sign_in": "sign_ins",
    "page_session": "page_sessions",
    "wallet": "points.balance",
    "account": "points.balance.lots",
    "transfer": "points.entries",
    "hold": "points.holds",
    "activity": "activities",
    "portion": "activities.*.portions",
    "score_history": "activities.*.history",
    "reversal": "activities.*.reversal",
    "tally": "months",
    "partner_claim": "claims",
    "exclusive_payer": "payers",
    "dispute": "disputes",
    "voucher": "vouchers",
    "voucher_event": "vouchers.*.history",
    "voucher_code": "vouchers.*.codes",
    "redemption": "vouchers.*.redemption",
    "link": "links",
    "binding": "bindings",
    "claim_secret": "claim_secret_made_at",
    "consent": "consents",
    "consent_refusal": "refusals",
    "disclosure": "disclosures",
    "grade": "grades",
    "grade_admission": "let_in",
    "grade_flag": "contested",
    "inquiry": "inquiries",
    "attestation": "attestations",
    "objection": "objections",
    "exchange": "exchanges",
}
# What is not told, and why.
UNTOLD = {
    "act_claim": "keyed hashes made of the evidence that is told with each act",
    "object_claim": "keyed hashes of bills and meters that are told with the acts",
    "object_wait": "the same, of acts that wait for another's to be given up",
    "restatement": "a note for the job that computes grades again; deleted when it has",
    "grade_change": "a note for the job that tells banks; what they were told is in the log",
}


def export(client: FlaskClient, headers: Headers) -> dict[str, Any]:
    answer = client.get("/v1/me/export", headers=headers)
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json()


def test_an_empty_account_has_every_section(client: FlaskClient, resident: Headers) -> None:
    answer = client.get("/v1/me/export", headers=resident)
    name = answer.headers["Content-Disposition"]
    assert name == 'attachment; filename="weitan-2026-03-10.json"'
    assert answer.cache_control.no_store
    found = answer.get_json()
    assert (found["format"], found["version"], found["city"]) == ("weitan-export", 1, "weihai")
    assert found["sections"]["profile"]["phone"] == "13800000001"
    assert found["sections"]["activities"] == []


def test_every_table_that_knows_a_resident_is_in_it_or_says_why_not() -> None:
    known = {name for name, table in metadata.tables.items() if "resident_id" in table.columns}
    known.add("page_session")  # of residents and of clients
    assert known == TOLD.keys() | UNTOLD.keys()


def test_a_whole_life_is_told(bourse: Bourse, client: FlaskClient, register: Register) -> None:
    found = export(client, Life(bourse, register).person)
    empty = [path for path in set(TOLD.values()) if not at(found["sections"], path)]
    assert empty == []
    document = client.get("/openapi.json").get_json()
    schema = {"$ref": "#/components/schemas/ExportOut", "components": document["components"]}
    assert [each.message for each in OAS31Validator(schema).iter_errors(found)] == []


def at(told: Any, path: str) -> Any:
    """What stands at a path; `*` is any of a list."""
    for name in path.split("."):
        if name == "*":
            told = {key: value for row in told for key, value in row.items() if value}
        else:
            told = told.get(name)
    return told


def test_the_signature_is_of_these_sections(client: FlaskClient, resident: Headers) -> None:
    found = export(client, resident)
    jwks = client.get("/.well-known/jwks.json").get_json()
    kid = jwt.get_unverified_header(found["signature"])["kid"]
    key = next(each for each in jwt.PyJWKSet.from_dict(jwks).keys if each.key_id == kid)
    said = jwt.decode(
        found["signature"], key.key, algorithms=["EdDSA"], options={"verify_iat": False}
    )
    plain = dumps(found["sections"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert said["sections_sha256"] == sha256(plain.encode()).hexdigest()
    assert (said["resident"], said["made_at"]) == (found["resident"], found["made_at"])
    assert jwt.get_unverified_header(found["signature"])["typ"] == "weitan-export+jwt"


def test_it_can_be_read(client: FlaskClient, register: Register, resident: Headers) -> None:
    desk = Desk.opened(client, register)
    desk.bind(resident)
    desk.send(act("t1", "bus_ride", "2026-03-09T08:00:00+08:00"))
    desk.reverse("t1", reason="<b>退款</b>")
    answer = client.get("/v1/me/export?format=html", headers=resident)
    assert answer.mimetype == "text/html"
    page = answer.get_data(as_text=True)
    assert "&lt;b&gt;退款&lt;/b&gt;" in page
    assert "<b>" not in page
    assert "积分 · Points" in page
    assert "http" not in page.replace("http-equiv", "")  # nothing is loaded from anywhere
    assert "<script" not in page


def test_nobody_else_is_in_it(bourse: Bourse, client: FlaskClient, register: Register) -> None:
    Life(bourse, register)
    other = bearer(sign_in(client, "13800000099"))
    sections = export(client, other)["sections"]
    profile, points = sections.pop("profile"), sections.pop("points")
    assert profile["phone"] == "13800000099"
    assert (points["entries"], points["holds"]) == ([], [])
    assert [len(rows) for name, rows in sections.items() if rows] == [1]  # this sign-in


def test_production_wants_a_fresh_code(make_app: Callable[..., Flask]) -> None:
    sent: list[str] = []

    class Sms:
        def send(self, phone: str, code: str) -> None:
            sent.append(code)

    app = make_app(ports={"sms": Sms()}, app_env="production", otp_per_minute_number=9)
    client = app.test_client()
    client.post("/v1/auth/otp", json={"phone": "13800000001"})
    versions = {row["document"]: row["version"] for row in _documents(client)}
    body = {"grant_type": "otp", "phone": "13800000001", "code": sent[-1], "accept": versions}
    headers = bearer(client.post("/v1/auth/token", json=body).get_json())
    refused = client.get("/v1/me/export", headers=headers)
    assert (refused.status_code, refused.get_json()["code"]) == (403, "step_up_required")
    client.post("/v1/auth/otp", json={"phone": "13800000001"})
    wrong = "000000" if sent[-1] != "000000" else "111111"
    refused = client.get("/v1/me/export", headers=headers | {"X-Step-Up-Code": wrong})
    assert (refused.status_code, refused.get_json()["code"]) == (403, "wrong_code")
    good = headers | {"X-Step-Up-Code": sent[-1]}
    assert client.get("/v1/me/export", headers=good).status_code == 200
    assert client.get("/v1/me/export", headers=good).status_code == 403  # a code works once


def test_a_code_is_looked_at_before_the_document_is_begun(make_app: Callable[..., Flask]) -> None:
    """Whoever held a connection for the one while waiting for the other could use them all up."""
    held: list[int] = []

    def step_up(work: Work, _resident: bytes, _code: str | None) -> str:
        held.append(work.db.engine.pool.checkedout())  # type: ignore[attr-defined]
        return "otp"

    client = make_app(ports={"step_up": step_up}).test_client()
    headers = bearer(sign_in(client)) | {"X-Step-Up-Code": "123456"}
    assert client.get("/v1/me/export", headers=headers).status_code == 200
    assert held == [1]


def _documents(client: FlaskClient) -> list[dict[str, Any]]:
    return client.get("/v1/documents").get_json()["items"]


def test_it_is_given_gladly_but_not_without_end(client: FlaskClient, resident: Headers) -> None:
    answers = [client.get("/v1/me/export", headers=resident) for _ in range(61)]
    assert [each.status_code for each in answers] == [200] * 60 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0
