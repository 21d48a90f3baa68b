"""Consents on a page: read first, turned on, turned off at once; what banks asked and were told."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask

from app import identity
from app.kernel import FixedClock, to_wire
from app.plumbing import Actor
from tests.conftest import Headers
from tests.credit.counter import DEMO, Counter
from tests.pages.conftest import Browser
from tests.pages.readers import text

NEW = f"/my/consents/new?purpose=pricing&recipient={DEMO}"
HERE = "https://weitan.invalid"
SAFE: dict[str, Any] = {"base_url": HERE, "headers": {"Referer": f"{HERE}/"}}


class Outbox:
    """A carrier that keeps the last code."""

    code = ""

    def send(self, phone: str, code: str) -> None:
        assert phone
        self.code = code


@pytest.fixture
def counter(app: Flask, clock: FixedClock) -> Counter:
    return Counter(app, clock, app.test_client())


@pytest.fixture
def person(counter: Counter) -> Headers:
    return counter.person()


@pytest.fixture
def mine(counter: Counter, person: Headers, browse: Callable[..., Browser]) -> Browser:
    return browse("resident", to_wire("res", counter.id_of(person)))


def chosen(browser: Browser, **more: object) -> dict[str, object]:
    """The notice's form as it was opened, but for `more`."""
    told = dict(re.findall(r'name="(version|until|times)"[^>]*? value="([^"]*)"', browser.page))
    ticked = re.findall(r'name="fields" value="(\w+)" checked', browser.page)
    return {"purpose": "pricing", "recipient": DEMO, "fields": ticked} | told | more


def test_everything_is_off_until_the_notice_was_shown_and_agreed_to(
    counter: Counter, person: Headers, mine: Browser
) -> None:
    counter.bank(DEMO)
    mine.get("/my/consents")
    assert "rate of a loan Off gets nothing Turn on" in text(mine)
    assert unescape(mine.page).count(NEW) == 1
    mine.get(NEW)
    for said in ("loans@demo-city-bank.example", "Not one trip", "never raises it", "1825 days"):
        assert said in text(mine), said
    fields = chosen(mine)["fields"]
    assert isinstance(fields, list)
    narrow = chosen(mine, fields=["grade"], times="3", application="A-1")
    mine.post("/my/consents/new", narrow)
    (found,) = counter.get("/v1/me/consents", person)["items"]
    assert (found["fields"], found["times"]) == (["grade", "terms"], 3)
    assert found["application_reference"] == "A-1"
    assert "factor" in fields
    assert found["id"] in mine.page
    assert "Show this to the bank" in mine.page
    assert 'src="data:image/svg+xml;base64,' in mine.page
    mine.get("/my/consents")
    assert "3 of 3 looks left" in text(mine)


def test_turned_off_it_is_off_at_once_and_one_reads_who_is_told(
    counter: Counter, person: Headers, mine: Browser
) -> None:
    bank, consent = counter.bank(DEMO), counter.agree(person, DEMO, times=2)
    mine.get("/my/consents")
    mine.post(f"/my/consents/{consent}/end")
    assert "示范银行股份有限公司(虚构) is told that it may not ask any more" in text(mine)
    assert "rate of a loan Off" in text(mine)
    assert counter.get(f"/v1/me/consents/{consent}", person)["state"] == "revoked"
    assert counter.ask(bank, consent)["grade"] is None
    mine.get(f"/my/consents/{consent}")
    assert "you ended it" in text(mine)
    assert "Show this to the bank" not in mine.page


def test_a_form_that_is_not_right_keeps_what_was_typed(
    counter: Counter, person: Headers, mine: Browser
) -> None:
    mine.get(NEW)
    refused = mine.post("/my/consents/new", chosen(mine, times="99", application="loan 7"))
    assert refused.status_code == 422
    assert "So many looks are not possible" in text(mine)
    assert 'value="99"' in mine.page
    assert 'value="loan 7"' in mine.page
    assert mine.post("/my/consents/new", chosen(mine, times="many")).status_code == 422
    mine.get(NEW)
    assert mine.post("/my/consents/new", chosen(mine, version="1999-01")).status_code == 409
    assert counter.get("/v1/me/consents", person)["items"] == []


def test_who_does_not_want_to_be_asked_is_not(mine: Browser) -> None:
    mine.get(NEW)
    mine.post("/my/consents/refusals", {"purpose": "pricing", "recipient": DEMO})
    assert "You will not be asked for this for a while" in text(mine)
    mine.get(NEW)
    assert "You do not want to be asked for this until" in text(mine)
    assert "do not ask me for this" not in text(mine)


