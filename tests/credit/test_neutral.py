"""Refused or absent: a bank cannot tell. The same words, the same statements, the same numbers."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event

from app.kernel import FixedClock
from tests.conftest import Headers
from tests.consent.agreeing import other_words
from tests.credit.counter import DEMO, OFFER, Counter, plain

NOBODYS = "cns_" + "0" * 26


def told(counter: Counter, ask: Callable[[], dict[str, Any]]) -> tuple[dict[str, Any], list[str]]:
    """The answer, and the statements that were made for it."""
    made: list[str] = []

    def keep(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        made.append(statement)

    event.listen(counter.house.engine, "before_cursor_execute", keep)
    try:
        return ask(), made
    finally:
        event.remove(counter.house.engine, "before_cursor_execute", keep)


class Causes:
    """For each cause of a neutral answer a resident's consent, and the bank that asks by it."""

    def __init__(self, counter: Counter) -> None:
        self.counter, self.bank = counter, counter.bank()
        self.people: dict[str, Headers] = {}
        self.consents: dict[str, str] = {"unknown": NOBODYS, "unreadable": "who knows"}
        self._add("wrong_recipient", recipient=DEMO)
        self._add("wrong_purpose", purpose="limit")
        self._add("wrong_product", product="zero_carbon")
        self._add("wrong_application", application_reference="another loan")
        self._add("no_grade", kilograms=None)
        self._add("exhausted")
        counter.ask(self.bank, self.consents["exhausted"], application_reference="first")
        self._add("revoked")
        counter.revoke(self.people["revoked"], self.consents["revoked"])
        self._add("closed")
        gone = counter.client.delete("/v1/me?confirm=true", headers=self.people["closed"])
        assert gone.status_code in {200, 204}, gone.get_json()
        counter.clock.instant += timedelta(seconds=1)  # what follows is newer than all this

    def _add(self, cause: str, kilograms: int | None = 120, **more: Any) -> None:
        self.people[cause] = self.counter.person(kilograms)
        self.consents[cause] = self.counter.agree(self.people[cause], **more)

    def check(self, **more: Any) -> None:
        """All are answered alike, field by field, by the same statements; and again they are."""
        for again in (False, True):
            found = {
                cause: told(
                    self.counter,
                    lambda consent=consent: self.counter.ask(self.bank, consent, **more),
                )
                for cause, consent in self.consents.items()
            }
            answer, made = found["unknown"]
            assert answer["grade"] is None
            assert answer["factor"] is None
            assert answer["window"]["quarter"] == "2025Q4"
            assert answer["terms"]["limit"] == OFFER["amount"]
            assert answer["terms"]["rate_bp"] == OFFER["rate_bp"]
            assert answer["terms"]["yearly_saving"] == "0.00"
            assert answer["reason_codes"] == answer["reasons"] == []
            assert answer["data_quality"] is None
            for cause, (other, statements) in found.items():
                assert plain(other) == plain(answer), (cause, again)
                assert statements == made, (cause, again)
                assert len(other["jws"]) - len(answer["jws"]) in range(-40, 41), cause


def test_every_cause_looks_alike(counter: Counter) -> None:
    causes = Causes(counter)
    causes.check()
    for cause in ("wrong_recipient", "wrong_purpose", "exhausted", "revoked", "no_grade"):
        newest = counter.disclosures(causes.people[cause])[0]
        assert newest["denied"] == cause
        assert newest["what"] == []
        mine = counter.get("/v1/me/inquiries", causes.people[cause])["items"][0]
        assert mine["denied"] == cause
    kept = counter.get("/v1/credit/inquiries", causes.bank)["items"]
    assert len({frozenset(each) for each in kept}) == 1
    assert not any("denied" in each for each in kept)


def test_what_is_kept_of_a_no_looks_alike_when_accounts_have_closed(counter: Counter) -> None:
    causes = Causes(counter)
    counter.client.delete("/v1/me?confirm=true", headers=causes.people["revoked"])
    asked = {cause: counter.ask(causes.bank, each) for cause, each in causes.consents.items()}
    counter.client.delete("/v1/me?confirm=true", headers=causes.people["wrong_recipient"])
    kept = counter.get("/v1/credit/inquiries", causes.bank)["items"]
    assert {each["inquiry_id"] for each in kept} >= {each["inquiry_id"] for each in asked.values()}

    def looked(name: str) -> list[str]:
        def look() -> dict[str, Any]:
            outcome = {"inquiry_id": name, "used": False, "decided": "refused"}
            counter.post("/v1/credit/outcomes", causes.bank, outcome)
            return {"found": counter.get(f"/v1/credit/inquiries/{name}", causes.bank)}

        return told(counter, look)[1]

    made = {cause: looked(answer["inquiry_id"]) for cause, answer in asked.items()}
    assert all(each == made["unknown"] for each in made.values()), made


def test_expired_and_suspended_consents_look_alike(
    counter: Counter, make_app: Callable[..., Flask], tmp_path: Path
) -> None:
    causes = Causes(counter)
    causes._add("expired", until="2026-03-12")
    counter.clock.instant += timedelta(days=2)
    assert counter.ask(causes.bank, causes.consents["expired"], application_reference="x")["grade"]
    causes._add("expired", until="2026-03-12")
    causes._add("suspended")
    counter.clock.instant += timedelta(days=1)
    folder = other_words(tmp_path, "purposes/pricing.toml", "only to set the rate", "to set a rate")
    counter.app = make_app(rules_folder=folder, access_seconds=10**9)
    counter.client = counter.app.test_client()
    causes.check()
    for cause in ("expired", "suspended"):
        assert counter.disclosures(causes.people[cause])[0]["denied"] == cause


def test_no_quarter_closed_yet_is_neutral_for_all(
    app: Flask, clock: FixedClock, counter: Counter
) -> None:
    bank = counter.bank()
    person = counter.person(None)
    with counter.house.work(Any) as work:  # type: ignore[arg-type]
        work.db.execute(sa.text("DELETE FROM quarter_closing"))
    consent = counter.agree(person)
    answers = [counter.ask(bank, each) for each in (consent, NOBODYS)]
    assert plain(answers[0]) == plain(answers[1])
    assert answers[0]["window"] is None


def test_no_grade_takes_a_read_which_the_bank_does_not_see(counter: Counter) -> None:
    person, bank = counter.person(None), counter.bank()
    consent = counter.agree(person)
    counter.ask(bank, consent)
    assert counter.get(f"/v1/me/consents/{consent}", person)["taken"] == 1
