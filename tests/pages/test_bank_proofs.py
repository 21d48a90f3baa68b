"""Proofs at the bank's desk: made for this bank and this request, good once, nothing else."""

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import urlencode

import pytest
from flask import Flask

from app.kernel import FixedClock
from tests.attestations.desk import MINE, Desk
from tests.conftest import Headers
from tests.pages.conftest import Browser
from tests.pages.pictures import on_a_table, saved

REQUEST = re.compile(r'<dd class="mono">([2-9A-Z]{12})</dd>')


class Window:
    """A bank's clerk at `browser`; `bank` is by what name it asks."""

    def __init__(self, desk: Desk, browse: Callable[..., Browser]) -> None:
        self.desk = desk
        self.bank, self.headers = desk.bank()
        self.browser = browse("bank", self.bank)

    def request(self) -> str:
        """The request that the page shows now."""
        found = REQUEST.search(self.browser.get("/bank/verify").get_data(as_text=True))
        assert found is not None
        return found[1]

    def proof(self, person: Headers, nonce: str, audience: str = "", **more: object) -> str:
        body = {"claims": ["grade", "quarter"], "audience": audience or self.bank, "nonce": nonce}
        answer = self.desk.post(MINE, person, body | more)
        assert answer.status_code == 201, answer.get_json()
        return str(answer.get_json()["presentation"])

    def show(self, text: str, **more: object) -> str:
        answer = self.browser.post("/bank/verify", {"presentation": text} | more)
        return unescape(answer.get_data(as_text=True))


@pytest.fixture
def window(app: Flask, clock: FixedClock, browse: Callable[..., Browser]) -> Window:
    return Window(Desk(app, clock, app.test_client()), browse)


def test_a_proof_for_this_request_holds_and_says_only_what_it_shows(window: Window) -> None:
    person = window.desk.person("medium", 512)
    page = window.show(window.proof(person, window.request()))
    assert "The proof holds" in page
    assert "Medium green" in page
    assert "Q4 2025" in page
    assert "Good until" in page
    for word in ("512", "res_", "13800000"):
        assert word not in page
    assert window.desk.get("/v1/me/disclosures", person)["items"][0]["who"]["id"] == window.bank


def test_a_good_proof_uses_the_request_up(window: Window) -> None:
    first = window.request()
    text = window.proof(window.desk.person(), first)
    assert "The proof holds" in window.show(text)
    second = window.request()
    assert second != first
    assert "The proof was made for another request." in window.show(text)


def test_a_request_stays_until_a_proof_was_good_or_a_new_one_is_wanted(window: Window) -> None:
    first = window.request()
    assert "This is no proof that we know." in window.show("garbage")
    assert window.request() == first
    window.browser.post("/bank/verify/new")
    assert window.request() != first


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"audience": "another_bank"}, "The proof was made for somebody else."),
        ({"nonce": "of-another-request"}, "The proof was made for another request."),
    ],
)
def test_what_was_made_for_others_is_not_accepted(
    window: Window, change: dict[str, str], told: str
) -> None:
    made_for = {"nonce": window.request()} | change
    page = window.show(window.proof(window.desk.person(), **made_for))
    assert "Not accepted" in page
    assert told in page
    assert "Deep green" not in page


def test_an_ended_proof_is_not_accepted(window: Window) -> None:
    person = window.desk.person()
    text = window.proof(person, window.request())
    made = window.desk.get(MINE, person)["items"][0]["id"]
    gone = window.desk.client.delete(f"{MINE}/{made}", headers=person)
    assert gone.status_code == 204
    assert "The proof was ended by its holder" in window.show(text)


def test_a_proof_is_read_from_a_photo_and_nothing_is_told_as_such(window: Window) -> None:
    window.request()
    photo = saved(on_a_table("no proof at all"))
    assert "This is no proof that we know." in window.show("", photo=(photo, "code.jpg"))
    assert "There is no code yet." in window.show("")


def test_what_is_far_too_long_is_refused_with_a_sentence(window: Window) -> None:
    window.request()
    page = window.show("x" * 20_000)
    assert 'class="notice bad"' in page


def test_the_request_opens_the_residents_page(
    window: Window, browse: Callable[..., Browser]
) -> None:
    asked = urlencode({"audience": window.bank, "nonce": window.request()})
    answer = browse().client.get(f"/my/proofs/show?{asked}")
    assert answer.status_code == 303  # to the door, and back there afterwards
    assert "proofs" in answer.location
