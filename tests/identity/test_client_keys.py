"""A client that signs for itself instead of sending a secret (RFC 7523)."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from flask import Flask
from flask.testing import FlaskClient

from app import identity
from app.identity.jobs import JOBS
from app.kernel import Conflict, FixedClock, Invalid, NotFound
from app.plumbing import Actor, House
from app.plumbing.jobs import read, run
from tests.conftest import bearer

COMMAND = Actor("command")
KIND = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
TOKEN = "/v1/auth/token"
MAKERS: dict[str, Callable[[], Any]] = {
    "EdDSA": ed25519.Ed25519PrivateKey.generate,
    "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "RS256": lambda: rsa.generate_private_key(65537, 2048),
    "PS256": lambda: rsa.generate_private_key(65537, 2048),
}


def pem(private: Any) -> str:
    kind = serialization.PublicFormat.SubjectPublicKeyInfo
    return private.public_key().public_bytes(serialization.Encoding.PEM, kind).decode()


class Bank:
    """A client with a key of its own, and the assertions that it makes."""

    def __init__(self, app: Flask, house: House, clock: FixedClock, algorithm: str) -> None:
        self.app, self.house, self.clock, self.algorithm = app, house, clock, algorithm
        self.private = MAKERS[algorithm]()
        with house.work(COMMAND) as work:
            self.wire, self.secret = identity.create_client(work, "bank", "A Bank")
            self.key = identity.add_key(work, self.wire, pem(self.private))
        self.made = 0

    def claims(self, **other: Any) -> dict[str, Any]:
        self.made += 1
        said = {
            "iss": self.wire,
            "sub": self.wire,
            "aud": "weitan",
            "exp": int(self.clock.instant.timestamp()) + 60,
            "jti": f"assertion {self.made}",
        }
        return {name: value for name, value in (said | other).items() if value is not None}

    def sign(self, claims: dict[str, Any], **headers: Any) -> str:
        return jwt.encode(claims, self.private, algorithm=self.algorithm, headers=headers)

    def ask(self, assertion: str, auth: Any = None, **other: Any) -> Any:
        body = {
            "grant_type": "client_credentials",
            "client_assertion_type": KIND,
            "client_assertion": assertion,
        } | other
        return self.app.test_client().post(TOKEN, data=body, auth=auth)


@pytest.fixture
def bank(app: Flask, house: House, clock: FixedClock) -> Bank:
    return Bank(app, house, clock, "EdDSA")


def refused(answer: Any) -> bool:
    body = answer.get_json()
    return (answer.status_code, body["code"], body["error"]) == (401, *["invalid_client"] * 2)


@pytest.mark.parametrize("algorithm", MAKERS)
def test_each_kind_of_key_signs_in(
    app: Flask, house: House, clock: FixedClock, client: FlaskClient, algorithm: str
) -> None:
    bank = Bank(app, house, clock, algorithm)
    answer = bank.ask(bank.sign(bank.claims()))
    assert answer.status_code == 200, answer.get_json()
    assert answer.get_json()["scope"] == "bank"
    claims = jwt.decode(answer.get_json()["access_token"], options={"verify_signature": False})
    assert claims["sub"] == bank.wire
    assert client.get("/v1/me", headers=bearer(answer.get_json())).status_code == 403


def test_the_audience_is_the_service_or_its_token_endpoint(bank: Bank) -> None:
    for audience in ("weitan", "http://localhost/v1/auth/token", ["else", "weitan"]):
        assert bank.ask(bank.sign(bank.claims(aud=audience))).status_code == 200
    assert bank.ask(bank.sign(bank.claims()), client_id=bank.wire).status_code == 200


def test_every_fault_looks_alike(bank: Bank, house: House, register: Any) -> None:
    now = int(bank.clock.instant.timestamp())
    other, _ = register("bank", "Another")
    faults: list[dict[str, Any]] = [
        *({name: None} for name in ("iss", "sub", "aud", "exp", "jti")),
        {"iss": other},
        {"sub": other},
        {"iss": other, "sub": other},
        {"iss": "cli_" + "0" * 26, "sub": "cli_" + "0" * 26},
        {"aud": "http://elsewhere/v1/auth/token"},
        {"exp": now},
        {"exp": now + 601},
        {"exp": 1 << 62},
        {"exp": now + 60.5},
        {"exp": str(now + 60)},
        {"nbf": now + 120},
        {"iat": now + 120},
        {"jti": ""},
        {"jti": "x" * 201},
        {"jti": 7},
    ]
    for fault in faults:
        try:
            signed = bank.sign(bank.claims(**fault))
        except TypeError:  # the library makes no such token
            continue
        assert refused(bank.ask(signed)), fault
    good = bank.sign(bank.claims())
    head, body, signature = good.split(".")
    for text in ("", "a.b.c", f"{head}.{body}.", f"{head}.{body}.{signature[:-4]}AAAA", "é"):
        assert refused(bank.ask(text)), text
    assert refused(bank.ask(good, auth=(bank.wire, bank.secret)))
    assert refused(bank.ask(good, client_assertion_type="else"))
    assert refused(bank.ask(good, client_id=other))
    assert bank.ask(good).status_code == 200


def test_no_algorithm_but_the_keys_own(bank: Bank) -> None:
    public = pem(bank.private).encode()
    shared = json.loads(bank.key.jwk)["x"]
    for secret in (shared, "x" * 64):
        text = jwt.encode(bank.claims(), secret, algorithm="HS256")
        assert refused(bank.ask(text))
    assert refused(bank.ask(jwt.encode(bank.claims(), None, algorithm="none")))
    stranger = MAKERS["ES256"]()
    assert refused(bank.ask(jwt.encode(bank.claims(), stranger, algorithm="ES256")))
    assert public


def test_an_assertion_is_good_once(bank: Bank) -> None:
    text = bank.sign(bank.claims())
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: bank.ask(text), range(6)))
    assert sorted(each.status_code for each in answers) == [200] + [401] * 5
    again = bank.sign(bank.claims(jti="assertion 1", exp=int(bank.clock.instant.timestamp()) + 90))
    assert refused(bank.ask(again))


def test_used_assertions_are_forgotten_when_they_could_not_be_used_anyway(
    bank: Bank, house: House
) -> None:
    text = bank.sign(bank.claims())
    bank.ask(text)
    job = read(JOBS)["identity.forget_stale"]
    bank.clock.instant += timedelta(seconds=59)
    run(house, job)
    assert refused(bank.ask(text))
    bank.clock.instant += timedelta(seconds=2)
    assert run(house, job)
    assert refused(bank.ask(text))


def test_two_keys_overlap_and_are_told_apart(bank: Bank, house: House) -> None:
    old, new = bank.private, MAKERS["ES256"]()
    with house.work(COMMAND) as work:
        added = identity.add_key(work, bank.wire, pem(new))
        with pytest.raises(Conflict):
            identity.add_key(work, bank.wire, pem(MAKERS["ES256"]()))
    assert refused(bank.ask(bank.sign(bank.claims())))  # which of the two?
    assert bank.ask(bank.sign(bank.claims(), kid=bank.key.kid)).status_code == 200
    assert refused(bank.ask(bank.sign(bank.claims(), kid=added.kid)))
    with house.work(COMMAND) as work:
        identity.remove_key(work, bank.wire, bank.key.kid)
    bank.private, bank.algorithm = new, "ES256"
    assert bank.ask(bank.sign(bank.claims())).status_code == 200
    assert bank.ask(bank.sign(bank.claims(), kid=added.kid)).status_code == 200
    bank.private, bank.algorithm = old, "EdDSA"
    assert refused(bank.ask(bank.sign(bank.claims())))


def test_a_client_that_was_switched_off_signs_in_no_more(bank: Bank, house: House) -> None:
    with house.work(COMMAND) as work:
        found = identity.find_client(work, bank.wire)
        assert found is not None
        identity.switch_off(work, found.id)
    assert refused(bank.ask(bank.sign(bank.claims())))


def test_only_public_keys_of_known_kinds_are_taken(bank: Bank, house: House) -> None:
    private = ed25519.Ed25519PrivateKey.generate()
    whole = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
    small = rsa.generate_private_key(65537, 1024)
    wrong = [
        whole,
        json.dumps(jwt.algorithms.OKPAlgorithm.to_jwk(private, as_dict=True)),
        pem(small),
        pem(ec.generate_private_key(ec.SECP384R1())),
        json.dumps({"kty": "oct", "k": "AAAA"}),
        "{}",
        "[]",
        "{",
        "nothing",
        "",
    ]
    with house.work(COMMAND) as work:
        for text in wrong:
            with pytest.raises(Invalid):
                identity.add_key(work, bank.wire, text)
        with pytest.raises(NotFound):
            identity.add_key(work, "cli_" + "0" * 26, pem(private))
        with pytest.raises(NotFound):
            identity.remove_key(work, bank.wire, "no such")


def test_a_jwk_keeps_its_own_id(bank: Bank, house: House) -> None:
    private = ed25519.Ed25519PrivateKey.generate()
    jwk = jwt.algorithms.OKPAlgorithm.to_jwk(private.public_key(), as_dict=True) | {"kid": "two"}
    with house.work(COMMAND) as work:
        assert identity.add_key(work, bank.wire, json.dumps(jwk)).kid == "two"
    bank.private = private
    assert bank.ask(bank.sign(bank.claims(), kid="two")).status_code == 200
