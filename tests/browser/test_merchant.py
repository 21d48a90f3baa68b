"""The counter in a real browser: letters, photos, a camera, a network that fails."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import City
from tests.pages.pictures import on_a_table

Pages = Callable[..., Page]
Words = Callable[..., str]
_PHONES = iter(range(13900000031, 13900000053))  # a coffee a person and day


@pytest.fixture
def coffee(city: City) -> str:
    """The code on the telephone of somebody who wants a coffee; not all can afford one."""
    with httpx.Client(base_url=city.url) as client:
        voucher = next(filter(None, (_wanted(client, phone) for phone in _PHONES)))
        return str(client.post(f"/v1/me/vouchers/{voucher}/code").json()["code"])


def _wanted(client: httpx.Client, phone: int) -> str | None:
    """A coffee of the resident with this number, who is then signed in; None without points."""
    code = client.post("/v1/auth/otp", json={"phone": str(phone)}).json()["dev_code"]
    asked = {"grant_type": "otp", "phone": str(phone), "code": code}
    token = client.post("/v1/auth/token", json=asked).json()["access_token"]
    client.headers["Authorization"] = f"Bearer {token}"
    key, wanted = {"Idempotency-Key": "a coffee"}, {"benefit_id": "own_cup_coffee"}
    answer = client.post("/v1/me/vouchers", json=wanted, headers=key)
    assert answer.status_code == 201 or answer.json()["code"] == "not_enough_points", answer.text
    found: str | None = answer.json().get("id")
    return found


@pytest.fixture
def photo(coffee: str, tmp_path: Path) -> Path:
    """A large photo of that telephone."""
    path = tmp_path / "photo.jpg"
    on_a_table(coffee, turned=14).resize((4000, 3000)).save(path)
    return path


def _is_green(page: Page, words: Words) -> None:
    expect(page.get_by_role("heading", name=words("Redeemed: give it"))).to_be_visible()
    expect(page.get_by_text(words("The voucher costs nothing more"))).to_be_visible()


def test_a_typed_code_is_answered_and_enter_goes_on(
    page_of: Pages, coffee: str, words: Words, barriers: Callable[[Page], list[str]]
) -> None:
    page = page_of("merchant", dark=True, large=True)
    groups = " ".join(coffee[at : at + 4] for at in range(0, len(coffee), 4)).lower()
    page.get_by_label(words("Or type the code")).fill(groups)
    page.keyboard.press("Enter")
    _is_green(page, words)
    assert barriers(page) == []
    expect(page.get_by_role("link", name=words("Next customer"))).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_label(words("Or type the code")).fill(coffee)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=words("Give nothing"))).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text(
        words("This code has been used. Ask the customer to open the voucher again.")
    )
    assert barriers(page) == []


def test_a_photo_is_sent_by_itself_and_made_small(
    page_of: Pages, photo: Path, words: Words
) -> None:
    page = page_of("merchant")
    with page.expect_request("**/shop/redeem") as sent:
        page.get_by_label(words("Take a photo of the code")).set_input_files(photo)
    _is_green(page, words)
    assert int(sent.value.all_headers()["content-length"]) < photo.stat().st_size


def test_without_a_script_a_photo_is_read_by_a_button(
    page_of: Pages, photo: Path, words: Words
) -> None:
    page = page_of("merchant", java_script_enabled=False)
    page.get_by_label(words("Take a photo of the code")).set_input_files(photo)
    page.get_by_role("button", name=words("Read the photo")).click()
    _is_green(page, words)


def test_where_no_answer_came_the_counter_asks_and_gives_up(
    page_of: Pages, coffee: str, words: Words, barriers: Callable[[Page], list[str]]
) -> None:
    page = page_of("merchant")
    page.route("**/shop/redeem", lambda route: route.abort())
    page.get_by_label(words("Or type the code")).fill(coffee)
    with page.expect_event("requestfailed", lambda lost: lost.url.endswith("/shop/redeem")):
        page.keyboard.press("Enter")
    page.wait_for_function("location.protocol === 'chrome-error:'")
    page.unroute("**/shop/redeem")
    page.goto("/shop")
    expect(page.get_by_text(words("The last code was sent, and no answer came."))).to_be_visible()
    page.get_by_role("link", name=words("What became of it?")).click()
    expect(page.get_by_role("heading", name=words("No answer yet"))).to_be_visible()
    assert barriers(page) == []
    page.get_by_role("button", name=words("Give it up")).click()
    expect(page.get_by_role("alert")).to_contain_text(
        words("This try was given up before. Scan a fresh code.")
    )
    page.get_by_role("link", name=words("Next customer")).click()
    expect(page.get_by_role("heading", name=words("Scan a code"))).to_be_visible()
    expect(page.get_by_text(words("The last code was sent, and no answer came."))).to_be_hidden()


# What a telephone's browser has and this one lacks: a camera, and the knowledge of codes. `seen`
# is what it sees, once somebody holds it there.
CAMERA = """
window.seen = [];
window.BarcodeDetector = class {
  static async getSupportedFormats() { return ["qr_code"]; }
  async detect() { return window.seen; }
};
navigator.mediaDevices.getUserMedia = async () => {
  const canvas = document.createElement("canvas");
  canvas.getContext("2d").fillRect(0, 0, 10, 10);
  window.stream = canvas.captureStream(10);
  return window.stream;
};
"""
HIDE = """hidden => {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_the_camera_reads_at_once_and_looks_only_while_seen(
    page_of: Pages, coffee: str, words: Words
) -> None:
    page = page_of(None)
    page.add_init_script(CAMERA)
    page.goto("/")
    page.locator('main form[action="/demo/be/merchant"] button').click()
    picture = page.get_by_label(words("What the camera sees"))
    expect(picture).to_be_visible()
    page.evaluate(HIDE, True)
    expect(picture).to_be_hidden()
    assert page.evaluate("window.stream.getTracks()[0].readyState") == "ended"
    page.evaluate(HIDE, False)
    expect(picture).to_be_visible()
    page.evaluate("code => { window.seen = [{ rawValue: code }]; }", coffee)
    _is_green(page, words)


def test_a_camera_that_is_refused_leaves_the_other_ways(page_of: Pages, words: Words) -> None:
    page = page_of(None)
    page.add_init_script(CAMERA)
    page.add_init_script("navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error());")
    page.goto("/")
    page.locator('main form[action="/demo/be/merchant"] button').click()
    told = words("The camera may not be used here. Take a photo, or type the code.")
    expect(page.get_by_text(told)).to_be_visible()
    expect(page.get_by_text(words("Take a photo of the code"))).to_be_visible()


def test_a_secret_is_made_here_and_only_its_fingerprint_is_sent(
    page_of: Pages, city: City, words: Words
) -> None:
    page = page_of("merchant")
    page.goto("/shop/terminals/new")
    page.get_by_label(words("Its name")).fill("Till 2")
    page.get_by_role("button", name=words("Make a secret on this phone")).click()
    secret = page.locator("output").inner_text()
    with page.expect_request("**/shop/terminals/new") as sent:
        page.get_by_role("button", name=words("Let it in")).click()
    assert secret not in (sent.value.post_data or "")
    told = page.get_by_role("status").filter(has_text="cli_").inner_text()
    number = "cli_" + told.split("cli_")[1][:26]
    body = {"grant_type": "client_credentials"}
    answer = httpx.post(f"{city.url}/v1/auth/token", data=body, auth=(number, secret))
    assert answer.status_code == 200
