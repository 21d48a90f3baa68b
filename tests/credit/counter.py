"""A counter at which residents with grades apply for loans, and banks ask."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import credit, identity
from app.grades import changes, grading, store
from app.grades.grading import Basis
from app.grades.model import Grade, Line, Quarter
from app.grades.tables import quarter_closing
from app.kernel import FixedClock, from_wire, local_midnight
from app.plumbing import Actor, House, Work, tokens
from app.plumbing import house as house_of
from app.plumbing.jobs import run
from app.scheduler import all_jobs
from tests.conftest import Headers, bearer, sign_in

COMMAND = Actor("command")
QUARTER = Quarter(2025, 4)
WENDENG, DEMO = "wendeng_rural_commercial_bank", "demo_city_bank"
INQUIRIES = "/v1/credit/inquiries"
OFFER = {
    "amount": "250000.00",
    "rate_bp": 480,
    "term_months": 12,
    "channel": "branch",
    "guarantee": "guarantor",
}
# What of an answer differs from one question to the next, whatever was asked.
OWN = ("inquiry_id", "jws")


def lines(kilograms: int, behaviour: str = "ev_charging") -> tuple[Line, ...]:
    """So much a month, of one behaviour, by a utility."""
    months = [f"2025-{10 + n}" for n in range(3)]
    share = kilograms * 1_000_000 // 3
    return tuple(Line(behaviour, month, "utility", share, 10) for month in months)


@dataclass
class Counter:
    """`person` is a resident with a grade, `bank` the headers of one that signs in."""

    app: Flask
    clock: FixedClock
    client: FlaskClient
    serial: count = field(default_factory=count)

    @property
    def house(self) -> House:
        return house_of(self.app)

    # Residents.

    def person(self, kilograms: int | None = 120) -> Headers:
        """A resident who saved so much in the last closed quarter; None: in none."""
        found = bearer(sign_in(self.client, str(13_800_000_000 + next(self.serial))))
        self.close()
        if kilograms is not None:
            self.graded(found, kilograms)
        return found

    def id_of(self, headers: Headers) -> bytes:
        token = headers["Authorization"].split()[1]
        sub = tokens.verify(self.house.signing_keys, self.clock.now(), token)["sub"]
        raw = from_wire(sub.partition("_")[0], sub)
        assert raw is not None
        return raw

    def close(self) -> None:
        with self.house.work(COMMAND) as work:
            if work.db.execute(quarter_closing.select()).first() is None:
                at = local_midnight(QUARTER.last, work.rules.pack.zone)
                times = {"cutoff": at, "began_at": at, "ended_at": at}
                row = {"quarter": str(QUARTER), "after": b"\xff" * 16, "counts": "{}"}
                work.db.execute(quarter_closing.insert(), row | times)

    def graded(self, person: Headers, kilograms: int, reason: str = "reversal") -> Grade:
        """A further version of a resident's grade, as closing and correcting make them."""
        whose = self.id_of(person)
        with self.house.work(COMMAND) as work:
            old = store.standing(work, whose, QUARTER)
            made = self._grade(work, whose, kilograms, old, reason)
            store.add(work, [made])
            if old is not None:
                note = changes.Change(made.id, whose, str(QUARTER), made.version)
                changes.note(work, [note])
        return made

    def _grade(
        self, work: Work, whose: bytes, kilograms: int, old: Grade | None, reason: str
    ) -> Grade:
        basis = Basis(lines(kilograms), 1)
        return Grade(
            id=work.new_id(),
            resident_id=whose,
            quarter=QUARTER,
            version=old.version + 1 if old else 1,
            lines=basis.lines,
            earlier=basis.earlier,
            rulebook=work.rules.digest,
            card=work.rules.credit.digest,
            made_at=work.now,
            reason=reason if old else "closing",
            before=old.code if old else None,
            **grading.assess(work.rules.credit, QUARTER, basis)._asdict(),
        )

    def agree(self, person: Headers, recipient: str = WENDENG, **more: Any) -> str:
        """A consent, for pricing unless another purpose is given; its id."""
        body = {"purpose": "pricing", "recipient": recipient} | more
        answer = self.client.post("/v1/me/consents", json=body, headers=person)
        assert answer.status_code == 201, answer.get_json()
        return str(answer.get_json()["id"])

    def revoke(self, person: Headers, consent: str) -> Any:
        return self.client.delete(f"/v1/me/consents/{consent}", headers=person).get_json()

    def disclosures(self, person: Headers) -> list[dict[str, Any]]:
        return list(self.get("/v1/me/disclosures", person)["items"])

    # Banks.

    def bank(self, code: str | None = WENDENG, name: str = "") -> Headers:
        with self.house.work(COMMAND) as work:
            made = identity.create_client(work, "bank", name or f"Bank {next(self.serial)}")
            credit.bind(work, made[0], code)
        body = {"grant_type": "client_credentials"}
        return bearer(self.client.post("/v1/auth/token", json=body, auth=made).get_json())

    def wire(self, bank: Headers) -> str:
        token = bank["Authorization"].split()[1]
        return str(tokens.verify(self.house.signing_keys, self.clock.now(), token)["sub"])

    def asked(self, bank: Headers, consent: str, **more: Any) -> TestResponse:
        """The answer to an inquiry, whatever it is."""
        key = more.pop("key", "") or f"key {next(self.serial)}"
        body = {
            "consent_id": consent,
            "product": "low_carbon",
            "purpose": "pricing",
            "application_reference": "loan 1",
            "offer": OFFER,
        } | more
        headers = bank | {"Idempotency-Key": key}
        return self.app.test_client().post(INQUIRIES, json=body, headers=headers)

    def ask(self, bank: Headers, consent: str, **more: Any) -> dict[str, Any]:
        answer = self.asked(bank, consent, **more)
        assert answer.status_code == 200, answer.get_json()
        return dict(answer.get_json())

    def post(self, path: str, headers: Headers, body: Any, status: int = 200) -> Any:
        named = headers | {"Idempotency-Key": f"key {next(self.serial)}"}
        answer = self.app.test_client().post(path, json=body, headers=named)
        assert answer.status_code == status, answer.get_json()
        return answer.get_json()

    def events(self, bank: Headers, after: int = 0) -> list[dict[str, Any]]:
        return list(self.get(f"/v1/credit/events?after={after}", bank)["items"])

    def get(self, path: str, headers: Headers, status: int = 200) -> Any:
        answer = self.client.get(path, headers=headers)
        assert answer.status_code == status, answer.get_json()
        return answer.get_json()

    def job(self, name: str) -> int:
        return run(self.house, all_jobs()[name])


def plain(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer without what is its own."""
    return {name: value for name, value in answer.items() if name not in OWN}
