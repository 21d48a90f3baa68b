"""Every route has its door: no token, the wrong token, the right one without its key."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.conftest import Headers, bearer, sign_in
from tests.contract.document import generated, operations

OPERATIONS = [(method, path, node["x-scope"]) for method, path, node in operations(generated())]
GUARDED = [each for each in OPERATIONS if each[2] != "public"]
ONCE = [(m, p, node["x-scope"]) for m, p, node in operations(generated()) if node.get("x-once")]


@pytest.fixture
def caller(
    client: FlaskClient, register: Callable[..., tuple[str, str]]
) -> Callable[[str], Headers]:
    """The headers of somebody of a scope."""

    def headers(scope: str) -> Headers:
        if scope == "resident":
            return bearer(sign_in(client))
        body = {"grant_type": "client_credentials"}
        return bearer(client.post("/v1/auth/token", json=body, auth=register(scope)).get_json())

    return headers


def call(client: FlaskClient, method: str, path: str, headers: Headers) -> Any:
    body = {"json": {}} if method in {"POST", "PATCH", "PUT"} else {}
    filled = re.sub(r"{\w+}", "x", path)
    return client.open(filled, method=method, headers=headers, **body)


def test_without_a_token_nobody_enters(client: FlaskClient) -> None:
    for method, path, _ in GUARDED:
        for headers in ({}, {"Authorization": "Basic eDp5"}, {"Authorization": "Bearer x.y.z"}):
            answer = call(client, method, path, headers)
            assert answer.status_code == 401, (method, path)
            assert answer.content_type == "application/problem+json", (method, path)
            assert answer.headers["WWW-Authenticate"].startswith("Bearer"), (method, path)


def test_with_the_wrong_scope_nobody_enters(
    client: FlaskClient, resident: Headers, provider: Headers
) -> None:
    for method, path, scope in GUARDED:
        answer = call(client, method, path, provider if scope == "resident" else resident)
        found = (answer.status_code, answer.get_json()["code"])
        assert found == (403, "wrong_scope"), (method, path)


def test_what_moves_points_asks_for_a_key(
    client: FlaskClient, caller: Callable[[str], Headers]
) -> None:
    known = {scope: caller(scope) for scope in {row[2] for row in ONCE}}
    for method, path, scope in ONCE:
        for key in ({}, {"Idempotency-Key": ""}, {"Idempotency-Key": "x" * 256}):
            answer = call(client, method, path, known[scope] | key)
            found = (answer.status_code, answer.get_json()["code"])
            assert found == (400, "idempotency_key_required"), (method, path)


def test_tokens_of_another_key_or_purpose_open_nothing(
    client: FlaskClient, register: Callable[..., tuple[str, str]], resident: Headers
) -> None:
    token = resident["Authorization"]
    for broken in (token[:-4] + "AAAA", token + "x", token.replace(".", "", 1)):
        assert client.get("/v1/me", headers={"Authorization": broken}).status_code == 401
