"""A city whose residents have accounts at partner platforms: what tests of exchange begin with.
Everything goes over HTTP but the founding."""

import shutil
from collections.abc import Callable
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from werkzeug.test import TestResponse

from app import activities, consent, identity, recognition, webhooks
from app.kernel import to_wire
from app.plumbing import tokens
from app.recognition import seats, store
from app.recognition.model import ACTIVE, Link
from tests.conftest import Headers
from tests.redemption.crowds import RULES
from tests.redemption.market import COMMAND, Market

UNIONPAY, CITIC, CCB = "unionpay_low_carbon", "citic_carbon_account", "ccb_carbon_ledger"
# One charge of so many kWh earns so many points, at every partner that exchanges travel.
CHARGE_KWH, CHARGED = "10", "496.90"
_TEN_YEARS_S = 10 * 366 * 86400


class Bourse(Market):
    """`partner` is a platform that calls, `rider` a resident with points earned by charging a car
    and an account at partners."""

    @cached_property
    def two(self) -> tuple[Headers, Headers]:
        """Two operators."""
        return self.operator("Maker"), self.operator("Checker")

    def correct(self, held: dict[str, Any]) -> TestResponse:
        """Ask for a correction and approve it; the answer that decided."""
        payload = {"exchange": held["id"], "reason": "Booked for somebody else."}
        asked = {"kind": "exchange_correction", "payload": payload, "reason": "As agreed."}
        maker, checker = self.two
        waiting = self.send("/v1/approvals", maker, asked)
        if waiting.status_code != 201:
            return waiting
        return self.send(f"/v1/approvals/{waiting.get_json()['id']}/approve", checker)

    def partner(self, code: str = UNIONPAY) -> Headers:
        with self.house.work(COMMAND) as work:
            wire, secret = identity.create_client(work, "partner", f"{code} {next(self.keys)}")
            seats.bind(work, wire, code)
        return self._sign_in(wire, secret)

    def riders(self, count: int, *partners: str) -> list[Headers]:
        """So many new residents, each with one charge of the day before yesterday, linked to these
        partners (UnionPay)."""
        with self.house.work(COMMAND) as work:
            people = [identity.demo_resident(work, str(next(self.phones))) for _ in range(count)]
            wire, _ = identity.create_client(work, "provider", f"chargers {next(self.keys)}")
            client = identity.find_client(work, wire)
            assert client is not None
            since = work.today - timedelta(days=30)
            consent.hold_many(
                work, client.id, [(to_wire("res", who), who, since) for who in people]
            )
            self.chargers = activities.Provider(client.id, wire, None)
            done = activities.record(work, self.chargers, [self._charge(who) for who in people])
            assert {each.status for each in done} == {"credited"}, done
            for who in people:
                for code in partners or (UNIONPAY,):
                    _link(work, who, code, f"member {next(self.keys)}")
            keys, now = self.house.signing_keys, work.now
        return [{"Authorization": f"Bearer {self._token(keys, now, who)}"} for who in people]

    def rider(self, *partners: str) -> Headers:
        return self.riders(1, *partners)[0]

    def _token(self, keys: Any, now: Any, who: bytes) -> str:
        return tokens.issue(keys, now, _TEN_YEARS_S, "resident", to_wire("res", who))

    def _charge(self, who: bytes) -> dict[str, Any]:
        at = self.clock.instant - timedelta(days=2)
        return {
            "reference": f"charge of {to_wire('res', who)}",
            "subject": to_wire("res", who),
            "behaviour": "ev_charging",
            "occurred_at": at.isoformat(),
            "quantity": CHARGE_KWH,
            "unit": "kWh",
            "evidence": {"vehicle_use": "private"},
        }

    def take_charge_back(self, person: Headers) -> None:
        """The charge of the newest rider never was."""
        reference = f"charge of {to_wire('res', self.id_of(person))}"
        with self.house.work(COMMAND) as work:
            done = activities.reverse(work, self.chargers, [(reference, "test")])
            assert [each.status for each in done] == ["reversed"], done

    def link_of(self, person: Headers, code: str = UNIONPAY) -> bytes:
        who = self.id_of(person)
        with self.house.look(COMMAND) as work:
            found = store.open_link(work, who, code)
        assert found is not None
        return found.id

    def ask(self, person: Headers, amount: str, direction: str = "out", **more: Any) -> Any:
        """An exchange that is held."""
        return self.post("/v1/me/exchanges", person, wanted(amount, direction, **more), 201)

    def asked(self, person: Headers, amount: str, direction: str = "out", **more: Any) -> str:
        """The code with which an exchange is refused."""
        return self.refused("/v1/me/exchanges", person, wanted(amount, direction, **more))

    def confirm(
        self, partner: Headers, held: dict[str, Any], reference: str = "", status: int = 200
    ) -> Any:
        body = {"reference": reference or f"theirs {held['id']}"}
        return self.post(f"/v1/partner/exchanges/{held['id']}/confirm", partner, body, status)

    def reject(self, partner: Headers, held: dict[str, Any], status: int = 200) -> Any:
        return self.post(f"/v1/partner/exchanges/{held['id']}/reject", partner, {}, status)

    def exchanged(
        self, seat: Headers, person: Headers, amount: str, direction: str = "out", **more: Any
    ) -> Any:
        """An exchange from beginning to end."""
        return self.confirm(seat, self.ask(person, amount, direction, **more))

    def stands(self, person: Headers, held: dict[str, Any]) -> str:
        return str(self.get(f"/v1/me/exchanges/{held['id']}", person)["status"])

    def position(self, partner: Headers) -> tuple[str, str, str, str]:
        """(sent, received, held out, held in)"""
        found = self.get("/v1/partner/position", partner)
        return found["sent"], found["received"], found["held_out"], found["held_in"]

    def told(self, code: str = UNIONPAY) -> list[tuple[str, dict[str, Any]]]:
        """All that a partner was told: (type, data), in order."""
        with self.house.work(COMMAND) as work:
            found = webhooks.events(work, code, 0, 100_000)
            return [(each.type, dict(each.data)) for each in found]

    def audit(self) -> list[str]:
        audits: list[Callable[..., Any]] = [recognition.differences]
        with self.house.look(COMMAND) as work:
            own = [each for audit in audits for each in audit(work)]
        return [*super().audit(), *own]


