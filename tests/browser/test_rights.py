"""The resident's say in a real browser: proofs with a key of the browser's own, files, switches
without a script, the end of an account."""

import json
import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from app.pages.photos import read
from tests.browser.conftest import City
from tests.browser.living import parties

Pages = Callable[..., Page]
Words = Callable[..., str]
Barriers = Callable[[Page], list[str]]
NONCE = "ABCD2345EFGH"
# Of what the browser keeps: the type of the key, and whether it can be taken out.
KEPT_KEY = """async () => {
    const database = await new Promise((resolve) => {
        indexedDB.open("weitan-proofs", 1).onsuccess = (event) => resolve(event.target.result);
    });
    const proofs = database.transaction("proofs").objectStore("proofs");
    const rows = await new Promise((resolve) => {
        proofs.getAll().onsuccess = (event) => resolve(event.target.result);
    });
    database.close();
    const taken = rows.map(({ key }) => crypto.subtle.exportKey("jwk", key).then(() => 1, () => 0));
    return [rows.map(({ id, key }) => [id, key.type, key.extractable]), await Promise.all(taken)];
}"""


def keep_proof(page: Page, words: Words) -> str:
    """A proof of grade and quarter that this browser keeps; its id."""
    page.goto("/my/proofs/new")
    page.get_by_role("button", name=words("Make it")).click()
    expect(page.locator("[data-kept]")).to_be_visible()
    return page.locator("[data-made]").get_attribute("data-made") or ""


def test_a_proof_is_bound_to_a_key_that_never_leaves_the_browser(
    city: City, page_of: Pages, words: Words, barriers: Barriers
) -> None:
    page = page_of(phone="13900000021")
    proof = keep_proof(page, words)
    assert barriers(page) == []
    keys, taken = page.evaluate(KEPT_KEY)
    assert keys == [[proof, "private", False]]
    assert taken == [0]

    page.goto(f"/my/proofs/{proof}?audience=demo_city_bank&nonce={NONCE}")
    page.locator("input[value=quarter]").uncheck()
    page.get_by_role("button", name=words("Sign and show")).click()
    shown = page.locator("#text")
    expect(shown).to_be_visible()
    assert barriers(page) == []
    body = {"presentation": shown.input_value(), "nonce": NONCE}
    bank = parties(city.process, city.url)["bank"]
    verdict = bank.post("/v1/attestations/verify", **body)
    assert (verdict["valid"], [*verdict["claims"]]) == (True, ["grade"])

    other = page_of(phone="13900000021")
    other.goto(f"/my/proofs/{proof}")
    expect(other.locator("[data-elsewhere]")).to_be_visible()
    expect(other.locator("[data-show-proof]")).to_be_hidden()


def test_what_a_reader_scans_is_the_proof(page_of: Pages, words: Words, tmp_path: Path) -> None:
    page = page_of(phone="13900000022", device_scale_factor=2)
    page.goto(f"/my/proofs/show?audience=demo_city_bank&nonce={NONCE}")
    page.get_by_role("button", name=words("Make it and show it")).click()
    code = page.get_by_role("img", name=words("QR code of this proof"))
    expect(code).to_be_visible()
    photo = tmp_path / "proof.png"
    code.screenshot(path=photo)
    with photo.open("rb") as taken:
        assert read(taken) == page.locator("#text").input_value()


def test_without_scripts_a_proof_can_be_shown_but_not_kept(page_of: Pages, words: Words) -> None:
    page = page_of(phone="13900000023", java_script_enabled=False)
    page.goto("/my/proofs/new")
    expect(page.locator("[data-new-proof]")).to_be_hidden()
    page.get_by_role("link", name=words("Show one now")).click()
    page.locator("#audience").fill("demo_city_bank")
    page.locator("#nonce").fill(NONCE)
    page.get_by_role("button", name=words("Make it and show it")).click()
    expect(page.locator("#text")).to_contain_text("~")


def test_a_switch_works_without_scripts(page_of: Pages, words: Words) -> None:
    page = page_of(phone="13900000024", java_script_enabled=False)
    page.goto("/my/consents")
    row = page.locator("main li.row").filter(has_text="贷款额度")
    expect(row).to_contain_text(words("Off"))
    row.get_by_role("link").click()
    page.get_by_role("button", name=words("I agree: turn on")).click()
    expect(page.get_by_role("img", name=words("QR code of this consent"))).to_be_visible()
    page.goto("/my/consents")
    expect(row).to_contain_text(words("On"))
    row.get_by_role("button").click()
    expect(page.get_by_role("status").first).to_contain_text("示范银行")
    expect(row).to_contain_text(words("Off"))


def test_the_export_is_a_file_and_its_page_stays_at_rest(page_of: Pages, words: Words) -> None:
    page = page_of(phone="13900000025")
    page.goto("/my/export")
    page.get_by_label("JSON").check()
    with page.expect_download() as coming:
        page.get_by_role("button", name=words("Download")).click()
    assert coming.value.suggested_filename.endswith(".json")
    assert json.loads(Path(coming.value.path()).read_text(encoding="utf-8"))["made_at"]
    expect(page.locator("html.loading")).to_have_count(0)
    expect(page.locator("[aria-busy=true]")).to_have_count(0)


def test_a_closed_account_leaves_nothing_in_the_browser(page_of: Pages, words: Words) -> None:
    page = page_of(phone="13900000027")
    keep_proof(page, words)
    page.goto("/my/account")
    page.get_by_role("link", name=words("Close my account")).click()
    expect(page.get_by_role("heading", name=words("What you lose"))).to_be_visible()
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("input[name=sure]").check()
    page.get_by_role("button", name=words("Close my account for good")).click()
    expect(page.locator("h1")).to_have_text(words("Goodbye, and thank you"))
    page.wait_for_function(f"async () => (await ({KEPT_KEY})())[0].length === 0")
    page.goto("/my/account")
    expect(page).to_have_url(re.compile("/sign-in"))
