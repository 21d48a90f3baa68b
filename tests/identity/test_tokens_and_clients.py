"""Refresh tokens, client credentials, signing keys, scopes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import identity
from app.kernel import FixedClock, Invalid
from app.plumbing import Actor, House
from app.plumbing.keys import make_signing_key
from tests.conftest import Headers, bearer, sign_in

Register = Callable[..., tuple[str, str]]


def refresh(client: FlaskClient, token: str) -> Any:
    body = {"grant_type": "refresh_token", "refresh_token": token}
    return client.post("/v1/auth/token", data=body)


def credentials(client: FlaskClient, auth: tuple[str, str] | None) -> Any:
    body = {"grant_type": "client_credentials"}
    return client.post("/v1/auth/token", data=body, auth=auth)


def test_a_refresh_token_is_replaced_at_each_use(client: FlaskClient) -> None:
    first = sign_in(client)
    second = refresh(client, first["refresh_token"]).get_json()
    third = refresh(client, second["refresh_token"]).get_json()
    assert len({each["refresh_token"] for each in (first, second, third)}) == 3
    owners = {
        client.get("/v1/me", headers=bearer(each)).get_json()["id"] for each in (first, third)
    }
    assert len(owners) == 1


def test_reuse_ends_the_whole_family_and_no_other(client: FlaskClient) -> None:
    stolen = sign_in(client)
    elsewhere = sign_in(client)
    newest = refresh(client, stolen["refresh_token"]).get_json()

    reused = refresh(client, stolen["refresh_token"])
    assert reused.status_code == 400
    assert reused.get_json()["code"] == "invalid_grant"

    assert refresh(client, newest["refresh_token"]).get_json()["code"] == "invalid_grant"
    assert refresh(client, elsewhere["refresh_token"]).status_code == 200


def test_eight_uses_at_once_of_one_token_let_at_most_one_pass(
    app: Flask, client: FlaskClient
) -> None:
    token = sign_in(client)["refresh_token"]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: refresh(app.test_client(), token), range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] + [400] * 7
    winner = next(answer for answer in answers if answer.status_code == 200)
    assert refresh(client, winner.get_json()["refresh_token"]).status_code == 400


def test_a_refresh_token_ends_after_sixty_days(client: FlaskClient, clock: FixedClock) -> None:
    early, late = sign_in(client), sign_in(client)
    clock.instant += timedelta(days=60) - timedelta(seconds=1)
    assert refresh(client, early["refresh_token"]).status_code == 200
    clock.instant += timedelta(seconds=1)
    assert refresh(client, late["refresh_token"]).status_code == 400


def test_an_access_token_ends_after_fifteen_minutes(
    client: FlaskClient, resident: Headers, clock: FixedClock
) -> None:
    clock.instant += timedelta(seconds=899)
    assert client.get("/v1/me", headers=resident).status_code == 200
    clock.instant += timedelta(seconds=1)
    assert client.get("/v1/me", headers=resident).get_json()["code"] == "invalid_token"


def test_a_client_gets_a_token_of_its_scope(client: FlaskClient, register: Register) -> None:
    for scope in ("provider", "merchant", "partner", "bank", "operator"):
        wire, secret = register(scope, scope.title())
        assert wire.startswith("cli_")
        assert len(secret) >= 43
        body = credentials(client, (wire, secret)).get_json()
        assert body["scope"] == scope
        assert "refresh_token" not in body
        claims = jwt.decode(body["access_token"], options={"verify_signature": False})
        assert claims["sub"] == wire


def test_a_wrong_client_is_told_to_use_basic(client: FlaskClient, register: Register) -> None:
    wire, secret = register()
    nobody = "cli_" + "0" * 26
    for auth in (None, (wire, secret + "x"), (wire, ""), (nobody, secret), ("", ""), ("é", "é")):
        answer = credentials(client, auth)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Basic ")
        assert answer.get_json()["code"] == answer.get_json()["error"] == "invalid_client"


def test_a_client_is_found_with_what_it_may_report(house: House, register: Register) -> None:
    wire, _ = register("provider", "Bus", kind="clearing", behaviours=["bus_ride", "metro_ride"])
    with house.look(Actor("test")) as work:
        found = identity.find_client(work, wire)
        assert found is not None
        assert identity.client(work, found.id) == found
        assert found.may_report("bus_ride")
        assert not found.may_report("walking")
        assert identity.find_client(work, "res_" + wire[4:]) is None


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"scope": "resident"}, "unknown_scope"),
        ({"kind": "circus"}, "unknown_kind"),
        ({"name": " "}, "bad_name"),
        ({"behaviours": ["flying"]}, "unknown_behaviour"),
        ({"behaviours": []}, "unknown_behaviour"),
        ({"scope": "bank", "behaviours": ["bus_ride"]}, "bad_behaviours"),
    ],
)
def test_a_client_is_registered_with_sense(
    register: Register, wrong: dict[str, Any], code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        register(**wrong)
    assert refused.value.code == code


def test_the_wrong_scope_opens_nothing(client: FlaskClient, provider: Headers) -> None:
    for path in ("/v1/me", "/v1/me/bindings"):
        answer = client.get(path, headers=provider)
        assert answer.status_code == 403
        assert answer.get_json()["code"] == "wrong_scope"
        assert client.get(path).status_code == 401


def test_a_new_signing_key_logs_nobody_out(make_app: Callable[..., Flask], tmp_path: Path) -> None:
    keys = tmp_path / "signing"
    client = make_app(signing_keys=keys).test_client()
    before = sign_in(client)
    make_signing_key(keys, "0002")
    after = sign_in(client)

    published = client.get("/.well-known/jwks.json").get_json()["keys"]
    assert [key["kid"] for key in published] == ["0001", "0002"]
    assert {key["kty"] for key in published} == {"OKP"}
    assert all("d" not in key for key in published)
    used = [jwt.get_unverified_header(t["access_token"])["kid"] for t in (before, after)]
    assert used == ["0001", "0002"]
    for token in (before, after):
        assert client.get("/v1/me", headers=bearer(token)).status_code == 200
        kid = jwt.get_unverified_header(token["access_token"])["kid"]
        key = next(jwt.PyJWK(each) for each in published if each["kid"] == kid)
        options: Any = {"verify_exp": False, "verify_iat": False}
        jwt.decode(
            token["access_token"], key, algorithms=["EdDSA"], audience="weitan", options=options
        )


def test_a_foreign_or_bent_token_opens_nothing(
    client: FlaskClient, resident: Headers, make_app: Callable[..., Flask], tmp_path: Path
) -> None:
    stranger = make_app(signing_keys=tmp_path / "other").test_client()
    foreign = bearer(sign_in(stranger))
    head, body, signature = resident["Authorization"].split(".")
    unsigned = jwt.encode({"sub": "res_", "scope": "resident"}, None, algorithm="none")
    for authorization in (
        foreign["Authorization"],
        f"{head}.{body}.{signature[::-1]}",
        f"Bearer {unsigned}",
        "Bearer x",
        "Bearer ",
        "Basic abc",
    ):
        answer = client.get("/v1/me", headers={"Authorization": authorization})
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer ")
