"""What stays of a closed account is stored and audited, and nothing else: every route of the
document, with a token that still lives and every id of the account, gives nothing out and changes
nothing. A new route fails the test until it says what it does with one."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient

from app.plumbing.db import metadata
from tests.conftest import Headers
from tests.contract.document import generated, operations
from tests.credit.counter import OFFER
from tests.recognition.bourse import Bourse
from tests.redemption.market import COMMAND
from tests.reports.life import NONCE, TAP, Life

Register = Callable[..., tuple[str, str]]
Ids = dict[str, str]
OPERATIONS = operations(generated())

# What a resident's POST and PATCH say; `{name}` is an id.
MINE: dict[str, Any] = {
    "PATCH /v1/me": {"birth_year": 1990},
    "POST /v1/me/attestations": {"claims": ["grade"], "audience": "bank", "nonce": NONCE},
    "POST /v1/me/bindings": {"provider": "{provider}", "subject": "card9", "proof": "mine"},
    "POST /v1/me/consents": {"purpose": "pricing", "recipient": "demo_city_bank"},
    "POST /v1/me/consents/refusals": {"purpose": "pricing", "recipient": "demo_city_bank"},
    "POST /v1/me/exchanges": {
        "partner": "unionpay_low_carbon",
        "direction": "out",
        "amount": "1.00",
    },
    "POST /v1/me/exchanges/quote": {
        "partner": "unionpay_low_carbon",
        "direction": "out",
        "amount": "1.00",
    },
    "POST /v1/me/links": {"partner": "unionpay_low_carbon", "proof": "mine", "account": "x"},
    "POST /v1/me/links/{link_id}/payer": {"behaviour": "walking", "payer": "city"},
    "POST /v1/me/objections": {"kind": "activity", "subject": "{activity_id}", "reason": "No."},
    "POST /v1/me/objections/{objection_id}/comment": {"comment": "Still no."},
    "POST /v1/me/offline-codes": {"vouchers": ["{voucher_id}"]},
    "POST /v1/me/phone": {"phone": "13900000009", "code": "123456", "proof": "mine"},
    "POST /v1/me/verification": {"proof": "mine"},
    "POST /v1/me/vouchers": {"benefit_id": "own_cup_coffee"},
    "POST /v1/me/vouchers/{voucher_id}/confirm": {"store_id": "sto_1"},
}
QUERIES = {"GET /v1/me/consents/notice": "?purpose=pricing&recipient=demo_city_bank"}

CLAIM = {"reference": "claim 1", "reason": "ours"}
TOTAL = {"link": "{link_id}", "behaviour": "walking", "month": "2026-03", "reduction_g": "1.000"}
NO = {"role": "Officer", "answer": "No."}
LOAN = {"consent_id": "{consent_id}", "product": "low_carbon", "purpose": "pricing",
        "application_reference": "loan 1", "offer": OFFER}  # fmt: skip
NEUTRAL = {"grade": None, "factor": None}
TAKE_BACK = {
    "kind": "exchange_correction",
    "payload": {"exchange": "{exchange_id}", "reason": "Booked for somebody else."},
    "reason": "As agreed.",
}
# How companies and officers ask, and what they get: a status with a code, or members of the answer.
THEIRS: dict[str, tuple[Any, Any]] = {
    "POST /v1/activities": ({"activities": [TAP]}, {"reason": "no_consent", "id": None}),
    "POST /v1/activities/reversals": ({"reversals": [{"reference": "t1", "reason": "x"}]},
                                      {"status": "unknown"}),
    "GET /v1/provider/activities/{reference}": (None, 404),
    "POST /v1/partner/claims": ({"claims": ["{claim}"]}, {"reason": "unknown_link"}),
    "POST /v1/partner/claims/reversals": ({"reversals": [CLAIM]}, {"status": "unknown"}),
    "GET /v1/partner/claims/{reference}": (None, 404),
    "POST /v1/partner/exchanges/{exchange_id}/confirm": ({"reference": "theirs"}, 409),
    "POST /v1/partner/exchanges/{exchange_id}/reject": ({}, {"account": None,
                                                             "status": "rejected"}),
    "GET /v1/partner/links": (None, {"items": []}),
    "GET /v1/partner/links/{link_id}": (None, 404),
    "DELETE /v1/partner/links/{link_id}": (None, 404),
    "POST /v1/partner/totals": ({"totals": [TOTAL | {"acts": 1}]}, {"status": "rejected"}),
    "POST /v1/redemptions": ({"code": "{code}"}, 409),
    "POST /v1/redemptions/ready": ({"code": "{account_code}"}, 409),
    "POST /v1/redemptions/{redemption_id}/refund": ({}, 404),
    "POST /v1/redemptions/{redemption_id}/void": ({}, 404),
    "POST /v1/credit/inquiries": (LOAN, NEUTRAL),
    "GET /v1/credit/inquiries/{inquiry_id}": (None, 404),
    "POST /v1/credit/outcomes": ({"inquiry_id": "{inquiry_id}", "used": True,
                                  "decided": "granted"}, 404),
    "POST /v1/attestations/verify": ({"presentation": "{presentation}", "nonce": NONCE,
                                      "audience": "anybank"}, {"valid": False}),
    "GET /v1/objections": (None, {"items": []}),
    "GET /v1/objections/{objection_id}": (None, 404),
    "POST /v1/objections/{objection_id}/extend": ({"reason": "They must check."}, 404),
    "POST /v1/objections/{objection_id}/reject": (NO, 404),
    "POST /v1/objections/{objection_id}/take": ({"role": "Officer"}, 404),
    "POST /v1/residents/{resident_id}/vouchers/{voucher_id}/freeze": ({"note": "x"}, 404),
    "POST /v1/residents/{resident_id}/vouchers/{voucher_id}/thaw": ({"note": "x"}, 404),
    "POST /v1/approvals": (TAKE_BACK, 409),
}  # fmt: skip
# What is asked without any id of a resident, or is the company's own record of a trade, which the
# law has it kept (电子商务法 art. 31) and which names nobody: why it is not walked.
UNASKED = {
    "a company's own place, devices and catalogue": (
        "GET /v1/merchant", "GET /v1/merchant/stores/{store_id}/code", "GET /v1/merchant/terminals",
        "POST /v1/merchant/terminals", "DELETE /v1/merchant/terminals/{client_id}",
        "GET /v1/credit/products", "GET /v1/merchants", "GET /v1/merchants/{merchant}",
        "POST /v1/benefits/{benefit_id}/licences", "GET /v1/provider/quality",
        "GET /v1/links/refusals", "GET /v1/alerts",
    ),
    "a merchant's own trades, without who it was": (
        "GET /v1/redemptions", "GET /v1/redemptions/totals", "GET /v1/redemptions/{redemption_id}",
        "GET /v1/redemptions/by-key/{key}", "POST /v1/redemptions/by-key/{key}/cancel",
        "POST /v1/redemptions/offline", "GET /v1/settlements", "GET /v1/settlements/{day}",
        "POST /v1/settlements/{day}/reconcile", "GET /v1/statements/{month}",
    ),
    "a partner's own trades, without the account": (
        "GET /v1/partner/exchanges", "GET /v1/partner/exchanges/{exchange_id}",
        "GET /v1/partner/position", "GET /v1/partner/settlements",
        "GET /v1/partner/settlements/{day}", "POST /v1/partner/settlements/{day}/reconcile",
    ),
    "messages sent before the account was closed; they are forgotten after 90 days": (
        "GET /v1/partner/events", "POST /v1/partner/events/{event_id}/replay",
        "GET /v1/credit/events", "POST /v1/credit/events/{event_id}/replay", "GET /v1/webhooks",
        "POST /v1/webhooks/{event_id}/replay",
    ),
    "the city as a whole, never fewer than ten people": (
        "GET /v1/reports/city", "GET /v1/reports/cockpit",
    ),
    "lists of which each row has a route of its own": ("GET /v1/credit/inquiries",),
    "files and decisions of operators": (
        "GET /v1/approvals", "GET /v1/approvals/{approval_id}",
        "POST /v1/approvals/{approval_id}/approve", "POST /v1/approvals/{approval_id}/reject",
        "POST /v1/approvals/{approval_id}/withdraw", "GET /v1/differences", "GET /v1/payouts",
    ),
}  # fmt: skip


def named(*scopes: str) -> set[str]:
    return {f"{method} {path}" for method, path, node in OPERATIONS if node["x-scope"] in scopes}


def test_every_route_of_a_company_or_an_officer_says_what_it_does_with_a_closed_account() -> None:
    unasked = {each for group in UNASKED.values() for each in group}
    companies = named("provider", "partner", "merchant", "bank", "operator")
    assert unasked.isdisjoint(THEIRS)
    assert companies == unasked | THEIRS.keys()


def test_every_body_of_a_resident_is_known() -> None:
    bodies = {f"{m} {p}" for m, p, node in OPERATIONS if "requestBody" in node}
    assert bodies & named("resident") == MINE.keys()


def test_a_closed_account_gives_nothing_out_and_nothing_of_it_changes(
    bourse: Bourse, client: FlaskClient, register: Register
) -> None:
    life = Life(bourse, register)
    ids = ids_of(life)
    closed = client.delete("/v1/me?confirm=true", headers=life.person)
    assert closed.status_code == 200, closed.get_json()
    before = rows(bourse)
    found = {}
    for each in sorted(named("resident")):
        asked = each + QUERIES.get(each, "")
        answer = ask(client, asked, life.person, MINE.get(each), ids)
        if (answer.status_code, answer.get_json()["code"]) != (401, "account_closed"):
            found[each] = answer.get_json()
    for each, (body, wanted) in THEIRS.items():
        answer = ask(client, each, caller(life, each), body, ids)
        if not as_wanted(answer, wanted):
            found[each] = answer.get_json()
    assert not found, "\n".join(f"{k}: {v}" for k, v in found.items())
    assert changed(before, rows(bourse)) <= LOGGED


def as_wanted(answer: Any, wanted: Any) -> bool:
    if isinstance(wanted, int):
        return bool(answer.status_code == wanted)
    told = answer.get_json()
    row = told["results"][0] if "results" in told else told
    return answer.status_code < 300 and {name: row.get(name) for name in wanted} == wanted


# What of it all may leave a trace: that somebody asked, or presented a code that has died.
LOGGED = {
    "credit_question",
    "disclosure",
    "idempotency_key",
    "inquiry",
    "intake_batch",
    "presentation",
    "voucher_code",
    "voucher_event",
}


def ids_of(life: Life) -> Ids:
    return {
        "activity_id": life.act,
        "attestation_id": life.proof["id"],
        "binding_id": life.binding,
        "consent_id": life.consent,
        "exchange_id": life.exchange,
        "inquiry_id": life.inquiry,
        "link_id": life.link,
        "objection_id": life.objection,
        "voucher_id": life.voucher,
        "redemption_id": life.redemption,
        "resident_id": life.wire,
        "provider": life.desk.id,
        "code": life.code,
        "account_code": life.account_code,
        "presentation": life.proof["presentation"],
        "claim": life.seat.ride("claim 2"),
    }


def caller(life: Life, asked: str) -> Headers:
    path = asked.split()[1]
    for head, headers in (
        ("/v1/activities", life.desk.headers),
        ("/v1/provider", life.desk.headers),
        ("/v1/partner", life.partner),
        ("/v1/redemptions", life.shop),
        ("/v1/credit", life.bank),
        ("/v1/attestations", life.bank),
    ):
        if path.startswith(head):
            return headers
    return life.officer


def ask(client: FlaskClient, asked: str, headers: Headers, body: Any, ids: Ids) -> Any:
    method, path = asked.split()
    reference = "claim 1" if "/partner/" in path else "t1"
    filled = path.format(**{"reference": reference, **ids})
    key = {"Idempotency-Key": f"frozen {asked}"} if method == "POST" else {}
    said = {} if body is None else {"json": full(body, ids)}
    return client.open(filled, method=method, headers=headers | key, **said)


def full(body: Any, ids: Ids) -> Any:
    """A body with ids where their names stand."""
    if isinstance(body, dict):
        return {name: full(value, ids) for name, value in body.items()}
    if isinstance(body, list):
        return [full(each, ids) for each in body]
    if isinstance(body, str) and body[:1] == "{":
        return ids[body[1:-1]]
    return body


def rows(bourse: Bourse) -> dict[str, list[Any]]:
    """Every row of every table."""
    with bourse.house.look(COMMAND) as work:
        return {
            name: sorted(map(repr, work.db.execute(sa.select(table))))
            for name, table in metadata.tables.items()
        }


def changed(before: dict[str, list[Any]], after: dict[str, list[Any]]) -> set[str]:
    return {name for name in before if before[name] != after[name]}
