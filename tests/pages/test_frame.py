"""What every page is sent with, who may see it, and what a browser may keep of it."""

import gzip
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.kernel import FixedClock
from app.pages import assets
from app.plumbing import House
from tests.conftest import sign_in
from tests.identity.test_codes_and_sign_in import Outbox
from tests.pages.conftest import Browser, sign_in_to_pages

OPEN = ("/", "/sign-in", "/staff", "/offline", "/documents/agreement")
FIRST_VIEW = 100_000  # bytes, compressed
Browse = Callable[..., Browser]


@pytest.fixture
def wire(client: FlaskClient, app: Flask, house: House) -> str:
    """A resident's id."""
    token = sign_in(client)
    headers = {"Authorization": f"Bearer {token['access_token']}"}
    return str(client.get("/v1/me", headers=headers).get_json()["id"])


@pytest.mark.parametrize("path", OPEN)
def test_every_page_has_a_strict_policy_and_is_kept_by_nobody(browse: Browse, path: str) -> None:
    answer = browse().get(path)
    assert answer.status_code == 200
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert answer.headers["Cache-Control"] == "no-store"
    text = answer.get_data(as_text=True)
    assert not re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=|javascript:", text)
    assert not re.search(r'(src|href|action)="(https?:)?//', text)


def test_style_and_scripts_are_kept_for_ever_under_the_digest_of_all(browse: Browse) -> None:
    browser = browse()
    named = re.findall(r"/assets/[^\"]+", browser.get("/").get_data(as_text=True))
    assert any(each.endswith("style.css") for each in named)
    for path in named:
        answer = browser.client.get(path)
        assert answer.status_code == 200
        assert answer.cache_control.immutable
    old = browser.client.get("/assets/000000000000/style.css")
    assert old.status_code == 200, "a page from before an update goes on"
    assert not old.cache_control.immutable
    assert browser.client.get(f"/assets/{assets.digest()}/../__init__.py").status_code == 404


def test_styles_travel_compressed_and_pages_do_not(browse: Browse) -> None:
    browser = browse()
    wants = {"Accept-Encoding": "gzip"}
    style = browser.client.get(f"/assets/{assets.digest()}/style.css", headers=wants)
    assert style.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in browser.client.get("/", headers=wants).headers


def test_the_first_view_is_small(browse: Browse, wire: str) -> None:
    browser = browse("resident", wire)
    page = browser.get("/my").get_data()
    named = set(re.findall(r'(?:src|href)="(/assets/[^"]+\.(?:css|js|svg))"', page.decode()))
    files = [browser.client.get(path).get_data() for path in named]
    assert sum(len(gzip.compress(each)) for each in [page, *files]) < FIRST_VIEW


def test_a_form_without_its_token_does_nothing(browse: Browse, wire: str) -> None:
    browser = browse("resident", wire)
    answer = browser.client.post("/sign-out/resident")
    assert answer.status_code == 400
    assert "text/html" in answer.headers["Content-Type"]
    assert browser.get("/my").request.path == "/my", "still signed in"


def test_signing_out_ends_the_session_on_the_server_too(browse: Browse, wire: str) -> None:
    browser = browse("resident", wire)
    with browser.client.session_transaction() as cookie:
        kept = dict(cookie)
    browser.get("/my")
    browser.post("/sign-out/resident")
    with browser.client.session_transaction() as cookie:
        cookie["keys"] = kept["keys"]
    assert browser.get("/my").request.path == "/sign-in"


def test_a_session_that_is_over_leads_to_the_door_and_back(
    app: Flask, house: House, clock: FixedClock, wire: str
) -> None:
    browser = sign_in_to_pages(app, house, "resident", wire)
    clock.instant += timedelta(days=31)
    answer = browser.client.get("/my/acts?from=2026-01-01")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/sign-in?next=/my/acts?from%3D2026-01-01"
    assert "session had ended" in browser.get(answer.headers["Location"]).get_data(as_text=True)


def test_a_closed_account_has_no_pages(browse: Browse, house: House, wire: str) -> None:
    browser = browse("resident", wire)
    token = sign_in(browser.client)
    headers = {"Authorization": f"Bearer {token['access_token']}"}
    assert browser.client.delete("/v1/me?confirm=true", headers=headers).status_code == 200
    assert browser.get("/my").request.path == "/sign-in"


@pytest.mark.parametrize("path", ["/my", "/shop", "/bank", "/city"])
def test_desks_are_open_to_their_own_alone(browse: Browse, wire: str, path: str) -> None:
    stranger = browse()
    assert stranger.client.get(path).status_code == 303
    resident = browse("resident", wire)
    assert (resident.client.get(path).status_code == 200) == (path == "/my")


