"""A small town for tests of scoring: residents with a card, providers, and what is kept of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from app import activities, consent, identity, ledger
from app.activities import tables as t
from app.activities.model import Result, Undone
from app.kernel import FixedClock, Ids
from app.ledger import tables as l
from app.plumbing import Actor, House
from app.webhooks.tables import event as events

FIRST_DAY = date(2025, 3, 1)
TESTER = Actor("test")


def act(
    reference: str, behaviour: str, at: str, card: str = "card0", **more: Any
) -> dict[str, Any]:
    """An item as a provider sends it; evidence by keyword, quantity and unit by their names."""
    return {
        "reference": reference,
        "subject": card,
        "behaviour": behaviour,
        "occurred_at": at,
        "quantity": more.pop("quantity", None),
        "unit": more.pop("unit", None),
        "replaces": more.pop("replaces", None),
        "evidence": more,
    }


@dataclass
class Town:
    """A house with providers that report anything, and residents who hold `card0`, `card1` …"""

    house: House
    clock: FixedClock
    providers: list[activities.Provider] = field(default_factory=list)
    residents: list[bytes] = field(default_factory=list)

    @classmethod
    def found(
        cls, house: House, clock: FixedClock, residents: int = 1, providers: int = 1
    ) -> "Town":
        town = cls(house, clock)
        with house.work(TESTER) as work:
            # The same ids each time: hashes made with them decide between acts of one instant.
            vars(work)["new_id"] = Ids(work.now, start=0)
            for n in range(residents):
                town.residents.append(identity.demo_resident(work, f"138{n:08d}"))
            for n in range(providers):
                wire, _ = identity.create_client(work, "provider", f"provider {n}", "other", None)
                client = identity.find_client(work, wire)
                assert client is not None
                town.providers.append(activities.Provider(client.id, wire, None))
                cards = [(f"card{n}", r, FIRST_DAY) for n, r in enumerate(town.residents)]
                consent.hold_many(work, client.id, cards)
        return town

    def record(self, *items: dict[str, Any], provider: int = 0) -> list[Result]:
        who = self.providers[provider]
        with self.house.work(Actor("provider", who.id)) as work:
            return activities.record(work, who, items)

    def reverse(self, *references: str, provider: int = 0) -> list[Undone]:
        who = self.providers[provider]
        with self.house.work(Actor("provider", who.id)) as work:
            return activities.reverse(work, who, [(each, "test") for each in references])

    def link(self, resident: int = 0) -> bytes:
        """Let partners know a resident, since a month ago; the claim secret."""
        with self.house.work(TESTER) as work:
            then = replace(work, now=work.now - timedelta(days=30))
            return consent.give_secret(then, self.residents[resident])

    def claim(self, *said: activities.Claim, partner: str = "unionpay") -> list[activities.Claimed]:
        with self.house.work(TESTER) as work:
            return activities.claim(work, partner, said)

    def withdraw(self, *references: str, partner: str = "unionpay") -> list[str]:
        with self.house.work(TESTER) as work:
            asked = [(each, "test") for each in references]
            return [status for _, status in activities.withdraw(work, partner, asked)]

    def book(self) -> None:
        with self.house.work(TESTER) as work:
            ledger.book_due(work, self.residents)

    def job(self, name: str) -> int:
        jobs = activities.JOBS | ledger.JOBS
        count = 0
        while True:
            with self.house.work(TESTER) as work:
                done = jobs[name][0](work)
            if not done:
                return count
            count += done

    def wallet(self, resident: int = 0) -> ledger.Wallet:
        with self.house.look(TESTER) as work:
            return ledger.wallet(work, self.residents[resident])

    def audit(self) -> list[str]:
        with self.house.look(TESTER) as work:
            return [*ledger.differences(work), *activities.differences(work)]

    def rows(self, table: sa.Table) -> Sequence[Any]:
        with self.house.look(TESTER) as work:
            return work.db.execute(sa.select(table)).all()

    def state(self) -> dict[str, Any]:
        """Scores, lots and totals: what must not depend on the order of arrival."""
        return {
            "scores": {
                row.reference_hash.hex(): (
                    row.status,
                    row.reason,
                    row.units,
                    row.reduction_mg,
                    row.points,
                )
                for row in self.rows(t.activity)
            },
            "claims": {(row.partner, row.name): row.status for row in self.rows(t.partner_claim)},
            "lots": {tuple(row[:3]): row.balance for row in self.rows(l.account) if row.balance},
            "debts": {row.resident_id: row.debt for row in self.rows(l.wallet)},
            "tallies": {
                tuple(row[:3]): tuple(row[3:]) for row in self.rows(t.tally) if any(row[3:])
            },
        }

    def forget(self) -> None:
        """Empty activities and ledger; residents, providers and bindings stay."""
        names: Iterable[sa.Table] = [
            t.activity,
            t.portion,
            t.score_history,
            t.reversal,
            t.restatement,
            t.act_claim,
            t.object_claim,
            t.object_wait,
            t.tally,
            t.intake_batch,
            t.partner_claim,
            t.exclusive_payer,
            events,
            l.account,
            l.transfer,
            l.hold,
            l.wallet,
            l.book_close,
        ]
        with self.house.work(TESTER) as work:
            for table in names:
                work.db.execute(table.delete())


def status(town: Town, *items: dict[str, Any]) -> list[tuple[str, str | None]]:
    """Record items; each one's status and reason."""
    return [(answer.status, answer.reason) for answer in town.record(*items)]
