"""Many at once: nothing twice, nothing lost, nobody waits for ever. Threads, real databases."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

from app import ledger
from app.kernel import FixedClock
from app.ledger import Change, NotEnoughPoints
from app.plumbing import Actor, House
from tests.activities.town import Town, act

TESTER = Actor("test")
AT = "2026-03-09T08:00:00+08:00"


def at_once(count: int, do: Callable[[int], Any]) -> list[Any]:
    """Run `do(0) … do(count - 1)`, all starting together; their results, errors included."""
    gate = Barrier(count)

    def one(n: int) -> Any:
        gate.wait()
        try:
            return do(n)
        except Exception as error:
            return error

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def test_the_same_reference_in_many_threads_is_paid_once(house: House, clock: FixedClock) -> None:
    town = Town.found(house, clock)
    answers = at_once(8, lambda _: town.record(act("r", "bus_ride", AT))[0])
    assert Counter(answer.status for answer in answers) == {"credited": 1, "duplicate": 7}
    assert len({answer.id for answer in answers}) == 1
    assert town.wallet().available == 800
    assert town.audit() == []


def test_two_providers_naming_the_same_act_pay_once_in_any_race(
    house: House, clock: FixedClock
) -> None:
    town = Town.found(house, clock, providers=4)
    for n in range(5):
        at = f"2026-03-0{n + 1}T08:00:00+08:00"
        at_once(4, lambda p, at=at: town.record(act(f"r{at}", "bus_ride", at), provider=p))
    assert town.wallet().available == 5 * 800
    assert town.audit() == []


def test_one_bill_reported_for_two_residents_at_once_is_paid_once(
    house: House, clock: FixedClock
) -> None:
    town = Town.found(house, clock, residents=6)
    answers = at_once(
        6,
        lambda n: town.record(
            act(
                f"r{n}",
                "online_utility_bill",
                AT,
                f"card{n}",
                utility_type="water",
                account="w",
                billing_period="2026-02",
                amount="30",
            )
        )[0],
    )
    assert Counter(answer.status for answer in answers) == {"credited": 1, "overlapped": 5}
    assert town.audit() == []


def test_eight_threads_cannot_spend_the_last_points_twice(house: House, clock: FixedClock) -> None:
    town = Town.found(house, clock)
    town.record(act("r", "bus_ride", AT))

    def spend(_: int) -> bytes:
        with house.work(TESTER) as work:
            found = ledger.hold(work, town.residents[0], 800)
            ledger.settle(work, town.residents[0], found)
            return found

    answers = at_once(8, spend)
    assert sum(isinstance(answer, NotEnoughPoints) for answer in answers) == 7
    assert town.wallet().available == 0
    assert town.audit() == []


def test_many_accounts_in_both_directions_without_deadlock(house: House, clock: FixedClock) -> None:
    town = Town.found(house, clock, residents=4)
    residents = town.residents

    def pay(n: int) -> int:
        done = 0
        for k in range(15):
            order = residents if (n + k) % 2 else residents[::-1]
            with house.work(TESTER) as work:
                wallets = ledger.lock(work, order)
                cause = (n * 100 + k + 1).to_bytes(16)
                gains = [Change(r, cause, date(2026, 3, 1), 10) for r in order]
                ledger.adjust(work, wallets, gains)
                ledger.adjust(work, wallets, [c._replace(amount=-4) for c in gains[:2]])
            done += 1
        return done

    assert at_once(8, pay) == [15] * 8
    with house.look(TESTER) as work:
        assert list(ledger.differences(work)) == []
        total = sum(ledger.wallet(work, each).available for each in residents)
    assert total == 8 * 15 * (4 * 10 - 2 * 4)


def test_batches_that_share_residents_in_any_order_all_arrive(
    house: House, clock: FixedClock
) -> None:
    town = Town.found(house, clock, residents=5)

    def send(n: int) -> int:
        cards = [f"card{(n + k) % 5}" for k in range(5)]
        items = [
            act(f"{n}-{k}", "bus_ride", f"2026-03-0{k + 1}T{n:02d}:00:00+08:00", card)
            for k, card in enumerate(cards)
        ]
        return sum(answer.status == "credited" for answer in town.record(*items))

    assert at_once(8, send) == [5] * 8
    assert sum(town.wallet(n).available for n in range(5)) == 8 * 5 * 800
    assert town.audit() == []


def test_a_reversal_and_a_spend_at_once_leave_either_a_debt_or_a_refusal(
    house: House, clock: FixedClock
) -> None:
    town = Town.found(house, clock)
    for n in range(4):
        at = f"2026-03-0{n + 1}T08:00:00+08:00"
        town.record(act(f"r{n}", "bus_ride", at))

        def either(k: int, n: int = n) -> Any:
            if k == 0:
                return town.reverse(f"r{n}")
            with house.work(TESTER) as work:
                found = ledger.hold(work, town.residents[0], 800)
                return ledger.settle(work, town.residents[0], found)

        at_once(2, either)
        wallet = town.wallet()
        assert (wallet.available, wallet.debt) in {(0, 0), (0, 800)}
        assert town.audit() == []
        if wallet.debt:
            town.record(act(f"pay{n}", "bus_ride", at.replace("08:00", "18:00")))
            assert (town.wallet().available, town.wallet().debt) == (0, 0)
