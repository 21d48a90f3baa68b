"""Every *no* is a problem document, whatever was sent."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.plumbing import Actor, house
from tests.conftest import Headers

MIB = 1 << 20
JSON = {"Content-Type": "application/json"}


def problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    body: dict[str, Any] = answer.get_json()
    assert body["status"] == status
    assert body["code"] == code
    assert body["type"].endswith(code)
    assert body["request_id"] == answer.headers["X-Request-Id"] != ""
    assert body["title"]
    assert body["detail"]
    return body


@pytest.mark.parametrize(
    "path", ["/nothing", "/v1", "/v1/nothing", "/v2/behaviours", "/v1/me/nothing"]
)
def test_an_unknown_path(client: FlaskClient, path: str) -> None:
    problem(client.get(path), 404, "not_found")
    problem(client.post(path, json={}), 404, "not_found")


def test_a_method_that_a_path_does_not_know(client: FlaskClient) -> None:
    answer = client.post("/v1/behaviours", json={})
    problem(answer, 405, "method_not_allowed")
    assert {"GET", "HEAD"} <= set(answer.headers["Allow"].replace(",", "").split())
    answer = client.put("/v1/activities", json={})
    problem(answer, 405, "method_not_allowed")
    assert "POST" in answer.headers["Allow"]


@pytest.mark.parametrize("path", ["/v1/auth/otp", "/v1/activities", "/v1/me/bindings"])
@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "multipart/form-data", ""])
def test_another_content_type(client: FlaskClient, path: str, kind: str) -> None:
    answer = client.post(path, data=b"<a/>", headers={"Content-Type": kind})
    problem(answer, 415, "unsupported_media_type")


BROKEN = [
    *(b"{", b" ", b"[1,]", b"{'a': 1}", b"NaN", b'{"a": Infinity}', b'"\\ud800"', b"\xff"),
    *(
        b'{"phone": "\xff\xfe"}',
        b"\xef\xbb\xbf{}",
        "{}".encode("utf-16"),
        b"[" * 2000 + b"]" * 2000,
    ),
]


@pytest.mark.parametrize("body", BROKEN)
def test_a_body_that_is_no_json_in_utf8(client: FlaskClient, body: bytes) -> None:
    answer = client.post("/v1/auth/otp", data=body, headers=JSON)
    assert "JSON in UTF-8" in problem(answer, 400, "malformed")["detail"]


@pytest.mark.parametrize("body", [b"", b"[]", b"1", b"null", b'"x"', b"[" * 900 + b"]" * 900])
def test_json_that_is_no_object(client: FlaskClient, body: bytes) -> None:
    answer = client.post("/v1/auth/otp", data=body, headers=JSON)
    assert problem(answer, 422, "invalid")["errors"]


def test_a_wrong_field_is_pointed_at(client: FlaskClient) -> None:
    answer = client.post("/v1/auth/otp", json={"phone": "1", "more": 1, "a/b~c": 1})
    errors = problem(answer, 422, "invalid")["errors"]
    assert {(each["pointer"], each["code"]) for each in errors} == {
        ("/phone", "invalid"),
        ("/more", "unknown_field"),
        ("/a~1b~0c", "unknown_field"),
    }


def large(size: int) -> bytes:
    return b'{"activities": "' + b"x" * (size - 18) + b'"}'


def test_bodies_are_limited_to_a_mebibyte(client: FlaskClient) -> None:
    for path in ("/v1/auth/otp", "/v1/activities/reversals"):
        problem(client.post(path, data=large(MIB + 1), headers=JSON), 413, "body_too_large")
    problem(client.post("/v1/auth/otp", data=large(MIB), headers=JSON), 422, "invalid")


def test_activities_may_be_four_mebibytes(client: FlaskClient, provider: Headers) -> None:
    headers = provider | JSON | {"Idempotency-Key": "k"}
    answer = client.post("/v1/activities", data=large(4 * MIB), headers=headers)
    problem(answer, 422, "invalid")
    answer = client.post("/v1/activities", data=large(4 * MIB + 1), headers=headers)
    problem(answer, 413, "body_too_large")


def test_a_head_is_a_get_without_its_body(client: FlaskClient) -> None:
    for path in ("/v1/behaviours", "/v1/transparency", "/healthz"):
        head, whole = client.head(path), client.get(path)
        assert (head.status_code, head.data) == (200, b"")
        assert head.content_length == whole.content_length
    assert client.head("/v1/nothing").status_code == 404


def test_a_request_id_is_kept_when_it_is_one(client: FlaskClient) -> None:
    kept = client.get("/v1/nothing", headers={"X-Request-Id": "night-run.7"})
    assert problem(kept, 404, "not_found")["request_id"] == "night-run.7"
    odd = client.get("/v1/nothing", headers={"X-Request-Id": "a b;c"})
    assert odd.headers["X-Request-Id"] != "a b;c"


def test_invented_methods_make_no_figures_of_their_own(client: FlaskClient) -> None:
    problem(client.open("/v1/me", method="BREW"), 405, "method_not_allowed")
    assert "BREW" not in client.get("/metrics").text


def test_a_failure_of_ours_says_nothing_of_its_cause(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise RuntimeError("secret cause")

    monkeypatch.setitem(app.view_functions, "healthz", fail)
    answer = client.get("/healthz")
    problem(answer, 500, "internal_error")
    assert b"secret" not in answer.data


def test_an_allowance_is_the_callers_not_the_headers(
    make_app: Callable[..., Flask], resident: Headers
) -> None:
    client = make_app(rate_limit="4 per minute").test_client()

    def look(headers: Headers) -> int:
        return client.get("/v1/rulebook", headers=headers).status_code

    invented = [look({"Authorization": f"Bearer {n}"}) for n in range(6)]
    assert invented == [200] * 4 + [429] * 2
    assert look({}) == 429
    assert [look(resident) for _ in range(5)] == [200] * 4 + [429]


def test_a_failed_statement_is_logged_without_its_values(
    app: Flask, client: FlaskClient, resident: Headers, monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    def fail() -> None:
        with house(app).work(Actor("test")) as work:
            work.db.execute(
                sa.text("UPDATE resident SET level = :level, district = 'b'"), {"level": "Somebody"}
            )

    monkeypatch.setitem(app.view_functions, "healthz", fail)
    problem(client.get("/healthz"), 500, "internal_error")
    logged = capfd.readouterr().err
    assert "IntegrityError" in logged
    assert "Somebody" not in logged


def test_behind_a_proxy_the_forwarded_address_has_the_allowance(
    make_app: Callable[..., Flask],
) -> None:
    behind = make_app(trusted_proxies=1, rate_limit="2 per minute").test_client()
    found = [
        behind.get("/v1/behaviours", headers={"X-Forwarded-For": address}).status_code
        for address in ("10.0.0.1", "10.0.0.1", "10.0.0.2", "10.0.0.1")
    ]
    assert found == [200, 200, 200, 429]