def test_in_production_a_fresh_code_is_asked_for_and_an_old_one_refused(
    make_app: Callable[..., Flask], counter: Counter, person: Headers, clock: FixedClock
) -> None:
    outbox = Outbox()
    mine = over_tls(make_app(ports={"sms": outbox}, app_env="production"), counter, person)
    mine.get(NEW, **SAFE)
    form = chosen(mine)
    assert mine.post("/my/consents/new", form, **SAFE).status_code == 200
    assert "we have sent a code to your number" in text(mine)
    clock.instant += timedelta(minutes=6)
    late = mine.post("/my/consents/new", form | {"code": outbox.code}, **SAFE)
    assert late.status_code == 403
    assert "The code is wrong, used or too old" in text(mine)
    mine.post("/my/consents/new", form | {"step": "send"}, **SAFE)
    mine.post("/my/consents/new", form | {"code": outbox.code}, **SAFE)
    (found,) = counter.get("/v1/me/consents", person)["items"]
    assert (found["state"], found["purpose"]) == ("active", "pricing")


def over_tls(app: Flask, counter: Counter, person: Headers) -> Browser:
    """A resident at the pages of an application in production."""
    with counter.house.work(Actor("command")) as work:
        key, session = identity.enter(work, "resident", counter.id_of(person))
    client = app.test_client()
    with client.session_transaction(base_url=HERE) as cookie:
        cookie["keys"] = {session.scope: key}
    client.set_cookie("language", "en", domain="weitan.invalid")
    return Browser(client)


def test_who_looked_and_who_was_refused_stands_there_and_leads_on(
    counter: Counter, person: Headers, mine: Browser
) -> None:
    bank, consent = counter.bank(DEMO), counter.agree(person, DEMO, times=2)
    told = counter.ask(bank, consent)["inquiry_id"]
    refused = counter.ask(bank, consent, purpose="limit")["inquiry_id"]
    mine.get("/my/disclosures")
    assert "Refused: consent for another purpose" in text(mine)
    assert "Saw: grade, factor, which quarter" in text(mine)
    assert f"/my/inquiries/{told}" in mine.page
    mine.get("/my/inquiries")
    assert "told your grade: Deep green" in text(mine)
    assert "told nothing of you" in text(mine)
    mine.get(f"/my/inquiries/{refused}")
    assert "It does not know why" in text(mine)
    assert "Deep green" not in text(mine)
    mine.get(f"/my/inquiries/{told}")
    assert "Limit ¥300,000.00 without: ¥250,000.00" in text(mine)
    mine.get(f"/my/contest?inquiry={told}")
    mine.post("/my/contest", {"inquiry": told, "wish": "explain", "reason": "Why so few points?"})
    assert "A person answers by" in text(mine)
    assert counter.get(f"/v1/me/inquiries/{told}", person)["contest"] == "open"
    mine.get(f"/my/inquiries/{told}")
    assert "Contested" in text(mine)


def test_a_grade_is_contested_by_its_quarter(
    counter: Counter, person: Headers, mine: Browser
) -> None:
    mine.get("/my/contest?grade=2025Q4")
    assert "Your grade of Q4 2025" in text(mine)
    assert "marked as contested wherever it is told" in text(mine)
    form = {"grade": "2025Q4", "wish": "explain", "reason": "Why not more?"}
    assert mine.post("/my/contest", form | {"grade": "1999Q9"}).status_code == 404
    mine.get("/my/contest?grade=2025Q4")
    mine.post("/my/contest", form)
    assert "A person answers by" in text(mine)
    (found,) = counter.get("/v1/me/objections", person)["items"]
    assert (found["kind"], found["subject"], found["wish"]) == ("grade", "2025Q4", "explain")


def test_a_strangers_consent_and_inquiry_are_not_there(
    counter: Counter, browse: Callable[..., Browser]
) -> None:
    first, bank = counter.person(), counter.bank(DEMO)
    consent = counter.agree(first, DEMO)
    inquiry = counter.ask(bank, consent)["inquiry_id"]
    other = browse("resident", to_wire("res", counter.id_of(counter.person())))
    for path in (f"/my/consents/{consent}", f"/my/inquiries/{inquiry}"):
        assert other.get(path).status_code == 404
    assert "Nobody has looked at your data yet" in other.get("/my/disclosures").text
    assert "No bank has asked about you" in other.get("/my/inquiries").text
