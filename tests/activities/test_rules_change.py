"""The same acts under other rules: a rescore leaves what scoring from nothing says."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from app import activities
from app.kernel import FixedClock
from app.plumbing import House
from app.rulebook import Rulebook
from tests.activities.town import TESTER, Town, act

AT = "2026-03-09T08:00:00+08:00"


def appliance(name: str = "fridge", at: str = AT) -> dict[str, Any]:
    return act(name, "efficient_appliance", at, order_id=name, product_type="refrigerator",
               label_kwh_year="100", reference_kwh_year="300")  # fmt: skip


def with_value(rules: Rulebook, code: str, name: str, number: str) -> Rulebook:
    """Rules in which one parameter always had another value."""
    behaviour = rules.behaviours[code]
    parameter = behaviour.parameters[name]
    values = tuple(replace(value, value=Decimal(number)) for value in parameter.values)
    parameters = {**behaviour.parameters, name: replace(parameter, values=values)}
    return _with(rules, replace(behaviour, parameters=parameters), f"{code}{name}{number}")


def _with(rules: Rulebook, behaviour: Any, salt: str) -> Rulebook:
    behaviours = {**rules.behaviours, behaviour.code: behaviour}
    return replace(rules, behaviours=behaviours, digest=salt.ljust(64, "0")[:64])


def under(town: Town, rules: Rulebook) -> int:
    """The town lives under these rules from now on, and everybody is scored by them."""
    town.house = replace(town.house, rules=rules)
    with town.house.work(TESTER) as work:
        return activities.rescore(work, town.residents)


def test_a_year_released_in_other_parts_is_paid_once(house: House, clock: FixedClock) -> None:
    town = Town.found(house, clock)
    town.record(appliance())
    before = town.wallet().pending + town.wallet().available
    for parts in ("5", "1", "12"):
        for kept in ("619.1", "600"):
            rules = with_value(house.rules, "efficient_appliance", "parts", parts)
            under(town, with_value(rules, "efficient_appliance", "grid", kept))
            assert town.audit() == [], (parts, kept)
    under(town, house.rules)
    assert town.wallet().pending + town.wallet().available == before
    assert town.audit() == []


def test_acts_meet_by_keys_that_only_the_new_rules_know(house: House, clock: FixedClock) -> None:
    cup = replace(house.rules.behaviours["own_cup"], overlap_groups=("PAY",))
    town = Town.found(replace(house, rules=_with(house.rules, cup, "o")), clock)
    town.record(act("a", "own_cup", "2026-03-01T08:00:00+08:00", order_id="o"))
    under(town, house.rules)
    again = act("b", "own_cup", "2026-03-05T08:00:00+08:00", order_id="o")
    assert [(r.status, r.reason) for r in town.record(again)] == [("overlapped", "CONS")]
    assert town.audit() == []


def test_corrected_factors_post_the_difference(house: House, clock: FixedClock) -> None:
    town = Town.found(house, clock)
    town.record(act("a", "bus_ride", AT), act("b", "bus_ride", "2026-03-09T09:00:00+08:00"))
    assert under(town, with_value(house.rules, "bus_ride", "flat", "70")) == 2
    assert town.wallet().available == 1400
    assert town.audit() == []
    assert under(town, town.house.rules) == 0
    town.record(act("c", "bus_ride", "2026-03-09T10:00:00+08:00"))
    assert town.wallet().available == 2100
    assert town.audit() == []
