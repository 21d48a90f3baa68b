"""The code on the phone in a real browser: renewed before it ends, kept without a network, gone
once it is used; and all of it without scripts."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import City
from tests.browser.living import Party, parties

Pages = Callable[..., Page]
Words = Callable[..., str]
FIVE = "five_yuan_voucher"
SOON = 30_000


@pytest.fixture
def who(city: City) -> dict[str, Party]:
    return parties(city.process, city.url)


@pytest.fixture
def voucher(who: dict[str, Party]) -> Any:
    """The path of a page with a code; its voucher is given back afterwards, so that a day's
    limit holds for every test."""
    taken = who["resident"].post("/v1/me/vouchers", benefit_id=FIVE)["id"]
    yield f"/my/vouchers/{taken}"
    if "cancelled" in who["resident"].get(f"/v1/me/vouchers/{taken}")["next"]:
        who["resident"].post(f"/v1/me/vouchers/{taken}/cancel")


def test_a_code_renews_itself_before_it_ends(page_of: Pages, words: Words, voucher: str) -> None:
    page = page_of()
    page.clock.install()
    page.goto(voucher)
    letters = page.locator("[data-letters]")
    picture = page.locator("[data-picture]")
    first, drawn = letters.inner_text(), picture.get_attribute("src")
    page.clock.fast_forward(30_000)
    expect(page.locator("[data-words]")).to_contain_text("秒后自动更新")
    expect(letters).to_have_text(first)
    page.clock.fast_forward(27_000)
    expect(letters).not_to_have_text(first)
    expect(picture).not_to_have_attribute("src", drawn or "")
    expect(page.locator("[data-said]")).to_have_text(words("There is a new code."))
    typed = page.locator("input[data-code]").input_value()
    expect(letters).to_have_text(" ".join(typed[at : at + 4] for at in range(0, 26, 4)))


def test_without_a_network_a_code_stays_until_it_ends_and_the_next_one_comes_with_the_network(
    page_of: Pages, words: Words, voucher: str
) -> None:
    page = page_of()
    page.clock.install()
    page.goto(voucher)
    letters = page.locator("[data-letters]")
    first = letters.inner_text()
    page.context.set_offline(True)
    page.clock.fast_forward(57_000)
    expect(page.get_by_text(words("No network. This code is good until it ends."))).to_be_visible()
    expect(letters).to_have_text(first)
    page.clock.fast_forward(4_000)
    expect(page.locator("[data-ended]")).to_be_visible()
    expect(page.locator("[data-picture]")).to_be_hidden()
    expect(letters).to_be_hidden()
    page.context.set_offline(False)
    page.clock.run_for(2_000)
    expect(letters).to_be_visible()
    expect(letters).not_to_have_text(first)
    expect(page.locator("[data-ended]")).to_be_hidden()


def test_a_page_turns_green_once_a_merchant_has_read_its_code(
    page_of: Pages, words: Words, voucher: str, who: dict[str, Party]
) -> None:
    page = page_of()
    page.goto(voucher)
    who["merchant"].post("/v1/redemptions", code=page.locator("[data-letters]").inner_text())
    green = page.locator(".answer.good")
    expect(green).to_be_visible(timeout=SOON)
    expect(green.get_by_role("heading", level=1)).to_have_text(words("Redeemed"))
    expect(page.locator("[data-picture]")).to_have_count(0)


def test_at_a_store_that_shows_its_code_a_phone_confirms(
    page_of: Pages, words: Words, voucher: str, who: dict[str, Party]
) -> None:
    store = who["merchant"].get("/v1/merchant")["stores"][0]
    page = page_of()
    page.goto("/my/stores")
    page.get_by_label(words("The store's code")).fill(f"weitan:store:{store['id']}")
    page.get_by_role("button", name=words("Go on")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(store["name"])
    page.locator(f'input[value="{voucher.rpartition("/")[2]}"]').check()
    page.get_by_role("button", name=words("Use it here now")).click()
    expect(page.locator(".answer.good")).to_be_visible()


def test_without_scripts_a_benefit_is_taken_and_shown_and_given_back(
    page_of: Pages, words: Words
) -> None:
    page = page_of(java_script_enabled=False)
    page.goto("/my/benefits")
    page.get_by_role("link", name="5 元代金券").click()
    page.get_by_role("button", name=words("Take it for %(n)s points", n="50")).click()
    expect(page.locator("[data-picture]")).to_be_visible()
    expect(page.locator("[data-countdown]")).to_be_hidden()
    assert page.locator('meta[http-equiv="refresh"]').count() == 1
    first = page.locator("[data-letters]").inner_text()
    page.get_by_role("link", name=words("New code")).click()
    expect(page.locator("[data-letters]")).not_to_have_text(first)
    page.get_by_role("link", name=words("Give it back")).click()
    page.get_by_role("button", name=words("Yes, give it back")).click()
    expect(page.get_by_text(words("Given back. Its points are yours again."))).to_be_visible()
