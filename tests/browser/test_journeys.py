"""Whole ways through the city, each by the people who walk it, in browsers of their own."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import httpx
from playwright.sync_api import Page, expect

from tests.browser.conftest import City
from tests.journeys.live import answer_of

Pages = Callable[..., Page]
Words = Callable[..., str]
Keep = Callable[..., None]
# A telephone in a lift: 400 ms each way, 400 kbit a second.
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}


def test_from_a_tap_to_a_coffee_to_the_cafes_file(
    city: City, page_of: Pages, words: Words, keep: Keep, tmp_path: Path
) -> None:
    resident = page_of(phone="13900000011")
    tap(city, resident, words)
    resident.goto("/my")
    expect(resident.locator("h1")).to_be_visible()
    keep(resident, "home")

    resident.goto("/my/benefits/own_cup_coffee")
    resident.locator("main form button").first.click()
    resident.wait_for_url("**/my/vouchers/vch_*")
    plate = resident.locator("[data-picture]")
    expect(plate).to_be_visible()
    expect(resident.locator("[data-countdown]")).to_be_visible()
    keep(resident, "voucher")
    photo = tmp_path / "photo.png"
    plate.screenshot(path=photo)

    cafe = page_of("merchant")
    cafe.locator("#photo").set_input_files(photo)
    expect(cafe.locator(".answer.good")).to_be_visible()
    keep(cafe, "counter")
    expect(resident.locator(".answer.good")).to_be_visible(timeout=30_000)

    cafe.goto("/shop")
    cafe.locator("#photo").set_input_files(photo)
    expect(cafe.locator(".answer.bad")).to_be_visible()
    keep(cafe, "counter-no")

    cafe.goto("/shop/settlements")
    cafe.locator("main ul.rows a").first.click()
    with cafe.expect_download() as coming:
        cafe.locator("a[download]").click()
    lines = Path(coming.value.path()).read_text().splitlines()
    assert len([line for line in lines if "own_cup_coffee" in line]) == 6


def tap(city: City, resident: Page, words: Words) -> None:
    """A bus company knows the resident's card, and reports one ride."""
    bus = answer_of(
        city.around, "client", "create", "--scope", "provider", "--name", "Harbour buses",
        "--behaviours", "bus_ride",
    )  # fmt: skip
    resident.goto("/my/bindings")
    resident.get_by_role("link", name=words("Link another")).click()
    resident.get_by_label("Harbour buses").check()
    resident.locator("#subject").fill("card 7")
    resident.locator("#proof").fill("mine")
    resident.locator("main form button.full").click()
    expect(resident.get_by_text("Harbour buses").first).to_be_visible()
    token = httpx.post(
        f"{city.url}/v1/auth/token",
        data={"grant_type": "client_credentials"},
        auth=(bus["client_id"], bus["client_secret"]),
    ).json()["access_token"]
    ride = {
        "reference": "tap 1",
        "subject": "card 7",
        "behaviour": "bus_ride",
        "occurred_at": datetime.now(UTC).isoformat(),
        "quantity": None,
        "unit": None,
        "evidence": {"line": "66"},
    }
    sent = httpx.post(
        f"{city.url}/v1/activities",
        json={"activities": [ride]},
        headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "night"},
    )
    assert sent.json()["counts"]["pending"] == 1
    resident.goto("/my/acts")
    resident.locator("main ul.rows a").first.click()
    expect(resident.locator("h1")).to_have_text("公交出行")
    expect(resident.locator(".working").first).to_contain_text("80")


def test_a_consent_a_bank_a_look_and_an_end(page_of: Pages, words: Words, keep: Keep) -> None:
    resident, bank = page_of(phone="13900000012"), page_of("bank", wide=True)
    consent = agree(resident, words)
    ask(bank, consent, "B-1", words)
    expect(bank.locator("main")).to_contain_text("绿")
    keep(bank, "bank", whole=True)

    resident.goto("/my/disclosures")
    first = resident.locator("ol.rows > li").first
    expect(first).to_contain_text(words("by your consent"))
    keep(resident, "disclosures")

    resident.goto(f"/my/consents/{consent}")
    resident.locator("main form button.danger").click()
    expect(resident.locator("main")).to_contain_text(words("Turn on"))
    ask(bank, consent, "B-2", words)
    expect(bank.locator("main")).to_contain_text(words("No carbon data for this application"))
    resident.goto("/my/disclosures")
    expect(resident.locator("ol.rows > li").first.locator(".pill.bad")).to_be_visible()


def agree(resident: Page, words: Words) -> str:
    """Turn a consent on, having seen its whole notice; its number."""
    resident.goto("/my/consents")
    resident.locator('main a.button[href*="purpose=pricing"]').first.click()
    expect(resident.get_by_role("heading", name=words("What you agree to"))).to_be_visible()
    resident.get_by_role("button", name=words("I agree: turn on")).click()
    resident.wait_for_url("**/my/consents/cns_*")
    return resident.url.rpartition("/")[2]


