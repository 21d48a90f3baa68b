"""Whatever the order in which acts and claims arrive, the same ones are paid, by the same payer."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.kernel import FixedClock
from app.plumbing import House
from tests.activities.platform import START, Platform, at
from tests.activities.town import Town, act


@pytest.fixture
def town(house: House, clock: FixedClock) -> Town:
    clock.instant = START
    return Town.found(house, clock)


# Rides of one resident, close enough to meet, with and without numbers; claims of two partners.
_MINUTES = st.integers(0, 40)
_PAYMENT = st.sampled_from([None, "P1", "P2"])
_RIDE = st.tuples(st.just("city"), _MINUTES, _PAYMENT, st.sampled_from([None, "A", "B"]))
_CLAIM = st.tuples(st.sampled_from(["unionpay", "citic"]), _MINUTES, _PAYMENT, st.just(None))


@given(
    steps=st.lists(st.one_of(_RIDE, _CLAIM), min_size=2, max_size=8),
    undone=st.sets(st.integers(0, 7), max_size=2),
    data=st.data(),
)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_order_ends_with_the_same_payers(
    town: Town, steps: list[Any], undone: set[int], data: st.DataObject
) -> None:
    platforms = {c: Platform(town, c, p) for c, p in (("unionpay", 90), ("citic", 110))}

    def play(order: list[int]) -> dict[str, Any]:
        town.forget()
        town.clock.instant = START
        for n in order:
            who, minute, payment, vehicle = steps[n]
            # Both sides of midnight: the day and its neighbour are judged together.
            when = (datetime.fromisoformat(at("23:40:00", "2026-01-18"))
                    + timedelta(minutes=minute)).isoformat()  # fmt: skip
            words = {k: v for k, v in (("payment_id", payment), ("vehicle", vehicle)) if v}
            if who == "city":
                town.record(act(f"r{n}", "bus_ride", when, **words))
            else:
                platforms[who].claim(f"c{n}", "bus_ride", when, **words)
        for n in sorted(undone & set(order)):
            who = steps[n][0]
            if who == "city":
                town.reverse(f"r{n}")
            else:
                town.withdraw(f"c{n}", partner=who)
        town.clock.instant = START + timedelta(days=40)
        town.book()
        assert town.audit() == []
        return town.state()

    straight = list(range(len(steps)))
    assert play(data.draw(st.permutations(straight))) == play(straight)
