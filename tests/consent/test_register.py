"""Consents as residents give and end them: one purpose, one recipient, a notice that is kept."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import consent
from app.kernel import FixedClock
from app.plumbing import Actor, House
from app.plumbing import house as house_of
from tests.conftest import Headers, bearer, sign_in
from tests.consent.agreeing import (
    BANK,
    BARE,
    COMMAND,
    OTHER,
    Banks,
    Maker,
    agree,
    agreed,
    other_words,
    spend,
    states,
)


@pytest.fixture
def banks() -> Banks:
    return Banks()


@pytest.fixture
def app(make_app: Maker, banks: Banks) -> Flask:
    return make_app(banks.ports)


@pytest.fixture
def stranger(client: FlaskClient) -> Headers:
    return bearer(sign_in(client, "13900000002"))


def whole(client: FlaskClient, headers: Headers, consent_id: str) -> dict[str, Any]:
    return client.get(f"/v1/me/consents/{consent_id}", headers=headers).get_json()


def notice(client: FlaskClient, headers: Headers, **more: str) -> Any:
    query = {"purpose": "limit", "recipient": BANK.key} | more
    return client.get("/v1/me/consents/notice", query_string=query, headers=headers)


def test_a_record_says_all_that_was_agreed_to(client: FlaskClient, resident: Headers) -> None:
    shown = notice(client, resident).get_json()
    made = agree(
        client,
        resident,
        recipient=BANK.legal_name,
        product="low_carbon",
        application_reference="application 7",
        notice={"version": shown["version"]},
        channel="app",
        device="a phone",
    )
    assert made.status_code == 201
    found = made.get_json()
    assert found["id"].startswith("cns_")
    assert found["recipient"] == {
        "id": "harbour_bank",
        "legal_name": BANK.legal_name,
        "contact": BANK.contact,
        "licence": BANK.licence,
    }
    assert (found["state"], found["times"], found["taken"]) == ("active", 1, 0)
    assert (found["from"], found["until"]) == ("2026-03-10", "2026-06-08")
    assert found["fields"] == ["grade", "factor", "terms", "reasons", "window", "data_quality"]
    assert {"kind": "grade", "class": "C2"} in found["data"]
    assert found["separate"] is True
    assert (found["channel"], found["device"]) == ("app", "a phone")
    assert (found["step_up"], found["guardian"]) == ("session", None)
    assert found["keep_days"] == 1825
    assert (found["product"], found["application_reference"]) == ("low_carbon", "application 7")
    assert found["notice"]["digest"] == shown["digest"]
    assert found["notice"]["said"] == shown["said"]
    assert {"text_zh", "necessity_zh", "effect_zh", "method_zh"} <= shown["said"].keys()
    assert whole(client, resident, found["id"]) == found


def test_nothing_of_the_device_or_the_application_lies_open(
    client: FlaskClient, resident: Headers, house: House
) -> None:
    agreed(client, resident, device="a phone of mine", application_reference="application 7")
    with house.look(Actor("test")) as work:
        rows = [tuple(row) for row in work.db.exec_driver_sql("SELECT * FROM consent")]
    assert len(rows) == 1
    assert not any("phone" in str(each) or "application 7" in str(each) for each in rows[0])


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"purpose": "marketing"}, 422, "unknown_purpose"),
        ({"purpose": None}, 422, "invalid"),
        ({"purpose": ["limit", "pricing"]}, 422, "invalid"),
        ({"recipient": "nobody"}, 404, "unknown_recipient"),
        ({"fields": ["acts"]}, 422, "bad_fields"),
        ({"fields": []}, 422, "invalid"),
        ({"until": "2026-03-09"}, 422, "bad_until"),
        ({"until": "2026-06-09"}, 422, "bad_until"),
        ({"times": 0}, 422, "bad_times"),
        ({"times": 11}, 422, "bad_times"),
        ({"product": "car_loan"}, 422, "unknown_product"),
        ({"notice": {"version": "1999"}}, 409, "notice_changed"),
        ({"step_up": {"code": "000000"}}, 403, "wrong_code"),
        ({"granted": True}, 422, "invalid"),
    ],
)
def test_what_no_record_can_be_made_of_is_refused(
    client: FlaskClient, resident: Headers, more: dict[str, Any], status: int, code: str
) -> None:
    answer = agree(client, resident, **more)
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)
    assert states(client, resident) == []


def test_what_is_not_chosen_is_not_given(client: FlaskClient, resident: Headers) -> None:
    found = agree(client, resident, fields=["grade"], until="2026-03-10", times=3).get_json()
    assert found["fields"] == ["grade", "terms"]  # the terms are what the purpose is about
    assert (found["until"], found["times"]) == ("2026-03-10", 3)


def test_a_purpose_is_a_switch_of_its_own(client: FlaskClient, resident: Headers) -> None:
    for purpose in ("limit", "pricing", "admission", "risk"):
        agreed(client, resident, purpose=purpose)
    agreed(client, resident, recipient=OTHER.key)
    assert states(client, resident) == ["active"] * 5


def test_a_new_consent_takes_the_place_of_the_same_one(
    client: FlaskClient, resident: Headers, banks: Banks, house: House, clock: FixedClock
) -> None:
    first = agreed(client, resident, application_reference="7")
    clock.instant += timedelta(seconds=1)
    other = agreed(client, resident, application_reference="8")
    clock.instant += timedelta(seconds=1)
    second = agreed(client, resident, application_reference="7", times=2)
    assert whole(client, resident, first)["superseded_by"] == second
    assert states(client, resident) == ["active", "active", "superseded"]
    assert [each.wire for each in banks.told] == [first]
    assert spend(house, first, application_reference="7") == "revoked"
    assert spend(house, other, application_reference="8") == "given"


def test_a_revocation_is_at_once_and_once(
    client: FlaskClient, resident: Headers, banks: Banks, house: House, clock: FixedClock
) -> None:
    mine = agreed(client, resident, times=2)
    assert spend(house, mine) == "given"
    first = client.delete(f"/v1/me/consents/{mine}", headers=resident)
    assert (first.status_code, first.get_json()["state"]) == (200, "revoked")
    assert first.get_json()["effective_at"] == "2026-03-10T12:00:00+08:00"
    assert [each["id"] for each in first.get_json()["told"]] == [BANK.key]
    assert spend(house, mine) == "revoked"
    clock.instant += timedelta(seconds=61)
    assert spend(house, mine) == "revoked"
    again = client.delete(f"/v1/me/consents/{mine}", headers=resident)
    assert again.get_json() == first.get_json()
    assert [each.wire for each in banks.told] == [mine]
    assert whole(client, resident, mine)["taken"] == 1


def test_another_persons_consents_are_not_there(
    client: FlaskClient, resident: Headers, stranger: Headers, banks: Banks
) -> None:
    mine = agreed(client, resident)
    for answer in (
        client.get(f"/v1/me/consents/{mine}", headers=stranger),
        client.delete(f"/v1/me/consents/{mine}", headers=stranger),
        client.get("/v1/me/consents/cns_nonsense", headers=stranger),
    ):
        assert (answer.status_code, answer.get_json()["code"]) == (404, "unknown_consent")
    assert states(client, stranger) == []
    assert states(client, resident) == ["active"]
    assert banks.told == []


def test_a_notice_chooses_nothing_beforehand(client: FlaskClient, resident: Headers) -> None:
    shown = notice(client, resident).get_json()
    assert (shown["prompt"], shown["not_before"]) == (True, None)
    assert (shown["most_days"], shown["default_times"], shown["most_times"]) == (90, 1, 10)
    assert shown["until"] == "2026-06-08"
    assert shown["recipient"]["legal_name"] == BANK.legal_name
    assert set(shown["choosable"]) < set(shown["fields"])
    assert notice(client, resident, purpose="marketing").status_code == 422
    assert notice(client, resident, recipient="nobody").status_code == 404
    assert states(client, resident) == []


def test_a_refusal_is_quiet_for_thirty_days(
    client: FlaskClient, resident: Headers, stranger: Headers, clock: FixedClock
) -> None:
    asked = {"purpose": "limit", "recipient": BANK.legal_name}
    refused = client.post("/v1/me/consents/refusals", json=asked, headers=resident)
    assert refused.status_code == 201
    assert refused.get_json()["not_before"] == "2026-04-09T12:00:00+08:00"
    shown = notice(client, resident).get_json()
    assert (shown["prompt"], shown["not_before"]) == (False, "2026-04-09T12:00:00+08:00")
    others = (
        notice(client, resident, purpose="pricing"),
        notice(client, resident, recipient=OTHER.key),
        notice(client, stranger),
    )
    assert [each.get_json()["prompt"] for each in others] == [True] * 3
    agreed(client, resident)  # started by the resident

    clock.instant += timedelta(days=30) - timedelta(microseconds=1)
    headers = bearer(sign_in(client))
    assert notice(client, headers).get_json()["prompt"] is False
    clock.instant += timedelta(microseconds=1)
    assert notice(client, headers).get_json()["prompt"] is True


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("purposes/limit.toml", "仅用于确定本人这一笔申请的额度", "用于确定额度"),
        ("purposes/limit.toml", "no human takes part", "an officer takes part"),
        ("purposes/limit.toml", "days = 1825", "days = 1826"),
        ("purposes/limit.toml", '"window", "data_quality"]\nchoosable', '"window"]\nchoosable'),
        ("data.toml", 'title_en = "grade of a quarter"', 'title_en = "grade"'),
    ],
    ids=["text", "method", "retention", "data", "kind"],
)
def test_another_notice_suspends_until_it_is_agreed_to(
    client: FlaskClient,
    resident: Headers,
    make_app: Maker,
    banks: Banks,
    tmp_path: Path,
    file: str,
    old: str,
    new: str,
) -> None:
    mine, pricing = agreed(client, resident, times=5), agreed(client, resident, purpose="pricing")
    before = whole(client, resident, mine)["notice"]
    folder = other_words(tmp_path, file, old, new)
    if file.endswith("limit.toml") and "data_quality" in old:
        other_words(tmp_path, file, '"window", "data_quality"]', '"window"]')
    changed = make_app(banks.ports, rules_folder=folder)
    later = changed.test_client()

    found = whole(later, resident, mine)
    assert (found["state"], found["reason"]) == ("suspended", "notice_changed")
    assert found["notice"] == before  # as it was shown
    assert spend(house_of(changed), mine) == "suspended"
    if file != "data.toml":
        assert spend(house_of(changed), pricing, purpose="pricing") == "given"
    renewed = agreed(later, resident, times=5)
    assert spend(house_of(changed), renewed) == "given"
    assert whole(later, resident, mine)["state"] == "superseded"


def test_a_purpose_that_is_gone_suspends(
    client: FlaskClient, resident: Headers, make_app: Maker, banks: Banks, tmp_path: Path
) -> None:
    mine = agreed(client, resident, purpose="risk")
    folder = other_words(tmp_path, "purposes/risk.toml", "version", "version")
    (folder / "weihai" / "privacy" / "purposes" / "risk.toml").unlink()
    changed = make_app(banks.ports, rules_folder=folder)
    found = whole(changed.test_client(), resident, mine)
    assert (found["state"], found["reason"]) == ("suspended", "purpose_withdrawn")
    assert spend(house_of(changed), mine, purpose="risk") == "suspended"


def test_production_wants_the_notice_a_code_and_whole_recipients(
    make_app: Maker, client: FlaskClient, resident: Headers, banks: Banks
) -> None:
    real = make_app(banks.ports, app_env="production")
    there = real.test_client()
    version = notice(client, resident).get_json()["version"]
    shown = {"notice": {"version": version}}
    assert agree(there, resident).get_json()["code"] == "notice_required"
    bare = agree(there, resident, recipient=BARE.key, **shown)
    assert (bare.status_code, bare.get_json()["code"]) == (409, "recipient_incomplete")
    assert agree(there, resident, **shown).status_code == 403
    code = client.post("/v1/auth/otp", json={"phone": "13800000001"}).get_json()["dev_code"]
    made = agree(there, resident, step_up={"code": code}, **shown)
    assert (made.status_code, made.get_json()["step_up"]) == (201, "otp")
    twice = agree(there, resident, step_up={"code": code}, **shown)
    assert twice.status_code == 403


def test_closing_ends_all_consents(
    client: FlaskClient, resident: Headers, stranger: Headers, house: House
) -> None:
    mine = [agreed(client, resident), agreed(client, resident, purpose="risk")]
    theirs = agreed(client, stranger)
    with house.work(COMMAND) as work:
        who = consent.look(work, _raw(mine[0]), BANK.key, "limit")
        assert isinstance(who, consent.Consent)
        ended = consent.end_consents(work, who.resident_id, "closing")
    assert sorted(each.wire for each in ended) == sorted(mine)
    assert spend(house, mine[0]) == "revoked"
    assert spend(house, theirs) == "given"


def _raw(consent_id: str) -> bytes:
    from app.kernel import from_wire

    return from_wire("cns", consent_id) or b""


def test_pages_go_back_to_the_first(
    client: FlaskClient, resident: Headers, clock: FixedClock
) -> None:
    made = []
    for each in range(5):
        made.append(agreed(client, resident, application_reference=str(each)))
        clock.instant += timedelta(seconds=1)
    found: list[str] = []
    cursor: str | None = None
    while True:
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = client.get("/v1/me/consents", query_string=query, headers=resident).get_json()
        found += [each["id"] for each in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert found == made[::-1]