def test_a_page_session_opens_nothing_of_the_api(browse: Browse, wire: str) -> None:
    browser = browse("resident", wire)
    assert browser.get("/my").status_code == 200
    assert browser.client.get("/v1/me").status_code == 401


@pytest.mark.parametrize("way", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_the_door_leads_nowhere_else(browse: Browse, way: str) -> None:
    browser = browse()
    page = browser.get(f"/sign-in?next={way}").get_data(as_text=True)
    assert 'name="next"' not in page
    answer = browser.post("/display", {"language": "en", "back": way}, follow_redirects=False)
    assert answer.headers["Location"] == "/"


def test_what_the_service_worker_keeps_names_nobody(browse: Browse, wire: str) -> None:
    signed_in, stranger = browse("resident", wire), browse()
    told = [each.get("/offline").get_data(as_text=True) for each in (signed_in, stranger)]
    assert told[0] == told[1]
    assert "/my" not in stranger.client.get("/sw.js").get_data(as_text=True)


def test_a_page_that_is_not_there_says_so_in_words(browse: Browse, wire: str) -> None:
    answer = browse("resident", wire).get("/my/nowhere", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert "text/html" in answer.headers["Content-Type"]
    assert answer.headers["X-Request-Id"] in answer.get_data(as_text=True)


def test_chinese_is_the_language_until_another_is_chosen(browse: Browse) -> None:
    browser = browse()
    browser.client.delete_cookie("language")
    page = browser.get("/sign-in", headers={"Accept-Language": "en"}).get_data(as_text=True)
    assert '<html lang="zh-CN"' in page
    assert "手机号" in page
    page = browser.post("/display", {"language": "en", "back": "/sign-in"}).get_data(as_text=True)
    assert '<html lang="en"' in page
    assert "手机号" not in page


def test_cookies_are_sealed_and_their_own(make_app: Callable[..., Flask]) -> None:
    app = make_app(app_env="production")
    answer = app.test_client().get("/staff", base_url="https://weitan.invalid")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-weitan=")
    for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert word in cookie
    assert "Domain" not in cookie
    assert "max-age" in answer.headers["Strict-Transport-Security"]


def test_a_form_needs_no_referer(make_app: Callable[..., Flask]) -> None:
    browser = Browser(make_app().test_client())
    browser.get("/staff", base_url="https://weitan.invalid")
    form = {"client_id": "cli_nobody", "secret": "none"}
    answer = browser.post("/staff", form, base_url="https://weitan.invalid")
    assert answer.status_code == 401


def test_there_are_no_demo_doors_without_a_demo(browse: Browse, house: House) -> None:
    browser = browse()
    assert "/demo/" not in browser.get("/").get_data(as_text=True)
    assert browser.post("/demo/be/resident").status_code == 404


def test_companies_come_in_by_number_and_secret(
    browse: Browse, register: Callable[..., tuple[str, str]]
) -> None:
    number, secret = register("operator", "An officer")
    browser = browse()
    browser.get("/staff")
    answer = browser.post("/staff", {"client_id": number, "secret": "wrong"})
    assert answer.status_code == 401
    assert number in answer.get_data(as_text=True), "what was typed is still there"
    assert browser.post("/staff", {"client_id": number, "secret": secret}).request.path == "/city"


def test_a_code_that_was_tried_too_often_is_dead_for_pages_too(browse: Browse) -> None:
    browser = browse()
    browser.get("/sign-in")
    page = browser.post("/sign-in", {"phone": "13800000009", "step": "send"}).get_data(as_text=True)
    found = re.search(r"code is (\d{6})", page)
    assert found
    wrong = "000000" if found[1] != "000000" else "000001"
    for code in [wrong] * 5 + [found[1]]:
        form = {"phone": "13800000009", "code": code, "accept": "yes"}
        assert browser.post("/sign-in", form).status_code >= 400


def test_what_is_accepted_is_what_stood_beside_the_tick(make_app: Callable[..., Flask]) -> None:
    outbox = Outbox()
    app = make_app(ports={"sms": outbox}, app_env="production")
    browser = Browser(app.test_client())
    browser.speak("en")
    here: dict[str, Any] = {
        "base_url": "https://localhost",
        "headers": {"Referer": "https://localhost/sign-in"},
    }
    browser.get("/sign-in", **here)
    browser.post("/sign-in", {"phone": "13800000008", "step": "send"}, **here)
    versions = dict(re.findall(r'name="(agreement|notice)" value="([^"]+)"', browser.page))
    form = {"phone": "13800000008", "code": outbox.sent[-1][1], "accept": "yes"}

    answer = browser.post("/sign-in", form | versions | {"notice": "1999-01"}, **here)
    assert answer.status_code == 422
    assert "have changed meanwhile" in browser.page
    assert browser.post("/sign-in", form | versions, **here).request.path == "/my"
