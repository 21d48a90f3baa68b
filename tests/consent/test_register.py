"""Consents as residents give and end them: one purpose, one recipient, a notice that is kept."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app import consent
from app.kernel import FixedClock, from_wire
from app.plumbing import Actor, House
from tests.conftest import Headers
from tests.consent.agreeing import (
    BANK,
    COMMAND,
    OTHER,
    Banks,
    agree,
    agreed,
    notice,
    spend,
    states,
    whole,
)


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


def test_closing_ends_all_consents(
    client: FlaskClient, resident: Headers, stranger: Headers, house: House
) -> None:
    mine = [agreed(client, resident), agreed(client, resident, purpose="risk")]
    theirs = agreed(client, stranger)
    with house.work(COMMAND) as work:
        who = consent.look(work, from_wire("cns", mine[0]) or b"", BANK.key, "limit")
        assert isinstance(who, consent.Consent)
        ended = consent.end_consents(work, who.resident_id, "closing")
    assert sorted(each.wire for each in ended) == sorted(mine)
    assert spend(house, mine[0]) == "revoked"
    assert spend(house, theirs) == "given"


def test_of_two_who_agree_to_the_same_at_once_one_takes_the_others_place(
    client: FlaskClient, resident: Headers, app: Flask, banks: Banks
) -> None:
    with ThreadPoolExecutor(4) as crowd:
        answers = list(crowd.map(lambda _: agree(app.test_client(), resident), range(4)))
    assert [each.status_code for each in answers] == [201] * 4
    assert sorted(states(client, resident)) == ["active"] + ["superseded"] * 3
    assert len(banks.told) == 3


@pytest.mark.parametrize("dies_at", range(1, 12))
def test_a_consent_that_dies_on_its_way_was_never_given(
    client: FlaskClient, resident: Headers, house: House, dies_at: int
) -> None:
    first = agreed(client, resident)
    statements = 0

    def die(*_: Any) -> None:
        nonlocal statements
        statements += 1
        if statements == dies_at:
            raise ConnectionResetError

    sa.event.listen(house.engine, "before_cursor_execute", die)
    try:
        died = agree(client, resident, times=2).status_code == 500
    finally:
        sa.event.remove(house.engine, "before_cursor_execute", die)
    assert died == (statements >= dies_at)
    found = whole(client, resident, first)["state"]
    assert (found, states(client, resident).count("active")) == (
        "active" if died else "superseded",
        1,
    )


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
