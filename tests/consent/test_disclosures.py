"""Who looked at a resident's data or was told stands in that resident's log, and in nobody else's:
names of what, never values."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from app import consent
from app.consent import Disclosure
from app.kernel import FixedClock, from_wire, to_wire
from app.plumbing import tokens
from tests.conftest import Headers
from tests.consent.agreeing import BANK, COMMAND, agreed
from tests.recognition.bourse import UNIONPAY, Bourse
from tests.redemption.market import BUS

LOG = "/v1/me/disclosures"


@pytest.fixture
def bourse(app: Flask, clock: FixedClock) -> Iterator[Bourse]:
    found = Bourse(app, clock, app.test_client())
    yield found
    assert found.audit() == []


def log(bourse: Bourse, person: Headers, query: str = "") -> list[dict[str, Any]]:
    return list(bourse.get(f"{LOG}{query}", person)["items"])


def whys(bourse: Bourse, person: Headers) -> list[str]:
    return [each["why"] for each in log(bourse, person)]


def test_a_merchant_that_takes_or_looks_is_seen(bourse: Bourse) -> None:
    shop, person, other = bourse.shop(), bourse.person(), bourse.person()
    done = bourse.redeemed(shop, person)
    bourse.wait(seconds=1)
    bourse.get(f"/v1/redemptions/{done['id']}", shop)
    bourse.wait(seconds=1)
    bourse.get("/v1/redemptions", shop)
    bourse.wait(seconds=1)
    bourse.post(f"/v1/redemptions/{done['id']}/void", shop)
    found = log(bourse, person)
    assert [each["why"] for each in found] == [
        "merchant_redemption",
        "merchant_look",
        "merchant_look",
        "merchant_redemption",
    ]
    assert found[0]["who"] == {"kind": "merchant", "id": "weihai_bus", "name": "Weihai_Bus"}
    assert (found[0]["what"], found[0]["about"]) == (["vouchers"], done["id"])
    assert found[0]["why_en"] == "took a voucher that was shown"
    assert (found[0]["consent"], found[0]["denied"]) == (None, None)
    assert log(bourse, other) == []


def test_a_merchant_sees_what_is_ready_and_is_seen(bourse: Bourse) -> None:
    shop, person = bourse.shop(), bourse.person()
    bourse.take(person)
    code = bourse.post("/v1/me/code", person)["code"]
    bourse.post("/v1/redemptions/ready", shop, {"code": code})
    assert whys(bourse, person) == ["merchant_ready"]


def test_a_refused_code_tells_nothing_and_is_no_look(bourse: Bourse) -> None:
    shop, person = bourse.shop(), bourse.person()
    code = bourse.show(person, bourse.take(person))
    bourse.wait(seconds=61)
    assert bourse.refused("/v1/redemptions", shop, {"code": code}) == "code_expired"
    assert whys(bourse, person) == []


def test_a_partner_that_looks_or_is_told_is_seen(bourse: Bourse) -> None:
    seat, rider, other = bourse.partner(), bourse.rider(), bourse.rider()
    link = to_wire("lnk", bourse.link_of(rider))
    bourse.get(f"/v1/partner/links/{link}", seat)
    assert [(each["why"], each["what"], each["about"]) for each in log(bourse, rider)] == [
        ("partner_secret", ["links", "claim_secret"], link)
    ]
    assert log(bourse, other) == []
    bourse.wait(seconds=1)
    bourse.get("/v1/partner/links", seat)
    assert whys(bourse, rider) == ["partner_link", "partner_secret"]
    assert whys(bourse, other) == ["partner_link"]
    bourse.wait(seconds=1)
    held = bourse.ask(rider, "2")
    bourse.wait(seconds=1)
    bourse.get(f"/v1/partner/exchanges/{held['id']}", seat)
    bourse.wait(seconds=1)
    bourse.confirm(seat, held)
    assert whys(bourse, rider)[:3] == ["partner_exchange"] * 3
    assert log(bourse, rider)[0]["about"] == held["id"]
    assert log(bourse, rider)[0]["who"]["kind"] == "partner"
    assert log(bourse, rider)[0]["who"]["id"] == UNIONPAY


def test_a_list_of_claims_is_one_row_a_resident(bourse: Bourse) -> None:
    seat, riders = bourse.partner(), bourse.riders(2)
    day = bourse.clock.instant.date().isoformat()
    claims = [
        {
            "reference": f"{which} {number}",
            "link": to_wire("lnk", bourse.link_of(rider)),
            "behaviour": "bus_ride",
            "day": day,
            "keys": {"payment": f"{which}{number}" * 16},
            "reduction_g": "80.000",
        }
        for which, rider in enumerate(riders)
        for number in range(3)
    ]
    answer = bourse.send("/v1/partner/claims", seat, {"claims": claims})
    assert answer.status_code == 200, answer.get_json()
    for rider in riders:
        assert [each for each in whys(bourse, rider) if each == "partner_claim"] != []
        assert len([each for each in log(bourse, rider) if each["about"].startswith("lnk_")]) == 1


def test_a_provider_that_asks_for_an_act_is_seen(bourse: Bourse) -> None:
    rider = bourse.rider()
    who, wire = bourse.get("/v1/me", rider)["id"], bourse.chargers.wire
    keys, now = bourse.house.signing_keys, bourse.clock.instant
    headers = {"Authorization": f"Bearer {tokens.issue(keys, now, 3600, 'provider', wire)}"}
    act = bourse.get(f"/v1/provider/activities/charge of {who}", headers)["id"]
    [seen] = log(bourse, rider)
    assert (seen["why"], seen["about"]) == ("provider_look", act)
    assert seen["who"]["id"] == wire


def test_an_operator_who_holds_or_corrects_is_seen(bourse: Bourse) -> None:
    person, seat, rider = bourse.person(), bourse.partner(), bourse.rider()
    voucher = bourse.take(person)
    maker = bourse.operator("Maker")
    bourse.post(f"{bourse.of(person, voucher)}/freeze", maker, {"note": "a look"})
    [seen] = log(bourse, person)
    assert (seen["why"], seen["who"]["name"]) == ("operator_hold", "Maker")
    assert seen["about"] == voucher["id"]
    done = bourse.exchanged(seat, rider, "2")
    bourse.wait(seconds=1)
    assert bourse.correct(done).status_code == 200
    assert "operator_approval" in whys(bourse, rider)


def test_a_log_is_read_by_days_and_pages_and_by_its_owner(bourse: Bourse) -> None:
    person, other = bourse.person(), bourse.person()
    mine = agreed(bourse.client, person)
    who = bourse.id_of(person)
    for day in range(3):
        with bourse.house.work(COMMAND) as work:
            consent.disclose(work, [_bank(who, from_wire("cns", mine), day)])
        bourse.wait(days=1)
    assert [each["denied"] for each in log(bourse, person)] == ["2", "1", "0"]
    assert log(bourse, person)[0]["consent"] == mine
    assert log(bourse, person)[0]["why_zh"] == "贷款额度"
    days = "?from=2026-03-11&to=2026-03-11"
    assert [each["denied"] for each in log(bourse, person, days)] == ["1"]
    page = bourse.get(f"{LOG}?limit=2", person)
    rest = bourse.get(f"{LOG}?limit=2&cursor={page['next_cursor']}", person)
    assert [each["denied"] for each in rest["items"]] == ["0"]
    assert rest["next_cursor"] is None
    assert log(bourse, other) == []


def _bank(who: bytes, mine: bytes | None, day: int) -> Disclosure:
    what = ("grade", "factor")
    return Disclosure(who, "bank", BANK.key, BANK.legal_name, what, "limit", mine, str(day))


def test_a_look_noted_without_the_packs_words_is_told_with_them(bourse: Bourse) -> None:
    person = bourse.person()
    bare = Disclosure(bourse.id_of(person), "partner", UNIONPAY, UNIONPAY, (), "partner_claim")
    with bourse.house.work(COMMAND) as work:
        consent.disclose(work, [bare])
    [seen] = log(bourse, person)
    assert seen["what"] == ["claims"]
    assert seen["why_en"] == "was told who credits an act"


def test_the_account_works_whole_with_no_consent_at_all(bourse: Bourse) -> None:
    shop, person = bourse.shop(), bourse.person()
    before = bourse.client.get("/v1/me/consents", headers=person).get_json()["items"]
    assert before == []
    bourse.redeemed(shop, person, BUS)
    for path in ("", "/points", "/activities", "/vouchers", "/bindings", "/disclosures", "/links"):
        bourse.get(f"/v1/me{path}", person)
    assert bourse.get("/v1/me/consents", person)["items"] == []


def test_all_of_a_resident_is_told_in_the_copy(bourse: Bourse) -> None:
    shop, rider = bourse.shop(), bourse.rider()
    mine = agreed(bourse.client, rider, device="a phone")
    bourse.client.post(
        "/v1/me/consents/refusals",
        json={"purpose": "risk", "recipient": BANK.key},
        headers=rider,
    )
    bourse.redeemed(shop, rider)
    who = bourse.id_of(rider)
    with bourse.house.look(COMMAND) as work:
        copy = consent.copy_of(work, who)
    assert [each["id"] for each in copy["consents"]] == [mine]
    assert copy["consents"][0]["device"] == "a phone"
    assert copy["consents"][0]["notice"]["said"]["text_zh"]
    assert [each["purpose"] for each in copy["refusals"]] == ["risk"]
    assert [each["why"] for each in copy["disclosures"]] == ["merchant_redemption"]
    assert len(copy["bindings"]) == 1
