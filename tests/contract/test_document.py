"""The OpenAPI document is valid, says what is agreed, and says it of every route."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV31SpecValidator

from app.plumbing.tokens import SCOPES
from tests.contract.document import COMMITTED, generated, operations, text

# What the contract marks as safe to send twice.
ONCE = {
    ("POST", "/v1/activities"),
    ("POST", "/v1/activities/reversals"),
    ("POST", "/v1/me/vouchers"),
    ("POST", "/v1/me/vouchers/{voucher_id}/cancel"),
    ("POST", "/v1/me/vouchers/{voucher_id}/confirm"),
    ("POST", "/v1/me/vouchers/{voucher_id}/licence/replace"),
    ("POST", "/v1/redemptions"),
    ("POST", "/v1/redemptions/offline"),
    ("POST", "/v1/redemptions/{redemption_id}/void"),
    ("POST", "/v1/redemptions/{redemption_id}/refund"),
    ("POST", "/v1/benefits/{benefit_id}/licences"),
    ("POST", "/v1/residents/{resident_id}/vouchers/{voucher_id}/freeze"),
    ("POST", "/v1/residents/{resident_id}/vouchers/{voucher_id}/thaw"),
    ("POST", "/v1/approvals"),
    ("POST", "/v1/approvals/{approval_id}/approve"),
    ("POST", "/v1/approvals/{approval_id}/reject"),
    ("POST", "/v1/approvals/{approval_id}/withdraw"),
    ("POST", "/v1/merchant/terminals"),
    ("POST", "/v1/me/exchanges"),
    ("POST", "/v1/partner/claims"),
    ("POST", "/v1/partner/claims/reversals"),
    ("POST", "/v1/partner/events/{event_id}/replay"),
    ("POST", "/v1/partner/exchanges/{exchange_id}/confirm"),
    ("POST", "/v1/partner/exchanges/{exchange_id}/reject"),
    ("POST", "/v1/partner/totals"),
    ("POST", "/v1/webhooks/{event_id}/replay"),
    ("POST", "/v1/credit/events/{event_id}/replay"),
    ("POST", "/v1/credit/inquiries"),
    ("POST", "/v1/credit/outcomes"),
    ("POST", "/v1/me/attestations"),
    ("POST", "/v1/me/objections"),
    ("POST", "/v1/me/objections/{objection_id}/comment"),
    ("POST", "/v1/me/objections/{objection_id}/withdraw"),
    ("POST", "/v1/objections/{objection_id}/extend"),
    ("POST", "/v1/objections/{objection_id}/reject"),
    ("POST", "/v1/objections/{objection_id}/take"),
}
# What is no part of the contract: documents about it, and what machines ask.
UNDOCUMENTED = ("/docs", "/openapi.json", "/healthz", "/readyz", "/metrics", "/static")


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return generated()


def test_a_change_of_the_contract_is_a_reviewed_difference(document: dict[str, Any]) -> None:
    assert text(document) == COMMITTED.read_text(encoding="utf-8"), (
        "the document has changed: python -m tests.contract, and review the difference"
    )


def test_it_says_the_same_whenever_it_is_read(client: FlaskClient) -> None:
    assert client.get("/openapi.json").data == client.get("/openapi.json").data


def test_the_document_is_valid_openapi(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    OpenAPIV31SpecValidator(document).validate()


def test_every_route_is_documented(app: Flask, document: dict[str, Any]) -> None:
    known = {(method, path) for method, path, _ in operations(document)}
    found = {
        (method, rule.rule.replace("<path:", "<").replace("<", "{").replace(">", "}"))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if not rule.rule.startswith(UNDOCUMENTED) and not rule.endpoint.startswith("pages.")
    }
    assert found == known


def test_every_operation_says_who_may_call_it(document: dict[str, Any]) -> None:
    for method, path, node in operations(document):
        assert node["x-scope"] in {*SCOPES, "public"}, (method, path)
        assert ("security" in node) == (node["x-scope"] != "public"), (method, path)


def test_what_can_be_sent_twice_is_what_the_contract_marks(document: dict[str, Any]) -> None:
    assert {(m, p) for m, p, node in operations(document) if node.get("x-once")} == ONCE


def test_every_operation_has_a_sentence(document: dict[str, Any]) -> None:
    missing = [(m, p) for m, p, node in operations(document) if not node.get("summary")]
    assert missing == []


def test_the_docs_page_works_offline(client: FlaskClient) -> None:
    page = client.get("/docs/")
    assert page.status_code == 200
    assert b"https://" not in page.data
