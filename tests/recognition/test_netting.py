"""Whatever goes wrong in days of exchanges: when all is told, both sides' books say the same, and
the net of the files is the difference of the two."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run

from app import ledger
from app.kernel import Refusal, Refused, fen, from_wire, points
from app.plumbing import Actor, Work, jobs
from app.recognition import deciding, exchanging, showing
from app.recognition.exchanges import find, listed
from app.recognition.model import Exchange
from app.scheduler import all_jobs
from tests.conftest import Headers
from tests.recognition.bourse import UNIONPAY, Bourse
from tests.recognition.peer import RANK, Peer
from tests.redemption.market import COMMAND

REFUSALS = {"quota_day", "quota_month", "not_enough_points", "not_earned_for_this", "below_least"}
OVER = {f"exchange_{state}" for state in ("expired", "rejected", "confirmed", "corrected")}
WAITS = [timedelta(seconds=1), timedelta(minutes=8), timedelta(minutes=15), timedelta(days=1)]
JOBS = ("recognition.expire_exchanges", "recognition.close_days")
PARTNER = Actor("partner")
# What becomes of a call: it arrives and is answered; it is lost; its answer is lost.
FATES = st.sampled_from(["answered", "answered", "lost", "unheard"])


def machine(bourse: Bourse, seat: Headers, peer: Peer) -> Any:
    house = bourse.house

    def told(actor: Actor, act: Callable[[Work], Any]) -> Any:
        """What an act gives; a refusal's code."""
        try:
            with house.work(actor) as work:
                found = act(work)
        except Refusal as refusal:
            return refusal.code
        return found.refusal.code if isinstance(found, Refused) else found

    def look(exchange: Exchange) -> dict[str, Any]:
        with house.look(COMMAND) as work:
            (seen,) = showing.partner_exchanges(work, [exchange])
        return {"exchange": seen.pop("id"), **seen}

    class Days(RuleBasedStateMachine):
        """The peer lives through all examples; residents are new in each."""

        def __init__(self) -> None:
            super().__init__()
            self.people = [bourse.id_of(each) for each in bourse.riders(2)]
            self.mine: list[str] = []
            self.heard = len(bourse.told())
            self.first_day = bourse.clock.instant.date().isoformat()

        @rule(
            who=st.integers(0, 1),
            way=st.sampled_from(["out", "in"]),
            amount=st.integers(50, 12_000),
        )
        def ask(self, who: int, way: Any, amount: int) -> None:
            text = points(amount) if way == "out" else str(amount // 5)
            act = partial(
                exchanging.ask,
                keys=house.signing_keys, partner=UNIONPAY, direction=way, amount=text,
            )  # fmt: skip
            found = told(Actor("resident", self.people[who]), act)
            if isinstance(found, str):
                assert found in REFUSALS
            else:
                self.mine.append(found.wire)

        @rule(data=st.data())
        def webhooks_arrive(self, data: st.DataObject) -> None:
            """Some of this example's, in any order, old ones again."""
            events = [said for kind, said in bourse.told()[self.heard :] if "exchange." in kind]
            # Events of one instant come in no order of their own; an example that is run again is
            # to meet the same ones.
            told_of = sorted(
                (said for said in events if said["exchange"] in self.mine),
                key=lambda said: (self.mine.index(said["exchange"]), RANK[said["status"]]),
            )
            if told_of:
                some = st.lists(st.integers(0, len(told_of) - 1), max_size=6)
                for index in data.draw(some):
                    peer.hear(told_of[index])

        def _open(self) -> list[str]:
            known = peer.known
            return [name for name in self.mine if name in known and known[name].state == "held"]

        def _call(self, name: str, fate: str, act: Callable[..., Any]) -> None:
            if fate == "lost":
                return
            found = told(PARTNER, partial(act, partner=UNIONPAY, exchange_id=raw(name)))
            if fate == "unheard":
                return
            if isinstance(found, str):
                assert found in OVER
                with house.look(COMMAND) as work:
                    found = find(work, raw(name))
            peer.hear(look(found))

        @precondition(lambda self: self._open())
        @rule(data=st.data(), fate=FATES)
        def confirm(self, data: st.DataObject, fate: str) -> None:
            name = data.draw(st.sampled_from(self._open()))
            self._call(name, fate, partial(deciding.confirm, reference=f"of {name}"))

        @precondition(lambda self: self._open())
        @rule(data=st.data(), fate=FATES)
        def reject(self, data: st.DataObject, fate: str) -> None:
            name = data.draw(st.sampled_from(self._open()))
            self._call(name, fate, partial(deciding.reject, reason=None))

        @precondition(lambda self: self.mine)
        @rule(data=st.data())
        def correct(self, data: st.DataObject) -> None:
            name = data.draw(st.sampled_from(self.mine))
            act = partial(deciding.correct, exchange_id=raw(name), reason="A mistake.")
            found = told(Actor("operator", bytes(16)), act)
            assert not isinstance(found, str) or found.startswith("exchange_")

        @rule(span=st.sampled_from(WAITS), job=st.sampled_from(JOBS))
        def time_passes(self, span: timedelta, job: str) -> None:
            bourse.clock.instant += span
            jobs.run(house, all_jobs()[job])

        def teardown(self) -> None:
            """Nothing is lost for good: the partner asks for what it has not heard."""
            bourse.clock.instant += timedelta(days=1)
            for job in JOBS:
                jobs.run(house, all_jobs()[job])
            with house.look(COMMAND) as work:
                everything = listed(work, {"partner": UNIONPAY}, 100_000)
            for each in everything:
                peer.hear(look(each))
            assert {name: entry.state for name, entry in peer.known.items()} == {
                each.wire: each.state for each in everything
            }
            self._nets_agree()
            assert bourse.audit() == []

        def _nets_agree(self) -> None:
            files = bourse.get("/v1/partner/settlements?limit=200", seat)["items"]
            for each in files:
                path = f"/v1/partner/settlements/{each['day']}/reconcile"
                if each["day"] >= self.first_day:
                    body = {"lines": peer.file(each["day"])}
                    assert bourse.post(path, seat, body)["matched"], each["day"]
            net = sum(fen(each["totals"]["amount"]) for each in files)
            with house.look(COMMAND) as work:
                debits, credits = ledger.totals(work).get(ledger.PARTNER + UNIONPAY, (0, 0))
            assert net == credits - debits == peer.net
            confirmed = [e for e in peer.known.values() if e.state == "confirmed"]
            assert peer.units.total() == sum(e.sign * int(e.data["units"]) for e in confirmed)

    return Days


def raw(name: str) -> bytes:
    found = from_wire("xch", name)
    assert found is not None
    return found


def test_after_days_of_exchanges_with_faults_both_books_are_the_same(bourse: Bourse) -> None:
    steps = settings(max_examples=12, stateful_step_count=40, deadline=None)
    run(machine(bourse, bourse.partner(), Peer()), settings=steps)
