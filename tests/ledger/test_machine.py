"""Whatever is done to the ledger in whatever order, it stays a ledger."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run

from app import ledger
from app.kernel import FixedClock, local_day
from app.ledger import Change, HoldClosed, NotEnoughPoints, Purpose, store, tables
from app.plumbing import Actor, House, Work

TESTER = Actor("test")
START = datetime(2026, 1, 20, 4, tzinfo=UTC)
RESIDENTS = [bytes([n]) * 16 for n in (1, 2)]
TABLES = (tables.account, tables.transfer, tables.hold, tables.wallet, tables.book_close)

residents = st.sampled_from(RESIDENTS)
amounts = st.integers(1, 500)


PARTNER = f"{ledger.PARTNER}elsewhere"


def _settle_with_partner(work: Work, resident: bytes, hold: bytes, part: int | None) -> int:
    return ledger.settle(work, resident, hold, part, payee=PARTNER)


def machine(house: House, clock: FixedClock) -> type[RuleBasedStateMachine]:
    class Ledger(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            clock.instant = START
            self.earned: dict[tuple[bytes, bytes, date], int] = {}
            self.holds: dict[bytes, bytes] = {}
            self.received: dict[tuple[bytes, bytes, date], int] = {}
            self.acts = 0
            with house.work(TESTER) as work:
                for table in TABLES:
                    work.db.execute(table.delete())

        def _adjust(self, resident: bytes, cause: bytes, due: date, amount: int) -> None:
            with house.work(TESTER) as work:
                wallets = ledger.lock(work, [resident])
                ledger.adjust(work, wallets, [Change(resident, cause, due, amount)])
            key = (resident, cause, due)
            self.earned[key] = self.earned.get(key, 0) + amount

        @rule(resident=residents, amount=amounts, ahead=st.integers(-400, 40))
        def earn(self, resident: bytes, amount: int, ahead: int) -> None:
            self.acts += 1
            today = local_day(clock.instant, house.rules.pack.zone)
            cause = self.acts.to_bytes(16)
            self._adjust(resident, cause, today + timedelta(days=ahead), amount)

        @precondition(lambda self: any(self.earned.values()))
        @rule(data=st.data())
        def take_back(self, data: st.DataObject) -> None:
            key = data.draw(st.sampled_from(sorted(k for k, n in self.earned.items() if n)))
            self._adjust(*key, -data.draw(st.integers(1, self.earned[key])))

        @rule(resident=residents, amount=amounts, minutes=st.none() | st.integers(1, 60))
        def hold(self, resident: bytes, amount: int, minutes: int | None) -> None:
            lapses = clock.instant + timedelta(minutes=minutes) if minutes else None
            try:
                with house.work(TESTER) as work:
                    found = ledger.hold(work, resident, amount, lapses_at=lapses)
            except NotEnoughPoints:
                return
            self.holds[found] = resident

        @precondition(lambda self: self.holds)
        @rule(
            data=st.data(),
            part=st.none() | amounts,
            act=st.sampled_from(
                [ledger.release, ledger.settle, ledger.give_back, _settle_with_partner]
            ),
        )
        def end_hold(self, data: st.DataObject, part: int | None, act: Any) -> None:
            hold_id = data.draw(st.sampled_from(sorted(self.holds)))
            try:
                with house.work(TESTER) as work:
                    act(work, self.holds[hold_id], hold_id, part)
            except HoldClosed:
                return

        @rule(resident=residents, amount=amounts, ahead=st.integers(0, 200))
        def receive(self, resident: bytes, amount: int, ahead: int) -> None:
            self.acts += 1
            lot = local_day(clock.instant, house.rules.pack.zone) + timedelta(days=ahead)
            purpose = Purpose("xch", self.acts.to_bytes(16))
            with house.work(TESTER) as work:
                ledger.receive(work, resident, amount, purpose, PARTNER, lot)
            self.received[resident, purpose.id, lot] = amount

        @precondition(lambda self: self.received)
        @rule(data=st.data())
        def take_out(self, data: st.DataObject) -> None:
            key = data.draw(st.sampled_from(sorted(self.received)))
            resident, cause, lot = key
            amount = data.draw(st.integers(1, self.received.pop(key)))
            with house.work(TESTER) as work:
                before = ledger.wallet(work, resident).debt
                owed = ledger.take_out(work, resident, amount, Purpose("xch", cause), PARTNER, lot)
                # What was pending and is due pays the debt before anything else does.
                assert ledger.wallet(work, resident).debt <= before + owed <= before + amount

        @rule(days=st.sampled_from([0, 1, 2, 30, 200, 800]), hours=st.integers(0, 5))
        def wait(self, days: int, hours: int) -> None:
            clock.instant += timedelta(days=days, hours=hours)

        @rule(name=st.sampled_from(sorted(ledger.JOBS)))
        def run_job(self, name: str) -> None:
            for _ in range(3):
                with house.work(TESTER) as work:
                    ledger.JOBS[name][0](work)

        @invariant()
        def is_a_ledger(self) -> None:
            with house.look(TESTER) as work:
                assert list(ledger.differences(work)) == []
                system = sum(credit - debit for debit, credit in ledger.totals(work).values())
                owned = 0
                for resident in RESIDENTS:
                    purse = store.purse(work, resident)
                    owned += sum(purse.balances.values()) - purse.debt
                    assert min(purse.balances.values(), default=0) >= 0
                    told = ledger.wallet(work, resident)
                    assert told.available == sum(lot.amount for lot in told.lots)
                    assert not (told.debt and told.available)
                assert owned + system == 0
                paid = ledger.posted(work, RESIDENTS)
            told_paid: dict[tuple[bytes, date], int] = {}
            for (resident, _, due), amount in self.earned.items():
                told_paid[resident, due] = told_paid.get((resident, due), 0) + amount
            assert {k: n for k, n in paid.items() if n} == {k: n for k, n in told_paid.items() if n}

    return Ledger


def test_after_any_sequence_totals_agree_and_the_audit_passes(
    house: House, clock: FixedClock
) -> None:
    steps = settings(max_examples=25, stateful_step_count=25, deadline=None)
    run(machine(house, clock), settings=steps)


def test_the_audit_sees_what_was_tampered_with(house: House, clock: FixedClock) -> None:
    clock.instant = START
    resident = RESIDENTS[0]
    with house.work(TESTER) as work:
        wallets = ledger.lock(work, [resident])
        ledger.adjust(work, wallets, [Change(resident, b"c" * 16, date(2026, 1, 2), 800)])
    for statement, words in [
        (tables.account.update().values(balance=801), "off its transfers"),
        (tables.wallet.update().values(debt=5), "a debt is off"),
        (tables.account.delete(), "off its transfers"),
    ]:
        with house.engine.connect() as connection, connection.begin() as trial:
            connection.execute(statement)
            work = house._work(connection, TESTER)
            assert any(words in found for found in ledger.differences(work)), words
            trial.rollback()


def test_the_schema_itself_refuses_what_must_not_be(house: House) -> None:
    import sqlalchemy as sa

    row = {"resident_id": RESIDENTS[0], "pocket": "available", "day": date(2026, 1, 1)}
    with pytest.raises(sa.exc.IntegrityError), house.work(TESTER) as work:
        work.db.execute(tables.account.insert(), [row | {"balance": -1}])
    with pytest.raises(sa.exc.IntegrityError), house.work(TESTER) as work:
        work.db.execute(tables.account.insert(), [row | {"pocket": "elsewhere", "balance": 1}])
    with pytest.raises(sa.exc.IntegrityError), house.work(TESTER) as work:
        work.db.execute(tables.wallet.insert(), [{"resident_id": RESIDENTS[0], "debt": -1}])
