"""Whatever residents, merchants, operators and the calendar do with vouchers in whatever order: all
are told what the model says, and the books agree."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run

from app import ledger, merchants, redemption
from app.clearing import tables as clearing_tables
from app.kernel import Refusal, Refused, local_day
from app.ledger import store as pockets
from app.ledger import tables as ledger_tables
from app.merchants import Seat
from app.plumbing import Actor, Work, jobs
from app.redemption import issuing, presenting, redeeming, returning, tables
from app.redemption.model import HOLDING, OPEN, UNDONE, Redemption, Voucher
from app.redemption.presenting import Shown
from app.scheduler import all_jobs
from tests.redemption import twins as rules
from tests.redemption.crowds import client_of, crowd, strays
from tests.redemption.market import COMMAND, Market
from tests.redemption.twins import Shewn, Twin

# Points that were earned two years before expire three days after the start.
START = datetime(2026, 3, 28, 4, tzinfo=UTC)
AGES = (-740, -738, -30, 0, 2)
WAITS = [timedelta(seconds=20), timedelta(seconds=61), timedelta(hours=7), timedelta(days=1)]
LICENCES = 3
SHOPS = ("weihai_bus", "coast_charging", "blue_page_reading", "seagrass_restoration")
OPERATOR = Actor("operator", bytes(16))
TABLES = [
    table
    for module in (ledger_tables, tables, clearing_tables)
    for table in vars(module).values()
    if isinstance(table, sa.Table)
]
EXPIRE, CLOSE = "redemption.expire_vouchers", "redemption.close_days"
JOBS = (EXPIRE, CLOSE, "redemption.watch", "ledger.book_due", "ledger.close_hours")


def machine(market: Market, offices: dict[str, bytes], people: list[bytes]) -> Any:
    house, clock = market.house, market.clock
    residents = st.sampled_from(people)

    def told(actor: Actor, act: Callable[[Work], Any]) -> Any:
        """What an act gives; a refusal's code."""
        try:
            with house.work(actor) as work:
                found = act(work)
        except Refusal as refusal:
            return refusal.code
        return found.refusal.code if isinstance(found, Refused) else found

    def at_terminal(text: str, office: str) -> Any:
        """What presenting a code comes to, under a key of its own."""
        who, key = offices[office], next(market.keys).to_bytes(32)
        act = partial(redeeming.redeem, text=text, store_id=None, key=key)
        return told(Actor("merchant", who), lambda w: act(w, merchants.seat(w, who)))

    class Vouchers(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            clock.instant = START
            self.earned: Counter[tuple[bytes, bytes, date]] = Counter()
            self.twins: list[Twin] = []
            with house.work(COMMAND) as work:
                for table in TABLES:
                    work.db.execute(table.delete())
                redemption.add_licences(work, rules.BOOK, [f"L{n}" for n in range(LICENCES)])
            for who in people:
                for age in AGES:
                    self._earn(who, 10_007, age)

        @property
        def today(self) -> date:
            return local_day(clock.instant, house.rules.pack.zone)

        def _change(self, key: tuple[bytes, bytes, date], amount: int) -> None:
            who, cause, due = key
            with house.work(COMMAND) as work:
                change = ledger.Change(who, cause, due, amount)
                ledger.adjust(work, ledger.lock(work, [who]), [change])
            self.earned[key] += amount

        @rule(who=residents, points=st.integers(20, 400), age=st.sampled_from(AGES))
        def earn(self, who: bytes, points: int, age: int) -> None:
            self._earn(who, points * 100 + 7, age)

        def _earn(self, who: bytes, amount: int, age: int) -> None:
            cause = next(market.keys).to_bytes(16)
            self._change((who, cause, self.today + timedelta(days=age)), amount)

        @precondition(lambda self: +self.earned)
        @rule(data=st.data())
        def take_back(self, data: st.DataObject) -> None:
            key = data.draw(st.sampled_from(sorted(+self.earned)))
            self._change(key, -data.draw(st.integers(1, self.earned[key])))

        @rule(who=residents, benefit=st.sampled_from(rules.MENU))
        def take(self, who: bytes, benefit: str) -> None:
            with house.look(COMMAND) as work:
                available = ledger.wallet(work, who).available
            mine = [t for t in self.twins if t.benefit == benefit and t.state not in UNDONE]
            today = sum(t.who == who and t.day == self.today for t in mine)
            month = sum(t.who == who and t.day >= self.today.replace(day=1) for t in mine)
            found = told(Actor("resident", who), lambda work: presenting.take(work, benefit))
            if today >= rules.DAILY.get(benefit, 99) or month >= rules.MONTHLY.get(benefit, 99):
                assert found == "limit_reached"
            elif available < rules.PRICES[benefit]:
                assert found == "not_enough_points"
            elif benefit == rules.BOOK and len(mine) == LICENCES:
                assert found == "sold_out"
            else:
                assert isinstance(found, Voucher)
                self.twins.append(Twin(who, found.id, benefit, self.today))
                if benefit in rules.AT_ONCE:
                    self._given(self.twins[-1], found.redemption_id)

        def _given(self, twin: Twin, redemption_id: bytes | None) -> None:
            assert redemption_id is not None
            twin.state, twin.given, twin.given_on = "redeemed", redemption_id, self.today

        def _one(self, data: st.DataObject) -> Twin:
            return data.draw(st.sampled_from(self.twins))

        @precondition(lambda self: self.twins)
        @rule(data=st.data(), use=st.booleans())
        def show(self, data: st.DataObject, use: bool) -> None:
            twin = self._one(data)
            found = told(Actor("resident", twin.who), lambda work: presenting.show(work, twin.id))
            if twin.benefit in rules.AT_ONCE:
                assert found == "no_code_needed"
            elif twin.state not in OPEN or twin.last_day < self.today:
                assert found == "wrong_state"
            else:
                assert isinstance(found, Shown)
                twin.kill()
                ends = clock.instant + timedelta(seconds=rules.CODE_S)
                twin.codes.append(Shewn(found.text, twin, ends))
                twin.state = "shown"
                if use:
                    self._present(twin.codes[-1], rules.HOME[twin.benefit])

        @precondition(lambda self: any(twin.codes for twin in self.twins))
        @rule(data=st.data(), newest=st.booleans(), office=st.sampled_from(SHOPS))
        def redeem(self, data: st.DataObject, newest: bool, office: str) -> None:
            first = -1 if newest else 0
            codes = [code for twin in self.twins for code in twin.codes[first:]]
            self._present(data.draw(st.sampled_from(codes)), office)

        def _present(self, code: Shewn, office: str) -> None:
            twin, used = code.of, code.used
            found = at_terminal(code.text, office)
            code.used = True
            old = code.dead or clock.instant >= code.ends
            if used:
                assert found == "code_used"
            elif old or twin.state != "shown" or twin.last_day < self.today:
                assert found == "code_expired"
            elif rules.HOME[twin.benefit] != office and twin.benefit in rules.ONE_MERCHANTS:
                assert found == "not_your_benefit"
            else:
                assert isinstance(found, Redemption)
                self._given(twin, found.id)

        @rule(text=st.text(max_size=30), office=st.sampled_from(SHOPS))
        def present_anything(self, text: str, office: str) -> None:
            assert at_terminal(text, office) == "unknown_code"

        @precondition(lambda self: self.twins)
        @rule(data=st.data())
        def cancel(self, data: st.DataObject) -> None:
            twin = self._one(data)
            found = told(Actor("resident", twin.who), lambda work: issuing.cancel(work, twin.id))
            assert (found == "wrong_state") == (twin.state not in OPEN)
            twin.state = "cancelled" if twin.state in OPEN else twin.state

        @precondition(lambda self: self.twins)
        @rule(data=st.data(), act=st.sampled_from([issuing.freeze, issuing.thaw]))
        def freeze_or_thaw(self, data: st.DataObject, act: Any) -> None:
            twin = self._one(data)
            found = told(OPERATOR, lambda work: act(work, twin.who, twin.id, "why"))
            frozen = twin.state == "frozen"
            if act is issuing.thaw and frozen:
                twin.state, twin.prior = twin.prior, ""
            elif act is issuing.freeze and twin.state in OPEN:
                twin.state, twin.prior = "frozen", twin.state
                twin.kill()
            else:
                assert found == "wrong_state"
                return
            assert found.state == twin.state

        def _again(self, data: st.DataObject, act: Callable[[Work, Seat, bytes], Any]) -> Any:
            """Void or refund at the merchant that gave it."""
            twin = data.draw(st.sampled_from([each for each in self.twins if each.given]))
            with house.look(COMMAND) as work:
                mine = tables.redemption.c.id == twin.given
                code = work.db.scalar(sa.select(tables.redemption.c.merchant).where(mine))
            who = Actor("merchant", offices[code])
            found = told(who, lambda w: act(w, merchants.seat(w, offices[code]), twin.given))
            gone = {"voided": "already_voided", "refunded": "already_refunded"}.get(twin.state)
            return twin, found, gone

        @precondition(lambda self: any(twin.given for twin in self.twins))
        @rule(data=st.data())
        def void(self, data: st.DataObject) -> None:
            twin, found, gone = self._again(data, returning.void)
            if gone:
                assert found == gone
            elif twin.benefit in rules.AT_ONCE:
                assert found == "not_voidable"
            elif twin.given_on != self.today:
                assert found == "too_late_to_void"
            else:
                assert found.state == twin.state.replace("redeemed", "voided")
                twin.state, twin.returned = "voided", twin.price

        @precondition(lambda self: any(twin.given for twin in self.twins))
        @rule(data=st.data(), part=st.none() | st.integers(1, 11_000))
        def refund(self, data: st.DataObject, part: int | None) -> None:
            twin, found, gone = self._again(data, lambda *who: returning.refund(*who, part))
            if gone:
                assert found == gone
            elif twin.benefit != rules.CHARGE:
                assert found == "not_refundable"
            elif self.today > twin.given_on + timedelta(days=rules.REFUND_DAYS):
                assert found == "too_late_to_refund"
            elif part is not None and part > twin.price:
                assert found == "bad_points"
            else:
                assert found.state == "refunded"
                twin.state, twin.returned = "refunded", part or twin.price

        @rule(span=st.sampled_from(WAITS))
        def wait(self, span: timedelta) -> None:
            clock.instant += span

        @rule(name=st.sampled_from(JOBS))
        def run_job(self, name: str) -> None:
            jobs.run(house, all_jobs()[name])
            for twin in self.twins:
                late = twin.state in HOLDING and twin.last_day < self.today
                if name == EXPIRE and late:
                    twin.state = "expired"
                told_of = twin.state == "redeemed" and twin.given_on < self.today
                if name == CLOSE and told_of:
                    twin.state = "settled"

        @invariant()
        def vouchers_stand_where_they_should(self) -> None:
            live = Counter(twin.benefit for twin in self.twins if twin.state not in UNDONE)
            with house.look(COMMAND) as work:
                kept = work.db.execute(sa.select(tables.voucher.c.id, tables.voucher.c.state))
                states = {row.id: row.state for row in kept}
                assert states == {twin.id: twin.state for twin in self.twins}
                stock = sa.select(tables.stock_use.c.benefit, tables.stock_use.c.used)
                total = stock.where(tables.stock_use.c.period == "total")
                used = {row.benefit: row.used for row in work.db.execute(total)}
                assert +Counter(used) == live

        @invariant()
        def points_are_where_they_should_be(self) -> None:
            given = [twin for twin in self.twins if twin.given]
            owned = 0
            with house.look(COMMAND) as work:
                for who in people:
                    wallet = ledger.wallet(work, who)
                    held = [t.price for t in self.twins if t.who == who and t.state in HOLDING]
                    assert wallet.held == sum(held)
                    assert min(wallet.available, wallet.pending, wallet.debt) >= 0
                    assert not (wallet.available and wallet.debt)
                    purse = pockets.purse(work, who)
                    owned += sum(purse.balances.values()) - purse.debt
                sums = {name: got - put for name, (put, got) in ledger.totals(work).items()}
            assert sums[ledger.REDEEMED] == sum(twin.price - twin.returned for twin in given)
            lost = sums[ledger.EXPIRED] + sums[ledger.REDEEMED]
            assert owned == self.earned.total() - lost

        def teardown(self) -> None:
            assert market.audit() == []
            assert strays(house) == []

    return Vouchers


def test_after_any_sequence_every_voucher_and_every_point_is_accounted_for(market: Market) -> None:
    offices = {code: client_of(market, market.shop(code)) for code in SHOPS}
    people = [market.id_of(each) for each in crowd(market, 2)]
    steps = settings(max_examples=8, stateful_step_count=40, deadline=None)
    run(machine(market, offices, people), settings=steps)
