"""The first page, the door, the looks: as somebody with a telephone meets them."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

Pages = Callable[..., Page]


def test_somebody_new_signs_in_by_number_and_code(
    page_of: Pages, words: Callable[..., str]
) -> None:
    page = page_of(None)
    page.goto("/sign-in")
    page.get_by_label(words("Telephone number")).fill("13700000001")
    page.get_by_role("button", name=words("Send me a code")).click()
    told = page.get_by_role("status").filter(has_text="123").or_(page.locator(".notice"))
    code = "".join(filter(str.isdigit, told.first.inner_text()))
    page.get_by_label(words("Code"), exact=True).fill(code)
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name=words("Sign in"), exact=True).click()
    page.wait_for_url("**/my")


def test_a_wrong_code_is_told_and_the_number_is_kept(
    page_of: Pages, words: Callable[..., str]
) -> None:
    page = page_of(None)
    page.goto("/sign-in")
    page.get_by_label(words("Telephone number")).fill("13700000002")
    page.get_by_role("button", name=words("Send me a code")).click()
    page.get_by_label(words("Code"), exact=True).fill("000000")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name=words("Sign in"), exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_text("13700000002")).to_be_visible()


def test_language_letters_and_colours_stay_chosen(page_of: Pages) -> None:
    page = page_of(None)
    page.goto("/sign-in")
    root = page.locator("html")
    expect(root).to_have_attribute("lang", "zh-CN")
    for button, name, value in (
        ("English", "lang", "en"),
        ("Large letters", "data-text", "large"),
        ("Dark", "data-theme", "dark"),
    ):
        page.locator("details.looks summary").click()
        page.get_by_role("button", name=button).click()
        expect(root).to_have_attribute(name, value)
        assert page.url.endswith("/sign-in")
    page.goto("/")
    expect(root).to_have_attribute("data-theme", "dark")
