"""The bank's inquiry: what is answered, to whom, how often, and who sees that it was asked."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from flask import Flask
from jwcrypto.jwk import JWKSet
from jwcrypto.jws import JWS

from app.grades import service
from tests.conftest import Headers
from tests.consent.agreeing import RULES
from tests.credit.counter import (
    COMMAND,
    DEMO,
    INQUIRIES,
    OFFER,
    QUARTER,
    WENDENG,
    Counter,
    plain,
)

NOTICE_WORDS = "not a credit report"


@pytest.fixture
def person(counter: Counter) -> Headers:
    return counter.person()


@pytest.fixture
def bank(counter: Counter) -> Headers:
    return counter.bank()


def taken(counter: Counter, person: Headers, consent: str) -> int:
    return int(counter.get(f"/v1/me/consents/{consent}", person)["taken"])


def test_a_bank_gets_grade_factor_terms_reasons_and_a_signature(
    counter: Counter, person: Headers, bank: Headers
) -> None:
    answer = counter.ask(bank, counter.agree(person))
    assert answer["grade"] == "deep"
    assert 0 < answer["factor"] <= 1000
    window = {"quarter": "2025Q4", "from": "2025-10-01", "to": "2025-12-31"}
    assert answer["window"] == window
    terms = answer["terms"]
    assert int(terms["limit_uplift_pct"]) >= 20
    assert terms["rate_bp"] == OFFER["rate_bp"] - terms["rate_discount_bp"] < OFFER["rate_bp"]
    assert 0 < len(answer["reason_codes"]) <= 4
    lost = [each["points_lost"] for each in answer["reasons"]]
    assert lost == sorted(lost, reverse=True)
    assert min(lost) > 0
    assert [each["code"] for each in answer["reasons"]] == answer["reason_codes"]
    words = {"resident_zh", "resident_en", "staff_zh", "staff_en", "hint_zh", "hint_en"}
    assert all(words < each.keys() and all(each.values()) for each in answer["reasons"])
    assert answer["data_quality"] in {"high", "medium", "low"}
    assert answer["scorecard"] == counter.house.rules.credit.scorecard.version  # type: ignore[union-attr]
    assert NOTICE_WORDS in answer["notice"]["en"]
    assert answer["disputed"] is False


def test_the_terms_are_those_of_the_published_example(counter: Counter, bank: Headers) -> None:
    person = counter.person(120)
    with counter.house.work(Any) as work:  # type: ignore[arg-type]
        rows = work.rules.credit.bank(WENDENG).rows("low_carbon", work.today)
    exact = next(row for row in rows if (row.uplift_pct, row.discount_bp) == (20, 65))
    body = {"bank": WENDENG, "product": "low_carbon", "offer": OFFER}
    found = counter.client.post(
        "/v1/credit/calculations", json=body | {"grade": exact.grade, "factor": exact.factor}
    ).get_json()
    assert found["with"]["limit"] == "300000.00"
    assert found["with"]["yearly_saving"] == "1950.00"
    assert found["without"]["limit"] == "250000.00"
    assert person


def test_a_strangers_library_verifies_the_answer(
    counter: Counter, person: Headers, bank: Headers
) -> None:
    consent = counter.agree(person)
    answer = counter.ask(bank, consent)
    keys = JWKSet.from_json(counter.client.get("/.well-known/jwks.json").get_data(as_text=True))
    token = JWS()
    token.deserialize(answer["jws"])
    token.verify(keys.get_key(token.jose_header["kid"]))
    assert token.jose_header["typ"] == "credit-inquiry+jwt"
    said = jwt.decode(answer["jws"], options={"verify_signature": False})
    assert {name: said[name] for name in answer if name != "jws"} == {
        name: value for name, value in answer.items() if name != "jws"
    }
    assert said["aud"] == [WENDENG, counter.wire(bank)]
    assert said["consent"] == consent
    assert said["application_reference"] == "loan 1"
    assert said["offer"] == OFFER
    assert said["iss"] == "weitan"
    assert "res_" not in token.payload.decode()
    assert "sub" not in said


def test_the_inquiry_and_its_bank_stand_in_the_residents_log(
    counter: Counter, person: Headers, bank: Headers
) -> None:
    consent = counter.agree(person)
    answer = counter.ask(bank, consent)
    (row,) = counter.disclosures(person)
    assert row["who"]["kind"] == "bank"
    assert row["who"]["id"] == WENDENG
    assert set(row["what"]) == {"grade", "factor", "window", "reasons", "data_quality", "terms"}
    assert row["consent"] == consent
    assert row["about"] == answer["inquiry_id"]
    assert row["denied"] is None


def test_whoever_reads_an_answer_again_stands_in_the_log(counter: Counter, bank: Headers) -> None:
    person = counter.person()
    asked = counter.ask(bank, counter.agree(person))["inquiry_id"]
    for path in (INQUIRIES, f"{INQUIRIES}/{asked}"):
        before = counter.disclosures(person)
        counter.get(path, bank)
        after = counter.disclosures(person)
        assert len(after) == len(before) + 1
        assert {(each["about"], *each["what"]) for each in after} == {(asked, *before[0]["what"])}


def test_only_what_was_agreed_to_is_told(counter: Counter, bank: Headers) -> None:
    for fields, told in (
        (["grade"], {"grade"}),
        (["factor"], {"factor"}),
        (["grade", "factor"], {"grade", "factor"}),
        (["grade", "window", "reasons"], {"grade", "window", "reasons"}),
    ):
        person = counter.person()
        answer = counter.ask(bank, counter.agree(person, fields=fields))
        given = {name: answer[name] for name in ("grade", "factor", "window", "data_quality")}
        given["reasons"] = answer["reason_codes"] or None
        # What was lost would add up to a factor that was not agreed to.
        assert all(each["points_lost"] is None for each in answer["reasons"])
        assert {name for name, value in given.items() if value is not None} == told
        base = answer["terms"]["rate_discount_bp"] == 0
        assert base == ("grade" not in fields)
        (row,) = counter.disclosures(person)
        assert set(row["what"]) == told | {"terms"}


def test_the_same_application_again_is_answered_alike_and_takes_no_read(
    counter: Counter, person: Headers, bank: Headers
) -> None:
    consent = counter.agree(person, times=2)
    first = counter.ask(bank, consent)
    counter.graded(person, 30)
    assert counter.ask(bank, consent) == first
    assert taken(counter, person, consent) == 1
    assert len(counter.disclosures(person)) == 2
    other = counter.ask(bank, consent, offer=OFFER | {"amount": "260000.00"})
    assert other["inquiry_id"] != first["inquiry_id"]
    assert other["grade"] == "light"
    assert taken(counter, person, consent) == 2
    # All reads are taken, one by each of these: both may be looked at again.
    assert counter.ask(bank, consent) == first
    assert counter.ask(bank, consent, offer=OFFER | {"amount": "260000.00"}) == other
    third = counter.ask(bank, consent, application_reference="loan 2")
    assert third["grade"] is None


def test_a_revoked_consent_answers_nothing_from_then_on(
    counter: Counter, person: Headers, bank: Headers
) -> None:
    consent = counter.agree(person, times=5)
    first = counter.ask(bank, consent)
    counter.revoke(person, consent)
    again = counter.ask(bank, consent)
    assert again["grade"] is None
    assert again["inquiry_id"] != first["inquiry_id"]
    assert counter.ask(bank, consent) == again
    other = counter.ask(bank, consent, application_reference="loan 2")
    assert other["grade"] is None
    counter.clock.instant += timedelta(seconds=61)
    assert plain(counter.ask(bank, consent, application_reference="loan 3")) == plain(other)
    # What was lawfully told before stays with the bank.
    kept = counter.get(f"{INQUIRIES}/{first['inquiry_id']}", bank)
    assert {name: kept[name] for name in first} == first


def test_a_repeated_key_is_answered_from_the_first_and_another_body_refused(
    counter: Counter, person: Headers, bank: Headers
) -> None:
    consent = counter.agree(person)
    first = counter.ask(bank, consent, key="once")
    assert counter.ask(bank, consent, key="once") == first
    again = counter.asked(bank, consent, key="once", application_reference="loan 2")
    assert again.get_json()["code"] == "idempotency_key_reused"
    assert len(counter.disclosures(person)) == 1


def test_what_everybody_may_know_is_refused_openly(counter: Counter, bank: Headers) -> None:
    nobody = "cns_" + "0" * 26
    for more, code in (
        ({"product": "moon_loan"}, "unknown_product"),
        ({"purpose": "marketing"}, "unknown_purpose"),
    ):
        answer = counter.asked(bank, nobody, **more)
        assert (answer.status_code, answer.get_json()["code"]) == (422, code)
    for wrong in (
        {"amount": "0.00"},
        {"amount": "1000000.01"},
        {"amount": 250000},
        {"amount": "-5.00"},
        {"rate_bp": -1},
        {"rate_bp": 4.8},
        {"term_months": 0},
        {"channel": "moon"},
        {"guarantee": "soul"},
    ):
        assert counter.asked(bank, nobody, offer=OFFER | wrong).status_code == 422, wrong
    assert counter.asked(bank, nobody, application_reference="").status_code == 422
    assert counter.asked(bank, "", application_reference="x").status_code == 422


def test_a_bank_reads_its_offer_and_the_terms_without_beside_the_answer(
    counter: Counter, person: Headers, bank: Headers
) -> None:
    asked = [counter.ask(bank, each) for each in (counter.agree(person), "cns_" + "0" * 26)]
    told, neutral = [
        counter.get(f"{INQUIRIES}/{each['inquiry_id']}", bank) for each in asked
    ]  # fmt: skip
    assert told["offer"] == neutral["offer"] == OFFER
    assert told["without"] == neutral["without"] == neutral["terms"] == asked[1]["terms"]
    assert told["without"] != told["terms"] == asked[0]["terms"]
    assert (told["product_en"], told["grade_en"]) == ("Low-carbon loan", "Deep green")
    assert neutral["grade_zh"] is None


def test_a_banks_inquiries_are_its_own(counter: Counter, person: Headers, bank: Headers) -> None:
    answer = counter.ask(bank, counter.agree(person))
    path = f"{INQUIRIES}/{answer['inquiry_id']}"
    other, twin = counter.bank(DEMO), counter.bank(WENDENG)
    assert counter.get(path, other, 404)["code"] == "unknown_inquiry"
    assert counter.get(INQUIRIES, other)["items"] == []
    assert counter.get(path, twin)["inquiry_id"] == answer["inquiry_id"]
    assert [each["inquiry_id"] for each in counter.get(INQUIRIES, bank)["items"]] == [
        answer["inquiry_id"]
    ]
    counter.get(f"{INQUIRIES}/inq_{'0' * 26}", bank, 404)
    counter.get(f"{INQUIRIES}/nothing", bank, 404)


def test_the_resident_reads_it_and_nobody_else_does(
    counter: Counter, person: Headers, bank: Headers
) -> None:
    answer = counter.ask(bank, counter.agree(person))
    (mine,) = counter.get("/v1/me/inquiries", person)["items"]
    assert mine["id"] == answer["inquiry_id"]
    assert mine["bank"]["id"] == WENDENG
    assert mine["answer"]["grade"] == "deep"
    assert (mine["grade_zh"], mine["purpose_en"]) == ("深绿", "rate of a loan")
    assert mine["effect"] is None
    path = f"/v1/me/inquiries/{mine['id']}"
    assert counter.get(path, person) == mine
    other = counter.person()
    assert counter.get("/v1/me/inquiries", other)["items"] == []
    counter.get(path, other, 404)


def test_a_contested_grade_says_so(counter: Counter, person: Headers, bank: Headers) -> None:
    counter.post("/v1/me/objections", person, {
        "kind": "grade", "subject": str(QUARTER), "reason": "Too low.",
    }, 201)  # fmt: skip
    assert counter.ask(bank, counter.agree(person))["disputed"] is True


def test_a_grade_speaks_by_the_card_that_made_it_and_terms_by_todays_table(
    counter: Counter, person: Headers, make_app: Callable[..., Flask], tmp_path: Path
) -> None:
    with counter.house.work(COMMAND) as work:
        service.keep_editions(work)
    version = counter.house.rules.credit.scorecard.version  # type: ignore[union-attr]
    copy = tmp_path / "rules"
    shutil.copytree(RULES, copy)
    table = copy / "weihai" / "credit" / "banks" / f"{DEMO}.toml"
    lines = table.read_text(encoding="utf-8").splitlines()
    table.write_text("\n".join([*lines, "# Another edition of the same."]) + "\n")
    counter.app = make_app(rules_folder=copy, access_seconds=10**9)
    counter.client = counter.app.test_client()
    answer = counter.ask(counter.bank(DEMO), counter.agree(person, DEMO))
    assert answer["scorecard"] == version
    assert answer["reason_codes"]
    assert answer["terms"]["rate_discount_bp"] > 0
