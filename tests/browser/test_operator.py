"""The officers in a real browser: two of them decide, a wall shows the city, every form is read."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from app.pages.operator.forms import FORMS
from tests.browser.conftest import City
from tests.browser.crawl import overflow

Pages = Callable[..., Page]
Words = Callable[..., str]
Barriers = Callable[[Page], list[str]]
Keep = Callable[..., None]


def readable(page: Page, barriers: Barriers) -> None:
    assert barriers(page) == []
    assert not overflow(page)
    assert page.locator("h1").count() == 1


def test_one_officer_proposes_and_another_decides(
    page_of: Pages, words: Words, barriers: Barriers, keep: Keep
) -> None:
    maker, checker = page_of("operator", wide=True), page_of(None)
    checker.goto("/")
    checker.locator('nav.demo form[action="/demo/be/second_operator"] button').click()
    checker.wait_for_url("**/city")
    maker.goto("/city/benefits")
    stock = maker.locator("a", has_text=words("Propose more stock"))
    stock.first.click()
    maker.locator("#extra").fill("25")
    maker.locator("#why").fill("出资方追加。")
    maker.get_by_role("button", name=words("Propose"), exact=True).click()
    maker.wait_for_url("**/city/approvals/apr_*")
    asked = maker.url.rpartition("/")[2]
    expect(maker.locator("main")).to_contain_text(
        words("You proposed this, so another officer decides.")
    )
    expect(maker.get_by_role("button", name=words("Approve"), exact=True)).to_have_count(0)
    readable(maker, barriers)

    checker.goto("/city/approvals")
    checker.locator(f"a[href='/city/approvals/{asked}']").click()
    expect(checker.locator("ins").first).to_be_visible()
    readable(checker, barriers)
    keep(checker, "approval")
    checker.get_by_role("link", name=words("Reject…")).click()
    readable(checker, barriers)
    checker.go_back()
    checker.on("dialog", lambda dialog: dialog.accept())
    checker.get_by_role("button", name=words("Approve"), exact=True).click()
    expect(checker.locator(".notice.good")).to_have_text(words("Approved and done."))
    maker.reload()
    expect(maker.locator(".pill.good").first).to_be_visible()


def test_a_wall_shows_the_city_and_nothing_to_press_by_accident(
    page_of: Pages, words: Words, barriers: Barriers, keep: Keep
) -> None:
    page = page_of("operator", wide=True, dark=True)
    page.goto("/city?wall=1")
    expect(page.locator("h1")).to_have_text(words("The city's carbon account"))
    expect(page.locator("nav.tabs")).to_have_count(0)
    expect(page.locator(".huge")).to_be_visible()
    readable(page, barriers)
    keep(page, "cockpit", whole=True)
    page.get_by_role("link", name=words("Leave the wall view")).click()
    expect(page.locator("nav.tabs")).to_be_visible()


@pytest.mark.parametrize("large", [False, True], ids=["usual", "large"])
def test_every_form_can_be_read_on_a_telephone(
    lived_in: City, page_of: Pages, barriers: Barriers, large: bool
) -> None:
    page = page_of("operator", large=large)
    for kind in FORMS:
        page.goto(f"/city/propose/{kind}")
        readable(page, barriers)
        assert page.locator("main form").count() == 1, kind
