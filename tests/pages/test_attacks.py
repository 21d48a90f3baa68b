"""What a hostile stranger, or a resident who is one, tries with the pages."""

import re
from base64 import b64encode
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import identity
from app.pages import assets
from app.plumbing import Actor, House, qr
from tests.conftest import Headers, house_of
from tests.pages.conftest import Browser, sign_in_to_pages
from tests.pages.counters import at_the_office, newest_access
from tests.pages.offices import officer
from tests.redemption.market import Market

Browse = Callable[..., Browser]


@pytest.fixture
def mine(browse: Browse, client: FlaskClient, resident: Headers) -> Browser:
    """A browser signed in as a resident."""
    return browse("resident", client.get("/v1/me", headers=resident).get_json()["id"])


@pytest.mark.parametrize("path", [f"/assets/{assets.digest()}/style.css", "/v1/benefits"])
def test_nobodys_key_travels_with_what_others_may_keep(mine: Browser, path: str) -> None:
    answer = mine.client.get(path)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("odd", ["x%3Fy=1", "x%252Fcode"])
def test_an_id_in_an_address_leads_to_no_other_address(mine: Browser, odd: str) -> None:
    assert mine.get(f"/my/vouchers/{odd}").status_code == 404


@pytest.mark.parametrize("once", ["a\r\nAuthorization: Bearer x", "a\nb", "中", "k" * 300, "\0"])
def test_a_forms_key_is_no_second_header(mine: Browser, once: str) -> None:
    mine.get("/my/account")
    answer = mine.post("/my/contest", {"grade": "2026Q3", "reason": "x", "once": once})
    assert answer.status_code < 500


@pytest.mark.parametrize("code", ["1\r\nX-Other: 1", "1\n2", "中"])
def test_a_typed_code_is_no_second_header(mine: Browser, code: str) -> None:
    mine.get("/my/account")
    assert mine.post("/my/export", {"format": "json", "code": code}).status_code < 500


def test_whoever_signs_in_on_a_shared_browser_ends_the_session_before(
    browse: Browse, register: Callable[..., tuple[str, str]]
) -> None:
    browser = browse()
    kept, forms = [], []
    for name in ("An officer", "The next one"):
        number, secret = register("operator", name)
        browser.get("/staff")
        assert browser.post("/staff", {"client_id": number, "secret": secret}).status_code == 200
        with browser.client.session_transaction() as cookie:
            kept.append(dict(cookie["keys"]))
        forms.append(browser.tokens())
    assert browser.get("/city").request.path == "/city"
    assert browser.post("/city/approvals/x/approve", forms[0]).status_code == 400
    with browser.client.session_transaction() as cookie:
        cookie["keys"] = kept[0]
    assert browser.get("/city").request.path == "/staff"


def test_no_form_is_taken_without_its_token(app: Flask, mine: Browser) -> None:
    """Every address that takes forms, whoever may be there; what is unknown is taken by nobody."""
    taken, an_id = [], "rdm_" + 26 * "0"
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("pages.") and rule.endpoint != "pages.entrance.nothing":
            for method in (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}:
                path = re.sub(r"<[^>]+>", "x", re.sub(r"<wire:[^>]+>", an_id, rule.rule))
                answer = mine.client.open(path, method=method, data={"csrf_token": "forged"})
                taken.append(f"{method} {path}" * (answer.status_code != 400))
    assert len(taken) > 40
    assert not any(taken)


def test_no_address_ticks_what_an_officer_has_to_check(browse: Browse, house: House) -> None:
    mine = officer(house, browse, "Wang")
    path = "/city/propose/merchant_onboarding?checks.licence=yes&fixed=checks.licence&name=Cafe"
    page = mine.get(path).get_data(as_text=True)
    assert 'value="Cafe"' in page
    assert re.search(r'<input type="checkbox" name="checks.licence" value="yes">', page)
    assert 'type="hidden" name="checks' not in page


def test_no_address_names_what_a_merchant_is_about_to_end(market: Market, browse: Browse) -> None:
    mine = at_the_office(market, browse)
    path = f"/shop/terminals/{newest_access(market, market.shop('weihai_bus'))}/end"
    assert "The old till" not in mine.get(f"{path}?label=The+old+till").get_data(as_text=True)


def test_a_bank_shows_the_citys_own_address_and_not_a_requests(
    make_app: Callable[..., Flask],
) -> None:
    app = make_app(public_url="https://city.example/")
    with house_of(app).work(Actor("command")) as work:
        wire, _ = identity.create_client(work, "bank", "Desk")
    mine = sign_in_to_pages(app, house_of(app), "bank", wire)
    page = mine.get("/bank/verify").get_data(as_text=True)
    with mine.client.session_transaction() as cookie:
        asked = f"audience={wire}&nonce={cookie['request']}"
    drawn = qr.svg(f"https://city.example/my/proofs/show?{asked}")
    assert b64encode(drawn.encode()).decode() in page


@pytest.mark.parametrize("word", ["totals", "totals/undo", "ready/refund", "by-key"])
def test_no_other_address_of_the_api_is_taken_for_a_redemption(
    market: Market, browse: Browse, word: str
) -> None:
    answer = at_the_office(market, browse).get(
        f"/shop/redemptions/{word}", headers={"Accept": "text/html"}
    )
    assert answer.status_code == 404
