"""Acts and claims of one ride at once, in every race: one payer, and both sides know who. A work
that dies at any of its statements has done nothing."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import event

from app.activities.tables import activity
from app.kernel import FixedClock
from app.plumbing import House
from app.webhooks.tables import event as told
from tests.activities.platform import CITY_FIRST, EQUAL, PARTNER_FIRST, START, Platform, at
from tests.activities.town import Town, act
from tests.concurrency.test_threads import at_once

ROUNDS = 4


@pytest.fixture
def town(house: House, clock: FixedClock) -> Town:
    clock.instant = START
    return Town.found(house, clock)


def minute(n: int) -> str:
    return at(f"{6 + n:02}:00:00")


def race(*racers: Callable[[], Any]) -> None:
    """All at once; none of them fails."""
    failed = [each for each in at_once(len(racers), lambda n: racers[n]()) if _is_error(each)]
    assert not failed, failed


def _is_error(answer: Any) -> bool:
    return isinstance(answer, BaseException)


def payers(town: Town) -> int:
    """How many pay anything."""
    acts = [row.status for row in town.rows(activity)]
    held = [status for status in town.state()["claims"].values() if status == "held"]
    return len(held) + sum(each not in {"overlapped", "reversed"} for each in acts)


@pytest.mark.parametrize("priority", [PARTNER_FIRST, CITY_FIRST])
def test_an_act_and_its_claims_at_once_have_one_payer(town: Town, priority: int) -> None:
    one, other = Platform(town, "unionpay", priority), Platform(town, "citic", CITY_FIRST)
    for n in range(ROUNDS):
        race(
            partial(town.record, act(f"r{n}", "bus_ride", minute(n))),
            partial(one.claim, f"c{n}", "bus_ride", minute(n)),
            partial(other.claim, f"c{n}", "bus_ride", minute(n)),
        )
        assert payers(town) == n + 1
    assert town.audit() == []
    theirs = priority == PARTNER_FIRST
    assert town.state()["claims"] == {
        (code, f"c{n}"): "held" if theirs and code == "unionpay" else "yielded"
        for code in ("unionpay", "citic")
        for n in range(ROUNDS)
    }


def _link_and_claim(town: Town, resident: int) -> None:
    Platform(town, resident=resident).claim(f"c{resident}", "bus_ride", minute(3))


def test_the_first_link_and_a_claim_while_acts_come_in(house: House, clock: FixedClock) -> None:
    """Nobody knew the resident when the intake began; whoever has the lock first, both meet."""
    clock.instant = START
    town = Town.found(house, clock, residents=ROUNDS)
    for n in range(ROUNDS):
        rides = [act(f"r{n}.{k}", "bus_ride", minute(k), f"card{n}") for k in range(8)]
        race(
            partial(town.record, *rides),
            partial(_link_and_claim, town, n),
        )
        assert payers(town) == 8 * (n + 1)
        assert town.state()["claims"]["unionpay", f"c{n}"] == "held"
    assert town.audit() == []


def test_a_withdrawal_and_a_reversal_at_once_leave_who_still_says_so(town: Town) -> None:
    one, other = Platform(town), Platform(town, "citic", CITY_FIRST)
    for n in range(ROUNDS):
        town.record(act(f"r{n}", "bus_ride", minute(n)))
        for each in (one, other):
            each.claim(f"c{n}", "bus_ride", minute(n))
        race(partial(town.withdraw, f"c{n}"), partial(town.reverse, f"r{n}"))
        assert town.state()["claims"]["citic", f"c{n}"] == "held"
        assert payers(town) == n + 1
    assert town.audit() == []
    assert town.wallet().available + town.wallet().pending == 0


class Died(Exception):
    """A work's own connection is gone."""


def test_a_claim_that_dies_at_any_statement_has_done_nothing(town: Town) -> None:
    partner, engine = Platform(town), town.house.engine
    town.record(act("r", "bus_ride", minute(0)))
    Platform(town, "citic", EQUAL).claim("before", "bus_ride", minute(1))
    before, events = town.state(), len(town.rows(told))
    said = [partner.said(f"c{n}", "bus_ride", minute(n)) for n in range(2)]
    left = 0
    answers: list[Any] = []

    def count(*_: Any) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise Died

    event.listen(engine, "before_cursor_execute", count)
    event.listen(engine, "commit", count)
    for dies_at in range(1, 100):
        left = dies_at
        try:
            answers = town.claim(*said)
        except Died:
            left = 0
            assert town.state() == before
            assert len(town.rows(told)) == events
        else:
            break
    event.remove(engine, "before_cursor_execute", count)
    event.remove(engine, "commit", count)
    assert dies_at > 10
    assert [each.status for each in answers] == ["held", "held"]
    assert town.state()["claims"]["citic", "before"] == "yielded"
    assert len(town.rows(told)) == events + 1
    assert payers(town) == 2
    assert town.audit() == []
