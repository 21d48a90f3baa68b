"""A bank uses a consent: once a read, for what it is for and nothing else, and not a day longer."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app import consent
from app.consent import Denial
from app.kernel import FixedClock, from_wire
from app.plumbing import House
from tests.conftest import Headers
from tests.consent.agreeing import BANK, COMMAND, OTHER, agreed, spend, states


def taken(client: FlaskClient, headers: Headers, consent_id: str) -> int:
    found = client.get(f"/v1/me/consents/{consent_id}", headers=headers).get_json()
    return int(found["taken"])


def test_a_read_is_taken_until_none_is_left(
    client: FlaskClient, resident: Headers, house: House
) -> None:
    mine = agreed(client, resident, times=2)
    assert [spend(house, mine) for _ in range(3)] == ["given", "given", "exhausted"]
    assert states(client, resident) == ["exhausted"]
    assert taken(client, resident, mine) == 2


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ({"bank": OTHER}, "wrong_recipient"),
        ({"purpose": "pricing"}, "wrong_purpose"),
        ({"purpose": "marketing"}, "wrong_purpose"),
        ({}, "wrong_product"),
        ({"product": "zero_carbon"}, "wrong_product"),
        ({"product": "low_carbon"}, "wrong_application"),
        ({"product": "low_carbon", "application_reference": "8"}, "wrong_application"),
        ({"product": "low_carbon", "application_reference": "7"}, "given"),
    ],
)
def test_it_is_good_for_what_it_names(
    client: FlaskClient, resident: Headers, house: House, how: dict[str, Any], reason: str
) -> None:
    mine = agreed(client, resident, product="low_carbon", application_reference="7")
    assert spend(house, mine, **how) == reason
    assert taken(client, resident, mine) == (reason == "given")


def test_what_names_no_product_is_good_for_each(
    client: FlaskClient, resident: Headers, house: House
) -> None:
    mine = agreed(client, resident, times=2)
    assert spend(house, mine, product="low_carbon", application_reference="7") == "given"
    assert spend(house, mine) == "given"


def test_a_denial_says_whose_it_is_to_those_who_log_it(
    client: FlaskClient, resident: Headers, house: House
) -> None:
    mine = from_wire("cns", agreed(client, resident)) or b""
    with house.work(COMMAND) as work:
        wrong = consent.spend(work, mine, OTHER.key, "limit")
        unknown = consent.spend(work, b"", OTHER.key, "limit")
    assert isinstance(wrong, Denial)
    assert wrong.resident is not None
    assert unknown == Denial("unknown", None)


def test_its_last_day_ends_at_midnight_in_the_city(
    client: FlaskClient, resident: Headers, house: House, clock: FixedClock
) -> None:
    mine = agreed(client, resident, until="2026-03-12", times=5)
    clock.instant = datetime.fromisoformat("2026-03-12T23:59:59.999999+08:00")
    assert spend(house, mine) == "given"
    clock.instant += timedelta(microseconds=1)
    assert spend(house, mine) == "expired"
    assert states(client, resident) == ["expired"]


def test_a_look_takes_no_read(client: FlaskClient, resident: Headers, house: House) -> None:
    mine = agreed(client, resident)
    raw = from_wire("cns", mine) or b""
    with house.look(COMMAND) as work:
        assert not isinstance(consent.look(work, raw, BANK.key, "limit"), Denial)
    assert taken(client, resident, mine) == 0
    assert spend(house, mine) == "given"
    with house.look(COMMAND) as work:
        found = consent.look(work, raw, BANK.key, "limit")
    assert isinstance(found, Denial)
    assert found.reason == "exhausted"


def test_of_two_who_race_for_the_last_read_one_gets_it(
    client: FlaskClient, resident: Headers, house: House
) -> None:
    for round_ in range(5):
        mine = agreed(client, resident, times=3, application_reference=str(round_))
        how = {"application_reference": str(round_)}
        with ThreadPoolExecutor(8) as crowd:
            answers = list(crowd.map(lambda _, c=mine, h=how: spend(house, c, **h), range(8)))
        assert sorted(answers) == ["exhausted"] * 5 + ["given"] * 3
        assert taken(client, resident, mine) == 3


def test_a_revocation_and_a_read_come_one_after_the_other(
    client: FlaskClient, resident: Headers, house: House, app: Flask
) -> None:
    for round_ in range(5):
        mine = agreed(client, resident, application_reference=str(round_))
        how = {"application_reference": str(round_)}
        with ThreadPoolExecutor(2) as both:
            read = both.submit(spend, house, mine, **how)
            path = f"/v1/me/consents/{mine}"
            ended = both.submit(lambda p=path: app.test_client().delete(p, headers=resident))
        assert ended.result().status_code == 200
        assert read.result() in {"given", "revoked"}
        assert taken(client, resident, mine) == (read.result() == "given")
        assert spend(house, mine, **how) == "revoked"


def test_every_answer_takes_the_same_statements(
    client: FlaskClient, resident: Headers, house: House, clock: FixedClock
) -> None:
    good, spent = agreed(client, resident, times=9), agreed(client, resident, purpose="risk")
    gone = agreed(client, resident, purpose="pricing")
    client.delete(f"/v1/me/consents/{gone}", headers=resident)
    assert spend(house, spent, purpose="risk") == "given"
    asked = (
        (good, BANK, "limit", "given"),
        (good, OTHER, "limit", "wrong_recipient"),
        (good, BANK, "risk", "wrong_purpose"),
        (gone, BANK, "pricing", "revoked"),
        (spent, BANK, "risk", "exhausted"),
        ("cns_" + "0" * 26, BANK, "limit", "unknown"),
    )
    counts = set()
    for mine, bank, purpose, reason in asked:
        seen: list[str] = []

        def note(_c: Any, _cursor: Any, text: str, *_: Any, into: list[str] = seen) -> None:
            into.append(text)

        sa.event.listen(house.engine, "before_cursor_execute", note)
        try:
            assert spend(house, mine, bank, purpose) == reason
        finally:
            sa.event.remove(house.engine, "before_cursor_execute", note)
        counts.add(tuple(seen))
    assert len(counts) == 1
