"""What is no exchange: each refusal by its code, and nothing is left behind."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.kernel import FixedClock
from app.plumbing import tokens
from app.recognition.quoting import QUOTE_TYPE
from tests.recognition.bourse import (
    CHARGED,
    CITIC,
    UNIONPAY,
    Bourse,
    altered,
    number,
    wanted,
)

XCH, QUOTE = "/v1/me/exchanges", "/v1/me/exchanges/quote"
_TEN_YEARS_S = 10 * 366 * 86400


def untouched(bourse: Bourse, person: Any) -> bool:
    nothing = bourse.get(XCH, person)["items"] == [] and bourse.told() == []
    return nothing and bourse.points(person) == (CHARGED, "0.00")


def test_whom_nobody_knows(bourse: Bourse) -> None:
    person = bourse.rider()
    for path in (XCH, QUOTE):
        body = wanted("10.00", partner="nobody")
        assert bourse.refused(path, person, body, 404) == "unknown_partner"


def test_who_is_not_linked(bourse: Bourse) -> None:
    person = bourse.rider(CITIC)
    for path in (XCH, QUOTE):
        assert bourse.refused(path, person, wanted("10.00")) == "not_linked"
    assert untouched(bourse, person)


@pytest.mark.parametrize("amount", ["0", "0.00", "1.001", "1000000.01", ".", "01", "1..0"])
def test_what_is_no_amount(bourse: Bourse, amount: str) -> None:
    person = bourse.rider()
    assert bourse.refused(XCH, person, wanted(amount), 422) == "bad_amount"
    assert bourse.refused(QUOTE, person, wanted(amount, "in"), 422) == "bad_amount"


def test_too_little(bourse: Bourse) -> None:
    person = bourse.rider()
    told = bourse.post(XCH, person, wanted("0.99"), 409)
    assert (told["code"], told["least"]) == ("below_least", "1.00")
    assert bourse.asked(person, "13", "in") == "below_least"
    assert bourse.ask(person, "14", "in")["gets"]["amount"] == "1.03"


def test_quotas_of_a_day_and_of_a_month_each_way(bourse: Bourse) -> None:
    person, partner = bourse.rider(), bourse.partner()
    bourse.exchanged(partner, person, "150.00")
    told = bourse.post(XCH, person, wanted("50.10"), 409)
    assert (told["code"], told["left"]) == ("quota_day", "50.00")
    bourse.ask(person, "50.00")
    assert bourse.asked(person, "1.00") == "quota_day"
    bourse.ask(person, "2700", "in")  # two hundred points: quotas know the way
    assert bourse.asked(person, "14", "in") == "quota_day"
    bourse.wait(hours=12)
    bourse.job("recognition.expire_exchanges")
    bourse.exchanged(partner, person, "200.00")
    for _ in range(10):
        bourse.wait(days=1)
        bourse.exchanged(partner, person, "2700", "in")
    told = bourse.post(XCH, person, wanted("14", "in"), 409)
    assert (told["code"], told["left"]) == ("quota_day", "0.00")
    bourse.wait(days=1)
    told = bourse.post(XCH, person, wanted("14", "in"), 409)
    assert (told["code"], told["left"]) == ("quota_month", "0.00")
    bourse.wait(days=12)
    assert bourse.ask(person, "14", "in")["status"] == "held"


def test_what_came_to_nothing_counts_against_no_quota(bourse: Bourse) -> None:
    person, partner = bourse.rider(), bourse.partner()
    bourse.reject(partner, bourse.ask(person, "200.00"))
    bourse.ask(person, "200.00")
    bourse.wait(minutes=15)
    bourse.job("recognition.expire_exchanges")
    assert bourse.exchanged(partner, person, "200.00")["status"] == "confirmed"


def test_no_more_goes_out_than_acts_earned_that_the_partner_takes(bourse: Bourse) -> None:
    """Neither what came in nor what an act earned that only another partner takes."""
    person, partner = bourse.rider(), bourse.partner()
    for _ in range(2):
        bourse.exchanged(partner, person, "2700", "in")
        bourse.exchanged(partner, person, "200.00")
        bourse.wait(days=1)
    assert bourse.points(person) == (CHARGED, "0.00")
    told = bourse.post(XCH, person, wanted("97.00"), 409)
    assert (told["code"], told["left"]) == ("not_earned_for_this", "96.90")
    assert bourse.post(QUOTE, person, wanted("97.00"))["earned_left"] == "96.90"
    assert bourse.ask(person, "96.90")["status"] == "held"
    assert bourse.asked(person, "1.00") == "not_earned_for_this"


def test_acts_count_at_the_partners_that_exchange_them_only(bourse: Bourse) -> None:
    person = bourse.rider(UNIONPAY, CITIC)
    told = bourse.post(XCH, person, wanted("10.00", partner=CITIC), 409)
    assert (told["code"], told["left"]) == ("not_earned_for_this", "0.00")
    assert bourse.ask(person, "10.00")["status"] == "held"


def test_more_than_one_has(bourse: Bourse) -> None:
    person = bourse.rider()
    shop = bourse.shop("coast_charging")
    for _ in range(4):
        bourse.redeemed(shop, person, "charging_discount")
        bourse.wait(days=1)
    assert bourse.points(person)[0] == "96.90"
    told = bourse.post(XCH, person, wanted("100.00"), 409)
    assert (told["code"], told["missing"]) == ("not_enough_points", "3.10")


def test_a_risk_hold_stops_what_goes_out(bourse: Bourse) -> None:
    person = bourse.rider()
    bourse.hold_spending(person)
    assert bourse.asked(person, "10.00") == "spending_frozen"
    assert bourse.ask(person, "135", "in")["status"] == "held"


def test_a_closed_account(bourse: Bourse) -> None:
    person = bourse.rider()
    bourse.client.delete("/v1/me?confirm=true", headers=person)
    assert bourse.refused(XCH, person, wanted("10.00"), 401) == "account_closed"
    assert bourse.refused(QUOTE, person, wanted("10.00"), 401) == "account_closed"


def test_a_consent_that_has_run_out(bourse: Bourse) -> None:
    person = bourse.rider()
    bourse.wait(days=4 * 366)
    assert bourse.asked(person, "10.00") == "not_linked"


def test_words_that_cannot_be_kept(bourse: Bourse) -> None:
    partner = bourse.partner()
    path = f"/v1/partner/exchanges/{bourse.ask(bourse.rider(), '10.00')['id']}"
    for reason in ("\x00", "", "x" * 201):
        assert bourse.refused(f"{path}/reject", partner, {"reason": reason}, 422) == "invalid"
    for reference in ("", " ", "a\n", "é", "x" * 81):
        body = {"reference": reference}
        assert bourse.refused(f"{path}/confirm", partner, body, 422) == "invalid"


# Quotes.


def test_a_quote_is_brought_back_once(bourse: Bourse) -> None:
    person = bourse.rider()
    quote = bourse.post(QUOTE, person, wanted("10.05"))["quote"]
    assert bourse.ask(person, "10.05", quote=quote)["gives"]["amount"] == "10.00"
    assert bourse.asked(person, "10.05", quote=quote) == "quote_used"
    assert bourse.points(person) == ("486.90", "10.00")


def test_a_quote_may_be_brought_back_with_what_it_takes(bourse: Bourse) -> None:
    person = bourse.rider()
    quote = bourse.post(QUOTE, person, wanted("10.05"))["quote"]
    assert bourse.ask(person, "10.00", quote=quote)["gets"]["amount"] == "130"


def test_a_quote_ends_to_the_second(bourse: Bourse) -> None:
    person = bourse.rider()
    quotes = [bourse.post(QUOTE, person, wanted("10.00"))["quote"] for _ in range(2)]
    bourse.wait(seconds=299, microseconds=999_999)
    assert bourse.ask(person, "10.00", quote=quotes[0])["status"] == "held"
    bourse.wait(microseconds=1)
    assert bourse.asked(person, "10.00", quote=quotes[1]) == "quote_expired"


def test_a_quote_of_another_or_for_another_thing(bourse: Bourse) -> None:
    person, other = bourse.riders(2, UNIONPAY, CITIC)
    quote = bourse.post(QUOTE, person, wanted("10.00"))["quote"]
    for who, body in (
        (other, wanted("10.00")),
        (person, wanted("10.01")),
        (person, wanted("130", "in")),
        (person, wanted("10.00", partner=CITIC)),
    ):
        assert bourse.refused(XCH, who, body | {"quote": quote}, 422) == "bad_quote"


def test_a_quote_that_was_not_given_here(bourse: Bourse) -> None:
    person = bourse.rider()
    quote = bourse.post(QUOTE, person, wanted("10.00"))["quote"]
    head, body, signature = quote.split(".")
    house = bourse.house
    said = tokens.opened(house.signing_keys, QUOTE_TYPE, quote)
    assert said is not None
    forged = tokens.sign(house.signing_keys, "voucher+jwt", said)
    texts = ("nonsense", f"{head}.{body}.{signature[:-4]}AAAA", f"{head}.{body}.", forged)
    for text in (*texts, person["Authorization"].split()[1]):
        assert bourse.refused(XCH, person, wanted("10.00") | {"quote": text}, 422) == "bad_quote"
    assert untouched(bourse, person)


# Rates that change, end, or were never there; limits.

NEW_RATE = """13"
confidence = "assumption"
approved_by = ["Somebody"]
reference.title = "A test"

