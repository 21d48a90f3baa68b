"""Proofs on a page: for one reader now, or kept by the browser; a bank finds them good."""

import json
import re
from collections.abc import Callable
from html import unescape

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask

from app.attestations import sdjwt
from app.kernel import FixedClock, to_wire
from tests.attestations.desk import NONCE, Desk
from tests.conftest import Headers
from tests.pages.conftest import Browser


@pytest.fixture
def desk(app: Flask, clock: FixedClock) -> Desk:
    return Desk(app, clock, app.test_client())


@pytest.fixture
def person(desk: Desk) -> Headers:
    return desk.person()


@pytest.fixture
def mine(desk: Desk, person: Headers, browse: Callable[..., Browser]) -> Browser:
    return browse("resident", to_wire("res", desk.id_of(person)))


def text_area(browser: Browser) -> str:
    found = re.search(r'<textarea id="text"[^>]*>([^<]*)<', browser.page)
    assert found is not None
    return unescape(found[1])


def test_shown_to_a_bank_it_holds_and_says_what_was_ticked(
    desk: Desk, person: Headers, mine: Browser
) -> None:
    wire, bank = desk.bank()
    mine.get(f"/my/proofs/show?audience={wire}&nonce={NONCE}")
    assert f'value="{NONCE}"' in mine.page
    mine.post("/my/proofs/show", {"audience": wire, "nonce": NONCE, "claims": ["grade"]})
    assert 'src="data:image/svg+xml;base64,' in mine.page
    verdict = desk.verify(bank, text_area(mine))
    assert (verdict["valid"], verdict["claims"]) == (True, {"grade": "deep"})
    mine.get("/my/proofs")
    assert "Good" in mine.page
    (made,) = desk.get("/v1/me/attestations", person)["items"]
    mine.get(f"/my/proofs/{made['id']}")
    mine.post(f"/my/proofs/{made['id']}/end")
    assert "Whoever checks this proof now is told so" in mine.page
    mine.get(f"/my/proofs/{made['id']}")
    assert "by you" in mine.page


def test_what_is_not_right_is_said_and_kept(mine: Browser) -> None:
    mine.get("/my/proofs/show")
    refused = mine.post(
        "/my/proofs/show", {"audience": "a_bank", "nonce": "x", "claims": "quarter"}
    )
    assert refused.status_code == 422
    assert 'value="a_bank"' in mine.page
    assert re.search(r'value="quarter" checked', mine.page)
    assert not re.search(r'value="grade" checked', mine.page)
    assert mine.post("/my/proofs/show", {"audience": "b", "nonce": NONCE}).status_code == 422
    assert mine.get("/my/proofs/att_nothing").status_code == 404


def test_a_readers_code_fills_the_form(mine: Browser) -> None:
    mine.get("/my/proofs/show")
    asked = "https://weitan.invalid/my/proofs/show?audience=a_bank&nonce=4711-4711"
    mine.post("/my/proofs/read", {"asked": asked})
    assert 'value="a_bank"' in mine.page
    assert 'value="4711-4711"' in mine.page
    mine.get("/my/proofs/show")
    for wrong in ("cns_123", "http://[", ""):
        mine.post("/my/proofs/read", {"asked": wrong})
        assert "two lines" in mine.page


def test_without_a_grade_there_is_nothing_to_prove(
    desk: Desk, browse: Callable[..., Browser]
) -> None:
    other = browse("resident", to_wire("res", desk.id_of(desk.person(code=None))))
    other.get("/my/proofs/show")
    form = {"audience": "a_bank", "nonce": NONCE, "claims": "grade"}
    assert other.post("/my/proofs/show", form).status_code == 409
    assert "nothing to prove yet" in other.page


def test_one_that_the_browser_keeps_is_bound_to_its_key(
    desk: Desk, mine: Browser, clock: FixedClock
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    public = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(key.public_key()))
    mine.get("/my/proofs/new")
    form = {"claims": ["grade", "quarter"], "minutes": "30"}
    mine.post("/my/proofs/new", form | {"holder_key": json.dumps(public)})
    made = re.search(r'data-made="(att_\w+)"', mine.page)
    assert made is not None
    wire, bank = desk.bank()
    shown = sdjwt.bind(text_area(mine), key, wire, NONCE, clock.now())
    mine.get(f"/my/proofs/{made[1]}")
    mine.post(f"/my/proofs/{made[1]}/picture", {"presentation": shown, "audience": wire})
    assert text_area(mine) == shown
    assert 'src="data:image/svg+xml;base64,' in mine.page
    assert desk.verify(bank, shown)["valid"]
    mine.get("/my/proofs/new")
    for wrong in ("", "{", "[]", json.dumps(public | {"d": "x"})):
        assert mine.post("/my/proofs/new", form | {"holder_key": wrong}).status_code == 422


def test_a_strangers_proof_is_not_there(
    desk: Desk, mine: Browser, browse: Callable[..., Browser]
) -> None:
    theirs = desk.make(desk.person())["id"]
    assert mine.get(f"/my/proofs/{theirs}").status_code == 404
    mine.get("/my/proofs")
    assert theirs not in mine.page