def wanted(
    amount: str, direction: str = "out", partner: str = UNIONPAY, quote: str | None = None
) -> dict[str, Any]:
    body = {"partner": partner, "direction": direction, "amount": amount}
    return body if quote is None else body | {"quote": quote}


def altered(folder: Path, *changes: tuple[str, str], of: str = UNIONPAY) -> Path:
    """A copy of the rules in which a partner's file says something else: (old, new) each."""
    copy = folder / "rules"
    if not copy.exists():
        shutil.copytree(RULES, copy)
    path = copy / "weihai" / "recognition" / f"{of}.toml"
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    return copy


def number(name: str, old: str, new: str) -> tuple[str, str]:
    """A change of a parameter: what `altered` is to find, and what is to stand there."""
    head = f"[[parameters.{name}.values]]\nfrom = 2025-01-01\nvalue = "
    return head + old, head + new


def _link(work: Any, who: bytes, code: str, account: str) -> None:
    platform = work.rules.recognition.platforms[code]
    new = Link(
        id=work.new_id(),
        resident_id=who,
        partner=code,
        account_sealed=work.keys.encrypt(account),
        state=ACTIVE,
        from_day=work.today,
        until_day=date(2029, 12, 31),
        consent_version=platform.consent.version,
        consent_digest=platform.consent.digest,
        matched_by="founding",
        opened_at=work.now,
        ended_at=None,
        ended_by=None,
    )
    assert store.add_link(work, new, work.keys.fingerprint("partner account", account))
