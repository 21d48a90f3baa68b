"""Presentations that prove nothing, each wrong in one way."""

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from hypothesis import given
from hypothesis import strategies as st

from app.attestations import sdjwt
from tests.attestations.forge import (
    CLAIMS,
    ISSUER,
    NOW,
    bound,
    find_key,
    issued,
    jwk,
    shown,
    signed,
)

MINUTE = timedelta(minutes=1)


def fault(text: str, now: Any = NOW) -> str:
    with pytest.raises(sdjwt.Unconvincing) as caught:
        sdjwt.check(text, find_key, now)
    return caught.value.reason


def encoded(parts: list[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def body_of(text: str) -> dict[str, Any]:
    found: dict[str, Any] = jwt.decode(
        text.split("~", maxsplit=1)[0], options={"verify_signature": False}
    )
    return found


def test_what_is_good_is_good() -> None:
    found = sdjwt.check(shown(), find_key, NOW).claims
    assert {name: found[name] for name in CLAIMS} == CLAIMS
    assert "_sd" not in found


def test_every_part_that_is_touched_is_noticed() -> None:
    """Every 7th character, and the last of each part but for the bits that no byte has."""
    text = shown()
    for place in range(0, len(text), 7):
        if text[place] in "~.":
            continue
        other = "A" if text[place] != "A" else "Q"
        touched = text[:place] + other + text[place + 1 :]
        assert fault(touched) in {"malformed", "bad_signature", "unknown_issuer_key"}, place


def test_a_disclosure_added_removed_or_told_twice() -> None:
    key, holder = sdjwt.one_time_key()
    credential = issued(CLAIMS, holder)
    jwt_part, first, *rest = credential.rstrip("~").split("~")
    added = encoded(["c2FsdHNhbHRzYWx0c2FsdA", "income", "high"])
    for parts in ([first, *rest, added], [first, first, *rest], [added]):
        again = sdjwt.joined(jwt_part, parts)
        # Even when the holder signs it: no digest stands for it, or it stands for two.
        assert fault(bound(again, key)) == "malformed"
    binding = bound(credential, key).split("~")[-1]
    assert fault(sdjwt.joined(jwt_part, rest) + binding) == "bad_signature"
    fewer = sdjwt.joined(jwt_part, rest)
    assert sdjwt.check(bound(fewer, key), find_key, NOW), "a holder may show less"


@pytest.mark.parametrize("name", ["_sd", "...", "exp", "iss", 7])
def test_a_disclosure_of_a_name_that_is_none(name: Any) -> None:
    key, holder = sdjwt.one_time_key()
    disclosure = encoded(["c2FsdHNhbHRzYWx0c2FsdA", name, 1])
    body = body_of(issued({}, holder)) | {"_sd": [sdjwt.digest(disclosure)]}
    assert fault(bound(sdjwt.joined(signed(body), [disclosure]), key)) == "malformed"


@pytest.mark.parametrize(
    "parts", [["salt"], ["salt", "grade"], ["salt", "grade", "deep", 1], "salt", None]
)
def test_a_disclosure_that_is_none(parts: Any) -> None:
    key, holder = sdjwt.one_time_key()
    disclosure = encoded(parts)
    body = body_of(issued({}, holder)) | {"_sd": [sdjwt.digest(disclosure)]}
    assert fault(bound(sdjwt.joined(signed(body), [disclosure]), key)) == "malformed"


def test_a_digest_that_occurs_twice() -> None:
    key, holder = sdjwt.one_time_key()
    body = body_of(issued({}, holder))
    once = body["_sd"][0]
    for twice in ({"_sd": [once, once]}, {"_sd": [once], "more": [{"...": once}]}):
        assert fault(bound(sdjwt.joined(signed(body | twice), []), key)) == "malformed"


@pytest.mark.parametrize("value", ["x", ["x", 1], {"a": 1}, None])
def test_digests_that_are_no_list_of_texts(value: Any) -> None:
    key, holder = sdjwt.one_time_key()
    body = body_of(issued({}, holder)) | {"_sd": value}
    assert fault(bound(sdjwt.joined(signed(body), []), key)) == "malformed"


@pytest.mark.parametrize("changes", [{"_sd_alg": "md5"}, {"cnf": {}}, {"cnf": None}, {"exp": "x"}])
def test_a_credential_that_says_what_we_never_say(changes: dict[str, Any]) -> None:
    key, holder = sdjwt.one_time_key()
    body = body_of(issued({}, holder)) | changes
    assert fault(bound(sdjwt.joined(signed(body), []), key)) == "malformed"


def test_a_credential_without_an_end() -> None:
    key, holder = sdjwt.one_time_key()
    body = body_of(issued({}, holder))
    del body["exp"]
    assert fault(bound(sdjwt.joined(signed(body), []), key)) == "malformed"


def test_the_time() -> None:
    text = shown()
    end = NOW + 15 * MINUTE
    assert sdjwt.check(text, find_key, end - timedelta(seconds=1))
    assert fault(text, end) == "expired"
    assert sdjwt.check(text, find_key, NOW - MINUTE), "clocks differ by a minute"
    assert fault(text, NOW - 2 * MINUTE) == "not_yet"


def test_a_binding_of_another_time() -> None:
    key, holder = sdjwt.one_time_key()
    later = int((NOW + 2 * MINUTE).timestamp())
    assert fault(bound(issued(CLAIMS, holder), key, iat=later)) == "not_yet"


@pytest.mark.parametrize(
    "changes",
    [{"aud": ["a", "b"]}, {"nonce": 7}, {"iat": "now"}, {"iat": True}, {"sd_hash": None}],
)
def test_a_binding_of_another_form(changes: dict[str, Any]) -> None:
    key, holder = sdjwt.one_time_key()
    assert fault(bound(issued(CLAIMS, holder), key, **changes)) == "malformed"


def test_a_binding_by_somebody_else() -> None:
    _, holder = sdjwt.one_time_key()
    other, _ = sdjwt.one_time_key()
    assert fault(bound(issued(CLAIMS, holder), other)) == "bad_signature"


def test_a_binding_taken_from_another_credential() -> None:
    key, holder = sdjwt.one_time_key()
    binding = bound(issued(CLAIMS, holder), key).split("~")[-1]
    assert fault(issued(CLAIMS, holder) + binding) == "bad_signature"


def test_no_binding_and_one_of_another_type() -> None:
    key, holder = sdjwt.one_time_key()
    assert fault(issued(CLAIMS, holder)) == "no_key_binding"
    assert fault(bound(issued(CLAIMS, holder), key, typ="JWT")) == "malformed"


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_binding_of_an_algorithm_that_is_not_the_keys(algorithm: str) -> None:
    _, holder = sdjwt.one_time_key()
    secret = None if algorithm == "none" else _secret(holder)
    assert fault(bound(issued(CLAIMS, holder), secret, algorithm)) == "bad_signature"


@pytest.mark.parametrize("algorithm", ["none", "HS256", "ES256"])
def test_a_credential_of_another_algorithm(algorithm: str) -> None:
    key, holder = sdjwt.one_time_key()
    body = body_of(issued(CLAIMS, holder))
    secret: Any = {"none": None, "HS256": _secret(jwk(ISSUER.public_key())), "ES256": key}[
        algorithm
    ]
    forged = sdjwt.joined(signed(body, secret, algorithm), [])
    assert fault(bound(forged, key)) == "bad_signature"


def _secret(told: dict[str, Any]) -> bytes:
    """What everybody knows of a key, taken for a shared secret."""
    return base64.urlsafe_b64decode(told["x"] + "=")


def test_a_credential_by_somebody_else() -> None:
    key, holder = sdjwt.one_time_key()
    body, stranger = body_of(issued(CLAIMS, holder)), ed25519.Ed25519PrivateKey.generate()
    assert fault(bound(sdjwt.joined(signed(body, stranger), []), key)) == "bad_signature"
    theirs = sdjwt.joined(signed(body, stranger, kid="2"), [])
    assert fault(bound(theirs, key)) == "unknown_issuer_key"
    another = sdjwt.joined(signed(body, typ="at+jwt"), [])
    assert fault(bound(another, key)) == "malformed"


@given(st.text(max_size=80) | st.from_regex(r"[\w.~-]{0,200}", fullmatch=True))
def test_any_text_is_refused_in_words(text: str) -> None:
    assert fault(text) in {"malformed", "no_key_binding", "unknown_issuer_key", "bad_signature"}


def test_texts_that_would_exhaust_a_reader() -> None:
    deep = base64.urlsafe_b64encode(b"[" * 5000 + b"]" * 5000).decode().rstrip("=")
    key, holder = sdjwt.one_time_key()
    body = body_of(issued({}, holder)) | {"_sd": [sdjwt.digest(deep)]}
    assert fault(bound(sdjwt.joined(signed(body), [deep]), key)) == "malformed"
    assert fault(f"{deep}.{deep}.AA~{deep}~x") == "malformed"


# Keys.


def test_keys_that_may_hold_a_credential() -> None:
    point = jwk(ec.generate_private_key(ec.SECP256R1()).public_key())
    edwards = jwk(ed25519.Ed25519PrivateKey.generate().public_key())
    for good in (point, edwards):
        assert sdjwt.public_key(good | {"kid": "mine", "use": "sig"}) == {
            name: good[name] for name in ("kty", "crv", "x", "y") if name in good
        }
    bad: list[Callable[[], dict[str, Any]]] = [
        lambda: jwk(ec.generate_private_key(ec.SECP384R1()).public_key()),
        lambda: point | {"y": point["x"]},
        lambda: point | {"x": point["x"][:-1]},
        lambda: {"kty": "EC", "crv": "P-256", "x": point["x"]},
        lambda: edwards | {"x": 7},
        lambda: edwards | {"crv": "X25519"},
        lambda: {"kty": "oct", "k": "c2VjcmV0"},
        lambda: {"kty": "RSA", "n": "AQAB", "e": "AQAB"},
        dict,
    ]
    assert [sdjwt.public_key(each()) for each in bad] == [None] * len(bad)
