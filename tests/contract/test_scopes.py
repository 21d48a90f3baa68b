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


@pytest.mark.parametrize(("method", "path", "scope"), GUARDED)
def test_without_a_token_nobody_enters(
    client: FlaskClient, method: str, path: str, scope: str
) -> None:
    for headers in ({}, {"Authorization": "Basic eDp5"}, {"Authorization": "Bearer x.y.z"}):
        answer = call(client, method, path, headers)
        assert answer.status_code == 401
        assert answer.content_type == "application/problem+json"
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(("method", "path", "scope"), GUARDED)
def test_with_the_wrong_scope_nobody_enters(
    client: FlaskClient,
    resident: Headers,
    provider: Headers,
    method: str,
    path: str,
    scope: str,
) -> None:
    wrong = provider if scope == "resident" else resident
    answer = call(client, method, path, wrong)
    assert (answer.status_code, answer.get_json()["code"]) == (403, "wrong_scope")


@pytest.mark.parametrize(("method", "path", "scope"), ONCE)
def test_what_moves_points_asks_for_a_key(
    client: FlaskClient, caller: Callable[[str], Headers], method: str, path: str, scope: str
) -> None:
    headers = caller(scope)
    for key in ({}, {"Idempotency-Key": ""}, {"Idempotency-Key": "x" * 256}):
        answer = call(client, method, path, headers | key)
        assert (answer.status_code, answer.get_json()["code"]) == (400, "idempotency_key_required")


def test_tokens_of_another_key_or_purpose_open_nothing(
    client: FlaskClient, register: Callable[..., tuple[str, str]], resident: Headers
) -> None:
    token = resident["Authorization"]
    for broken in (token[:-4] + "AAAA", token + "x", token.replace(".", "", 1)):
        assert client.get("/v1/me", headers={"Authorization": broken}).status_code == 401
