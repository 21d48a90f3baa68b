"""The bank's desk as a clerk uses it: a consent, an application, an answer, what came of it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from app.kernel import FixedClock
from app.pages.bank.typed import basis_points, whole, yuan
from tests.credit.counter import Counter
from tests.pages.banking import OFFER, Clerk, asked, common
from tests.pages.conftest import Browser
from tests.pages.pictures import on_a_table, saved

NOBODYS = "cns_" + "0" * 26
NEUTRAL = "No carbon data for this application"


@pytest.fixture
def clerk(app: Flask, clock: FixedClock, browse: Callable[..., Browser]) -> Clerk:
    return Clerk(Counter(app, clock, app.test_client()), browse)


def test_a_consent_becomes_a_grade_reasons_and_terms_side_by_side(clerk: Clerk) -> None:
    person, consent = clerk.agreed()
    page = clerk.ask(consent)

    told = clerk.counter.get(f"/v1/credit/inquiries/{asked(page)}", clerk.bank)
    assert (told["offer"]["amount"], told["offer"]["rate_bp"]) == ("150000.00", 435)
    assert "Deep green" in page
    assert f">{told['factor']}<" in page
    assert "Q4 2025" in page
    for shown in ("¥150,000.00", "4.35%", "Without carbon data", "With carbon data"):
        assert shown in page
    more = int(told["terms"]["limit"].partition(".")[0])
    assert f"¥{more:,}.00" in page
    assert f"¥{more - 150_000:,}.00 more" in page
    assert f"{435 - told['terms']['rate_bp']} BP less" in page
    assert all(each["staff_en"] in page for each in told["reasons"])
    assert told["notice"]["en"] in page
    assert told["jws"] in page
    for word in ("ev_charging", "act_", "res_", "13800000"):
        assert word not in page
    assert clerk.counter.disclosures(person)[0]["who"]["id"] == "demo_city_bank"


def test_without_a_consent_that_holds_every_answer_looks_the_same(clerk: Clerk) -> None:
    person, revoked = clerk.agreed()
    clerk.counter.revoke(person, revoked)
    _, for_the_limit = clerk.agreed(purpose="limit")
    nothing_saved = clerk.counter.agree(clerk.counter.person(None), "demo_city_bank")
    consents = [NOBODYS, revoked, for_the_limit, nothing_saved]

    pages = [clerk.ask(each, f"loan {n}") for n, each in enumerate(consents)]

    assert all(NEUTRAL in page and "must not be held against" in page for page in pages)
    assert {common(page) for page in pages} == {common(pages[0])}
    assert "Deep green" not in pages[1]


def test_a_consent_is_read_from_a_photo_and_from_capitals(clerk: Clerk) -> None:
    _, consent = clerk.agreed()
    photo = saved(on_a_table(consent, turned=20))
    assert f'value="{consent}"' in clerk.scan("", photo=(photo, "code.jpg"))
    assert f'value="{consent}"' in clerk.scan(consent.upper())


def test_another_code_is_no_consent_and_asks_nothing(clerk: Clerk) -> None:
    assert "This is not the code of a consent." in clerk.scan("https://example.com")
    assert "There is no code yet." in clerk.scan("")
    assert clerk.inquiries() == []


@pytest.mark.parametrize("path", ["/bank/consent", "/bank/consent/inquiry"])
def test_the_address_of_a_form_leads_back_to_its_beginning(clerk: Clerk, path: str) -> None:
    assert "The customer's consent" in clerk.read(path)


@pytest.mark.parametrize("rate", ["4.355", "4,35", "four", "101", "-1", "NaN"])
def test_a_rate_that_is_no_whole_basis_point_is_refused_and_kept(clerk: Clerk, rate: str) -> None:
    page = clerk.ask(NOBODYS, "loan 7", rate_bp=rate)
    assert f'value="{rate}" required aria-invalid="true"' in page
    assert 'value="loan 7"' in page
    assert 'value="150,000"' in page
    assert clerk.inquiries() == []


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        *(
            ("4.35", 435),
            ("4.35%", 435),
            ("4.35 %", 435),
            ("0", 0),
            ("4.350", 435),
            ("100", 10_000),
        ),
        *(("0.07", 7), ("29.29", 2929), ("4.355", "4.355"), ("1e1", "1e1"), ("", ""), (None, None)),
    ],
)
def test_percent_becomes_basis_points_exactly_or_not_at_all(typed: str, found: object) -> None:
    assert basis_points(typed) == found


def test_amounts_and_numbers_are_taken_as_people_write_them() -> None:
    assert yuan("¥ 1,250,000.50") == "1250000.50"
    assert (yuan(""), yuan("much")) == (None, "much")
    assert (whole("12"), whole("1.5"), whole(None)) == (12, "1.5", None)


def test_the_same_form_twice_asks_once(clerk: Clerk) -> None:
    _, consent = clerk.agreed()
    clerk.scan(consent)
    filled = clerk.browser.tokens() | OFFER | {
        "consent_id": consent,
        "product": "low_carbon",
        "purpose": "pricing",
        "application_reference": "loan 1",
    }  # fmt: skip
    sent = [clerk.browser.client.post("/bank/consent/inquiry", data=filled) for _ in range(2)]
    assert [each.status_code for each in sent] == [303, 303]
    assert sent[0].location == sent[1].location
    assert len(clerk.inquiries()) == 1


def test_what_came_of_it_is_reported_and_seen(clerk: Clerk) -> None:
    person, consent = clerk.agreed()
    page = clerk.ask(consent)
    odd = clerk.report(page, decided="granted", used="yes", limit="180000", rate_bp="3.751")
    assert 'value="3.751"' in odd
    assert 'aria-invalid="true"' in odd
    assert clerk.inquiries()[0]["outcome"] is None

    page = clerk.report(page, decided="granted", used="yes", limit="180,000", rate_bp="3.75")
    assert "Kept. The customer sees it" in page
    said = clerk.counter.get(f"/v1/me/inquiries/{asked(page)}", person)["outcome"]
    assert (said["used"], said["decided"]) == (True, "granted")
    assert (said["limit"], said["rate_bp"], said["guarantee"]) == ("180000.00", 375, None)
    assert "Granted" in clerk.read("/bank/inquiries")


def test_history_says_how_each_stands(clerk: Clerk) -> None:
    empty = clerk.read("/bank/inquiries")
    assert "Nothing has been asked yet." in empty
    person, consent = clerk.agreed()
    clerk.ask(consent, "mortgage of Lane 4")
    clerk.counter.clock.instant += timedelta(minutes=1)
    clerk.ask(NOBODYS, "car")
    clerk.counter.graded(person, 60)
    clerk.counter.job("credit.tell_changes")
    page = clerk.read("/bank/inquiries")
    assert page.index(">car<") < page.index(">mortgage of Lane 4<")
    assert page.count("Grade changed") == 1
    assert page.count("No carbon data") == 1
    changed = next(each for each in clerk.inquiries() if each["changed"])
    one = clerk.read(f"/bank/inquiries/{changed['inquiry_id']}")
    assert "The grade was corrected on " in one


def test_what_the_bank_was_told_is_read_and_sent_again(clerk: Clerk) -> None:
    assert "Nothing has changed" in clerk.read("/bank/events")
    person, consent = clerk.agreed()
    clerk.ask(consent)
    clerk.counter.graded(person, 60)
    clerk.counter.job("credit.tell_changes")
    clerk.counter.revoke(person, consent)
    page = clerk.read("/bank/events")
    assert "Deep green → Medium green" in page
    assert "the customer revoked it" in page
    assert consent in page
    event = clerk.counter.events(clerk.bank)[0]["id"]
    again = clerk.browser.post(f"/bank/events/{event}/replay").get_data(as_text=True)
    assert "It is being sent to your system again." in again
    gone = clerk.browser.post(f"/bank/events/evt_{'0' * 26}/replay").get_data(as_text=True)
    assert 'class="notice bad"' in gone


def test_another_banks_inquiry_is_not_found(clerk: Clerk) -> None:
    other = clerk.counter.bank()
    _, consent = clerk.agreed()
    theirs = clerk.counter.ask(other, consent)["inquiry_id"]
    answer = clerk.browser.get(f"/bank/inquiries/{theirs}")
    assert answer.status_code == 404
    assert "We do not find this inquiry among yours." in clerk.page