def ask(bank: Page, consent: str, reference: str, words: Words) -> None:
    """Put an inquiry, as a clerk does who has read the number off a telephone."""
    bank.goto("/bank")
    bank.locator("#consent_id").fill(consent)
    bank.locator("#consent_id").press("Enter")
    bank.locator("#product").select_option("low_carbon")
    bank.locator("#purpose").select_option("pricing")
    bank.locator("#application_reference").fill(reference)
    bank.locator("#amount").fill("150000")
    bank.locator("#rate_bp").fill("4.35")
    bank.locator("#term_months").fill("12")
    bank.locator("#channel").select_option("online")
    bank.locator("#guarantee").select_option("guarantor")
    bank.get_by_role("button", name=words("Ask"), exact=True).click()
    bank.wait_for_url("**/bank/inquiries/inq_*")


def test_points_go_to_a_partner_at_the_rate_that_was_shown(page_of: Pages, words: Words) -> None:
    resident = page_of("resident")
    resident.goto("/my/partners/unionpay_low_carbon/exchange")
    resident.locator("input[name=direction][value=out]").check()
    resident.locator("#amount").fill("3")
    resident.locator("main form button.full").click()
    deal = resident.locator(".deal")
    expect(deal).to_contain_text("39")
    resident.get_by_role("button", name=words("Yes, exchange")).click()
    resident.wait_for_url("**/my/exchanges/xch_*")
    expect(resident.locator(".pill.good").first).to_be_visible(timeout=60_000)


def test_what_a_resident_contests_an_officer_answers(page_of: Pages, words: Words) -> None:
    resident, officer = page_of(phone="13900000013"), page_of("operator", wide=True)
    resident.goto("/my/acts")
    resident.locator("main ul.rows a").first.click()
    act = resident.url.rpartition("/")[2]
    resident.get_by_role("link", name=words("Contest this record")).click()
    resident.locator("#reason").fill("这一程不是我")
    resident.locator("main form button.full").click()
    resident.wait_for_url("**/my/objections/obj_*")
    case = resident.url.rpartition("/")[2]
    resident.goto(f"/my/acts/{act}")
    expect(resident.locator(".notice").first).to_be_visible()

    officer.goto(f"/city/objections/{case}")
    expect(officer.locator("main")).to_contain_text("这一程不是我")
    officer.get_by_role("link", name=words("Reject…")).click()
    officer.locator("#answer").fill("卡是您的，刷卡记录完整。")
    officer.locator("#role").fill("碳账户办公室")
    officer.on("dialog", lambda dialog: dialog.accept())
    officer.locator("main form button.danger").click()
    officer.wait_for_url("**/city/objections")
    resident.goto(f"/my/objections/{case}")
    expect(resident.get_by_role("heading", name=words("The answer"))).to_be_visible()
    expect(resident.locator("main")).to_contain_text("卡是您的，刷卡记录完整。")


def test_without_a_network_a_page_says_so_and_keeps_nobodys_data(
    page_of: Pages, words: Words
) -> None:
    page = page_of("resident")
    page.goto("/my/points")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    kept = page.evaluate(
        """async () => {
            const names = await caches.keys();
            const keys = async (name) => (await caches.open(name)).keys();
            const all = await Promise.all(names.map(keys));
            return all.flat().map(({ url }) => new URL(url).pathname);
        }"""
    )
    assert "/offline" in kept
    assert [path for path in kept if not path.startswith("/assets/")] == ["/offline"]
    page.context.set_offline(True)
    expect(page.locator("[data-offline]")).to_be_visible()
    page.goto("/my/acts")
    expect(page.locator("h1")).to_contain_text(words("No network"))
    expect(page.locator("h1")).to_contain_text("No network")
    page.context.set_offline(False)
    page.goto("/my/acts")
    expect(page.locator("h1")).to_have_text(words("What I did"))


def test_on_a_slow_network_a_form_is_sent_once_and_shows_that_it_is_on_its_way(
    page_of: Pages,
) -> None:
    page = page_of(phone="13900000014")
    page.goto("/my/benefits/five_yuan_voucher")
    network = page.context.new_cdp_session(page)
    network.send("Network.emulateNetworkConditions", SLOW)
    sent, busy = page.evaluate(
        """() => {
            let sent = 0;
            addEventListener("submit", (event) => { if (!event.defaultPrevented) sent += 1; });
            const button = document.querySelector("main form button");
            button.click();
            button.click();
            return [sent, button.getAttribute("aria-busy")];
        }"""
    )
    assert (sent, busy) == (1, "true")
    page.wait_for_url("**/my/vouchers/vch_*")
    expect(page.locator("[data-picture]")).to_be_visible()


def test_a_session_that_has_ended_leads_to_the_door_and_back(page_of: Pages, words: Words) -> None:
    page = page_of("resident")
    page.goto("/my/acts")
    page.context.clear_cookies(name="weitan")
    page.locator("main ul.rows a").first.click()
    page.wait_for_url(lambda url: "/sign-in?next=" in url)
    page.locator("#phone").fill("13900000015")
    page.locator("button[value=send]").click()
    told = page.locator(".notice").first.inner_text()
    page.locator("#code").fill("".join(filter(str.isdigit, told)))
    page.locator("input[name=accept]").check()
    page.locator("#code").press("Enter")
    expect(page.locator("h1")).to_have_text(words("There is nothing here"))  # another's record