[[parameters.out_rate.values]]
from = 2026-03-11
value = "12"""


def city(make_app: Callable[..., Flask], clock: FixedClock, folder: Path) -> Bourse:
    app = make_app(rules_folder=folder, access_seconds=_TEN_YEARS_S)
    return Bourse(app, clock, app.test_client())


def test_a_rate_that_changes_between_quote_and_exchange_and_before_the_confirmation(
    make_app: Callable[..., Flask], clock: FixedClock, tmp_path: Path
) -> None:
    rules = altered(tmp_path, number("out_rate", '"13"', f'"{NEW_RATE}"'))
    bourse = city(make_app, clock, rules)
    person, partner = bourse.rider(), bourse.partner()
    bourse.wait(hours=11, minutes=58)
    quote = bourse.post(QUOTE, person, wanted("10.00"))["quote"]
    before = bourse.ask(person, "10.00")
    bourse.wait(minutes=3)  # a new day, a new rate
    held = bourse.ask(person, "10.00", quote=quote)
    assert (held["gets"]["amount"], held["rate"]["fraction"]) == ("130", "13")
    fresh = bourse.ask(person, "10.00")
    assert fresh["gets"]["amount"] == "120"
    assert fresh["rate"] == {"fraction": "12", "since": "2026-03-11"}
    done = [bourse.confirm(partner, each) for each in (before, held, fresh)]
    assert [(each["units"], each["rate_since"]) for each in done] == [
        ("130", "2025-01-01"),
        ("130", "2025-01-01"),
        ("120", "2026-03-11"),
    ]
    assert bourse.audit() == []


def test_a_rate_that_has_ended_and_a_limit(
    make_app: Callable[..., Flask], clock: FixedClock, tmp_path: Path
) -> None:
    ended = NEW_RATE.replace('value = "12', "ended = true")
    changes = (number("out_rate", '"13"', f'"{ended}'), number("net_cap", "500000", "25"))
    bourse = city(make_app, clock, altered(tmp_path, *changes))
    person, partner = bourse.rider(), bourse.partner()
    bourse.exchanged(partner, person, "15.00")
    bourse.ask(person, "10.00")
    assert bourse.asked(person, "1.00") == "partner_limit"
    bourse.exchanged(partner, person, "54", "in")  # four points come back
    bourse.ask(person, "4.00")
    assert bourse.asked(person, "1.00") == "partner_limit"
    assert bourse.asked(person, "490", "in") == "partner_limit"  # 36.29 less 11 that are ahead
    assert bourse.position(partner) == ("15.00", "4.00", "14.00", "0.00")
    bourse.wait(days=1)
    for path in (XCH, QUOTE):
        assert bourse.refused(path, person, wanted("1.00")) == "not_exchangeable"
    assert bourse.ask(person, "14", "in")["status"] == "held"
    assert bourse.audit() == []
