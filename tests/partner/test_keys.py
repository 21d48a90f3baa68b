"""Claim keys, as they are published in vectors.json."""

import base64
import hashlib
import hmac
import json
from datetime import datetime

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partner import keys, statement
from partner.webhook import secret_bytes
from tests.partner.stage import ROOT

VECTORS = json.loads((ROOT / "examples" / "partner" / "vectors.json").read_text("utf-8"))
SECRET = base64.b64decode(VECTORS["secret"])
SECONDS = st.integers(min_value=0, max_value=2**33)


@pytest.mark.parametrize("act", VECTORS["acts"], ids=lambda act: act["about"])
def test_every_act_has_the_keys_of_the_vectors(act: dict) -> None:
    found = keys.keys_of(SECRET, act["behaviour"], act["day"], act["evidence"], act["occurred_at"])
    assert found == act["keys"]


@pytest.mark.parametrize("act", VECTORS["acts"], ids=lambda act: act["about"])
def test_the_vectors_follow_from_their_messages(act: dict) -> None:
    def made(message: str | list[str]) -> str | list[str]:
        if isinstance(message, list):
            return [str(made(each)) for each in message]
        return hmac.new(SECRET, message.encode(), hashlib.sha256).hexdigest()

    assert {kind: made(message) for kind, message in act["messages"].items()} == act["keys"]


@pytest.mark.parametrize("pair", VECTORS["times"], ids=lambda pair: pair["about"])
def test_times(pair: dict) -> None:
    found = []
    for name in ("first", "second"):
        second = int(datetime.fromisoformat(pair[name]).timestamp())
        found.append(keys.cells(second))
    assert found == pair["cells"]
    assert len({*found[0]} & {*found[1]}) == pair["shared"]
    for place, name in enumerate(("first", "second")):
        made = keys.keys_of(SECRET, "bus_ride", "2026-03-10", {}, pair[name])
        assert made == {"time": pair["keys"][place]}


@given(SECONDS, st.integers(min_value=0, max_value=300))
def test_up_to_five_minutes_share_a_cell(second: int, apart: int) -> None:
    assert {*keys.cells(second)} & {*keys.cells(second + apart)}


@given(SECONDS, st.integers(min_value=600, max_value=10**6))
def test_from_ten_minutes_on_none_is_shared(second: int, apart: int) -> None:
    assert not {*keys.cells(second)} & {*keys.cells(second + apart)}


def test_the_identity_is_that_of_the_vectors() -> None:
    said = VECTORS["identity"]
    secret = secret_bytes(said["webhook_secret"])
    assert statement.identity(secret, said["phone"]) == said["identity"]
    assert statement.international("13800138000") == said["phone"]


def test_a_statement_is_a_jws_that_others_can_read() -> None:
    secret, now = b"s" * 32, int(datetime.now().astimezone().timestamp())
    made = statement.make(secret, "unionpay_low_carbon", "anna", "13800138000", now)
    said = jwt.decode(made, secret, algorithms=["HS256"], audience="weitan")
    assert said["iss"] == "unionpay_low_carbon"
    assert said["sub"] == "anna"
    assert said["identity"] == statement.identity(secret, "+8613800138000")
    assert 0 < said["exp"] - said["iat"] <= 600
    assert made != statement.make(secret, "unionpay_low_carbon", "anna", "13800138000", now)
    assert "13800138000" not in json.dumps(said)
