"""The bank's desk in a real browser: codes go from the customer's phone to it by photo."""

from collections.abc import Callable
from pathlib import Path

import zxingcpp
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import City
from tests.browser.crawl import overflow
from tests.browser.living import parties

Pages = Callable[..., Page]
Words = Callable[..., str]


def photo(plate: Locator, path: Path) -> Path:
    plate.screenshot(path=path)
    return path


def test_a_consent_is_photographed_and_its_answer_fits_a_phone(
    city: City, page_of: Pages, words: Words, tmp_path: Path
) -> None:
    consent = parties(city.process, city.url)["resident"].post(
        "/v1/me/consents", purpose="limit", recipient="demo_city_bank"
    )["id"]
    resident, bank = page_of("resident"), page_of("bank")
    resident.goto(f"/my/consents/{consent}")
    seen = photo(resident.locator(".code img"), tmp_path / "consent.png")
    bank.locator("#photo").set_input_files(seen)
    expect(bank.get_by_label(words("Number of the consent"))).to_have_value(consent)
    bank.get_by_label(words("Product")).select_option("low_carbon")
    bank.get_by_label(words("Purpose")).select_option("limit")
    bank.get_by_label(words("Your number of the application")).fill("P-1")
    bank.get_by_label(words("Amount in yuan")).fill("150,000")
    rate = bank.get_by_label(words("Interest a year in percent, to two places"))
    rate.fill("4.355")
    bank.get_by_role("button", name=words("Ask"), exact=True).click()
    expect(rate).to_have_attribute("aria-invalid", "true")
    expect(rate).to_have_value("4.355")
    rate.fill("4.35")
    bank.get_by_role("button", name=words("Ask"), exact=True).click()
    table = bank.get_by_role("table", name=words("Terms without and with carbon data"))
    expect(table).to_contain_text("¥150,000.00")
    expect(table).to_contain_text("4.35%")
    assert not overflow(bank)
    hidden = "each => each.parentElement.scrollWidth - each.parentElement.clientWidth"
    assert table.evaluate(hidden) == 0

    bank.get_by_label(words("Decision")).select_option("granted")
    bank.get_by_role("button", name=words("Report"), exact=True).click()
    expect(bank.get_by_role("status")).to_contain_text(
        words("Kept. The customer sees it in the carbon account.")
    )


def test_a_proof_goes_from_the_phone_to_the_desk_and_is_good_once(
    page_of: Pages, words: Words, tmp_path: Path
) -> None:
    resident, bank = page_of("resident"), page_of("bank", wide=True)
    bank.goto("/bank/verify")
    asked = photo(bank.locator(".code img"), tmp_path / "asked.png")
    resident.goto(zxingcpp.read_barcodes(Image.open(asked))[0].text)
    expect(resident.locator("#audience")).to_have_value("demo_city_bank")
    resident.get_by_role("button", name=words("Make it and show it")).click()
    plate = resident.locator(".code img")
    expect(plate).to_be_visible()

    shown = photo(plate, tmp_path / "proof.png")
    bank.locator("#photo").set_input_files(shown)
    expect(bank.get_by_role("heading", level=1)).to_have_text(words("The proof holds"))
    expect(bank.locator(".facts")).to_contain_text("深绿")
    bank.get_by_role("link", name=words("Check another one")).press("Enter")
    bank.wait_for_url("**/bank/verify")
    bank.locator("#photo").set_input_files(shown)
    expect(bank.get_by_role("heading", level=1)).to_have_text(words("Not accepted"))
