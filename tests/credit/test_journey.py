"""From acts to a bank's signed answer and the resident's log of it, over HTTP: what was revoked
answers nothing, what was corrected is told."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import orjson
import pytest

from tests.activities.desk import Desk
from tests.conftest import bearer, sign_in
from tests.credit.counter import DEMO, Counter, plain
from tests.grades.office import A_LITTLE, CLOSED, HUNDRED, REPORTED, Office


@pytest.fixture
def office(counter: Counter, register: Callable[..., tuple[str, str]]) -> Office:
    counter.clock.instant = datetime(2025, 6, 1, tzinfo=UTC)
    desk = Desk.opened(counter.client, register, kind="utility")
    resident = bearer(sign_in(counter.client))
    desk.bind(resident)
    counter.clock.instant = REPORTED
    return Office(counter.app, counter.client, counter.clock, desk, resident)


def test_acts_become_terms(counter: Counter, office: Office) -> None:
    person, bank = office.resident, counter.bank(DEMO)
    office.report(*HUNDRED, A_LITTLE)
    office.close(CLOSED)
    consent = counter.agree(person, DEMO, times=2)

    answer = counter.ask(bank, consent)
    mine = office.grade()
    assert (answer["grade"], answer["factor"]) == (mine["grade"]["code"], mine["factor"])
    assert answer["grade"] == "deep"
    assert answer["factor"] == sum(part["points"] for part in mine["parts"])
    assert answer["reason_codes"] == [each["code"] for each in mine["reasons"]]
    assert answer["terms"]["limit_uplift_pct"] >= 20
    said = orjson.dumps(answer).decode()
    for word in ("bus_ride", "phone", "coats", "2025-10-08", "2025-11", "imei", "res_", "act_"):
        assert word not in said

    # Revoked at t, asked again at t + 61 s.
    counter.clock.instant += timedelta(hours=1)
    counter.revoke(person, consent)
    counter.clock.instant += timedelta(seconds=61)
    refused = counter.ask(bank, consent, application_reference="loan 2")
    assert refused["grade"] is None
    nobodys = counter.ask(bank, "cns_" + "0" * 26)
    assert plain(refused) == plain(nobodys)
    newest, first = [each for each in counter.disclosures(person) if each["who"]["id"] == DEMO]
    assert newest["denied"] == "revoked"
    assert newest["about"] == refused["inquiry_id"]
    assert (first["denied"], first["about"]) == (None, answer["inquiry_id"])

    # A provider takes a report back: the bank is told, once, and whoever asks now hears the new.
    again = counter.agree(person, DEMO)
    second = counter.ask(bank, again, application_reference="loan 3")
    counter.clock.instant += timedelta(days=1)
    office.desk.reverse(HUNDRED[0]["reference"])
    office.restate()
    counter.job("credit.tell_changes")
    counter.job("credit.tell_changes")
    told = counter.events(bank)
    changes = [each["data"] for each in told if each["type"] == "grade.corrected"]
    by_inquiry = {each["inquiry"]: each for each in changes}
    assert len(changes) == 2
    assert by_inquiry[second["inquiry_id"]]["after"]["grade"] == "medium"
    assert by_inquiry[answer["inquiry_id"]]["after"] is None
    assert {each["reason"] for each in changes} == {"reversal"}
    third = counter.agree(person, DEMO, product="low_carbon")
    assert counter.ask(bank, third, application_reference="loan 4")["grade"] == "medium"

    export = counter.get("/v1/me/export", person)["sections"]
    assert len(export["inquiries"]) == 4
    assert len(counter.get("/v1/me/inquiries", person)["items"]) == 4
    assert office.audit() == []
