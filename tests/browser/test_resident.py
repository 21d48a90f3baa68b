"""The resident's pages about value, in a real browser: read, followed, made larger, linked."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.crawl import overflow

Pages = Callable[..., Page]
Words = Callable[..., str]


def test_from_the_balance_to_why_one_act_earned_what_it_did(page_of: Pages, words: Words) -> None:
    page = page_of("resident")
    page.goto("/my")
    expect(page.get_by_role("heading", level=1)).to_have_text(words("My carbon account"))
    expect(page.get_by_role("heading", name=words("Points to spend"))).to_be_in_viewport()
    page.get_by_role("link", name=words("All records")).click()
    page.get_by_role("list").filter(has=page.locator("a[href*='/my/acts/act_']")).get_by_role(
        "link"
    ).first.click()
    expect(page.get_by_role("heading", name=words("Why these points"))).to_be_visible()
    expect(page.locator(".working").first).to_contain_text("CO₂")
    source = page.locator("a[rel~=external]").first
    expect(source).to_have_attribute("href", re.compile("^https?://"))
    expect(page.get_by_role("link", name=words("Contest this record"))).to_be_visible()


def test_a_chart_has_its_numbers_behind_it(page_of: Pages, words: Words) -> None:
    page = page_of("resident")
    page.goto("/my/reductions?by=month")
    expect(page.get_by_role("img", name=words("Reduction"))).to_be_visible()
    expect(page.get_by_role("table")).to_be_hidden()
    page.get_by_text(words("As a table")).click()
    expect(page.get_by_role("table").get_by_role("row")).to_have_count(13)


def test_the_sides_of_what_i_did_say_where_one_is(page_of: Pages, words: Words) -> None:
    page = page_of("resident")
    page.goto("/my/acts")
    for name in ("Reduction", "What earns", "Records"):
        sides = page.get_by_role("navigation", name=words("What I did"))
        sides.get_by_role("link", name=words(name)).click()
        expect(sides.locator("[aria-current=page]")).to_have_text(words(name))


@pytest.mark.parametrize("path", ["/my", "/my/grade", "/my/behaviours", "/my/bindings/new"])
def test_large_letters_on_a_small_phone_push_nothing_sideways(
    page_of: Pages, barriers: Callable[[Page], list[str]], path: str
) -> None:
    page = page_of("resident", large=True)
    page.set_viewport_size({"width": 320, "height": 560})
    page.goto(path)
    assert not overflow(page)
    assert barriers(page) == []


def test_somebody_new_links_a_card_and_ends_it(page_of: Pages, words: Words) -> None:
    page = page_of(None)
    page.goto("/sign-in")
    page.get_by_label(words("Telephone number")).fill("13700000071")
    page.get_by_role("button", name=words("Send me a code")).click()
    code = "".join(filter(str.isdigit, page.locator(".notice").first.inner_text()))
    page.get_by_label(words("Code"), exact=True).fill(code)
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name=words("Sign in"), exact=True).click()
    page.wait_for_url("**/my")
    expect(
        page.get_by_role("heading", name=words("Two steps to your first points"))
    ).to_be_visible()

    page.get_by_role("link", name=words("Link the first")).click()
    page.get_by_role("radio").first.check()
    page.get_by_label(words("Number of your card, meter or account")).fill("a card of mine")
    page.get_by_label(words("Proof that it is yours")).fill("a photograph")
    page.get_by_role("button", name=words("Link it")).click()
    expect(page.get_by_role("status").first).to_contain_text(
        words("Linked. What it reports from now on earns points for you.")
    )

    page.get_by_role("link", name=words("End")).first.click()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name=words("Unlink")).click()
    expect(page.get_by_text(words("Ended"), exact=True)).to_be_visible()


def test_without_a_script_the_pages_are_the_same(page_of: Pages, words: Words) -> None:
    page = page_of("resident", java_script_enabled=False)
    page.goto("/my/acts")
    page.get_by_text(words("Some days only")).click()
    page.get_by_label(words("From"), exact=True).fill("2000-01-01")
    page.get_by_label(words("To"), exact=True).fill("2000-01-02")
    page.get_by_role("button", name=words("Show"), exact=True).click()
    expect(page.get_by_text(words("Nothing on these days."))).to_be_visible()
