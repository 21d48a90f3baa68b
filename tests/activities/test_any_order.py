"""Whatever the order and the batches in which acts arrive, scores, lots and totals are the same."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.kernel import FixedClock
from app.plumbing import House
from app.rulebook import Cap, Reference, Rulebook
from app.rulebook.vocabulary import ACT_UNITS
from tests.activities.town import Town, act

START = datetime(2026, 1, 20, 4, tzinfo=UTC)
# Days with a month's and a year's end between them; hours on both sides of midnight.
DAYS = ("2025-12-30", "2025-12-31", "2026-01-01", "2026-01-02")
SUBJECT = "card0"


def _times() -> st.SearchStrategy[str]:
    return st.builds(
        lambda day, hour, minute, second: f"{day}T{hour:02d}:{minute:02d}:{second:02d}+08:00",
        st.sampled_from(DAYS),
        st.sampled_from([0, 8, 23]),
        st.integers(0, 59),
        st.sampled_from([0, 30]),
    )


def _later(at: str, minutes: int) -> str:
    return (datetime.fromisoformat(at) + timedelta(minutes=minutes)).isoformat()


some = st.sampled_from
maybe: Callable[..., Any] = lambda *values: st.sampled_from([None, *values])  # noqa: E731


@st.composite
def evidence(draw: st.DrawFn, behaviour: str, at: str) -> dict[str, Any]:
    """Evidence from small pools, so that acts meet often."""
    day = at[:10]
    found: dict[str, Any] = {
        "payment_id": draw(maybe("p1", "p2")),
        "merchant_id": draw(maybe("m1")),
        "amount": draw(some(["0.50", "20.00"])),
    }
    match behaviour:
        case "bus_ride":
            found |= {"vehicle": draw(maybe("v1")), "quantity": draw(maybe("3.5", "30"))}
        case "metro_ride":
            minutes = draw(some([15, 40]))
            found |= {
                "entry_time": _later(at, -minutes),
                "exit_time": at,
                "quantity": draw(maybe("9")),
            }
        case "shared_bike_ride":
            found |= {"unlock_time": _later(at, -12), "lock_time": at, "quantity": "2.5"}
        case "walking":
            found |= {
                "day": day,
                "device": draw(some(["d1", "d2"])),
                "quantity": draw(some(["400", "7250", "25000"])),
            }
        case "mobile_payment":
            found["payment_id"] = found["payment_id"] or "p3"
        case "online_utility_bill":
            found |= {
                "utility_type": "water",
                "account": draw(some(["w1", "w2"])),
                "billing_period": "2025-12",
            }
        case "egov_online_service":
            found |= {"case_id": draw(some(["c1", "c2"])), "fully_online": draw(st.booleans())}
        case "e_licence_use":
            found |= {"verifier_id": draw(some(["x", "y"])), "case_id": draw(maybe("c1"))}
        case "own_cup" | "no_cutlery_order":
            found |= {"order_id": draw(some(["o1", "o2"]))}
        case "household_electricity_saving":
            found |= {
                "meter": "e1",
                "day": day,
                "household_size": 3,
                "kwh": draw(some(["0.5", "6.0", "9.5", "12.0"])),
                "ev_kwh": draw(maybe("1.0")),
            }
        case "household_water_saving":
            first = draw(some(["2025-12-01", "2025-12-02"]))
            found |= {
                "meter": "w1",
                "period_start": first,
                "period_end": day,
                "m3": draw(some(["4.0", "7.5"])),
                "household_size": 3,
            }
        case "household_gas_saving":
            year = draw(some(["2024", "2025"]))
            found |= {
                "meter": "g1",
                "period_start": f"{year}-12-01",
                "period_end": f"{year}-12-31",
                "m3": draw(some(["15.5", "18.0"])),
            }
        case "efficient_appliance":
            found |= {
                "order_id": draw(some(["a1", "a2"])),
                "product_type": "air_conditioner",
                "rated_kw": "3.5",
                "apf": draw(some(["4.5", "5.0", "6.0"])),
            }
        case "water_efficient_fixture":
            found |= {
                "order_id": "f1",
                "product_type": "wc",
                "label_litres": "4.0",
                "household_size": 3,
            }
        case "parcel_box_reuse":
            found |= {"parcel": draw(maybe("x1")), "quantity": draw(some(["1", "4"]))}
        case "recyclables_other":
            found |= {
                "material": draw(some(["plastic", "steel"])),
                "quantity": draw(some(["1.5", "6"])),
            }
    return {name: value for name, value in found.items() if value is not None}


# One town serves all examples (each empties it), and an example takes a second.
_SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
UNITS = {"bus_ride": "km", "metro_ride": "km", "shared_bike_ride": "km", "walking": "step",
         "parcel_box_reuse": "box", "recyclables_other": "kg"}  # fmt: skip
BEHAVIOURS = (
    "bus_ride", "metro_ride", "shared_bike_ride", "walking", "mobile_payment",
    "online_utility_bill", "egov_online_service", "e_licence_use", "own_cup", "no_cutlery_order",
    "household_electricity_saving", "household_water_saving", "household_gas_saving",
    "efficient_appliance", "water_efficient_fixture", "parcel_box_reuse", "recyclables_other",
    "online_transfer",
)  # fmt: skip


@st.composite
def history(draw: st.DrawFn) -> list[tuple[str, dict[str, Any] | str]]:
    """Acts, some of them corrected or reversed: ("record", item) and ("reverse", reference)."""
    focus = draw(st.lists(some(BEHAVIOURS), min_size=1, max_size=4, unique=True))
    found: list[tuple[str, dict[str, Any] | str]] = []
    count = draw(st.integers(2, 9))
    for n in range(count):
        behaviour, at = draw(some(focus)), draw(_times())
        details = draw(evidence(behaviour, at))
        unit = UNITS.get(behaviour) if "quantity" in details else None
        replaces = None
        if n and draw(st.integers(0, 4)) == 0:
            replaces = f"r{draw(st.integers(0, n - 1))}"
        found.append(("record", act(f"r{n}", behaviour, at, unit=unit, replaces=replaces,
                                    **details)))  # fmt: skip
    undone = draw(st.lists(st.integers(0, count - 1), max_size=2, unique=True))
    return found + [("reverse", f"r{n}") for n in undone]


def _possible(steps: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """The nearest order in which nothing is undone before it exists."""
    done: list[tuple[str, Any]] = []
    waiting, seen = list(steps), set()
    while waiting:
        for step in waiting:
            kind, what = step
            needs = what if kind == "reverse" else what["replaces"]
            if needs is None or needs in seen:
                waiting.remove(step)
                done.append(step)
                if kind == "record":
                    seen.add(what["reference"])
                break
    return done


def _play(town: Town, steps: list[tuple[str, Any]], cuts: list[int], hours: int) -> dict[str, Any]:
    """Send steps in batches (runs of records between cuts), the clock moving on after each."""
    town.forget()
    town.clock.instant = START
    batch: list[dict[str, Any]] = []
    for n, (kind, what) in enumerate(steps):
        if batch and (kind == "reverse" or n in cuts):
            town.record(*batch)
            batch = []
            town.clock.instant += timedelta(hours=hours)
        if kind == "reverse":
            town.reverse(what)
        else:
            batch.append(what)
    if batch:
        town.record(*batch)
    town.clock.instant = START + timedelta(days=40)
    town.book()
    assert town.audit() == []
    return town.state()


def crowded(rules: Rulebook) -> Rulebook:
    """The same rules with month and year caps so low that a handful of acts fills them."""
    reference = Reference("for a test")
    behaviours = {}
    for code, behaviour in rules.behaviours.items():
        counts = [cap.unit for cap in behaviour.caps if cap.unit in ACT_UNITS]
        unit = counts[0] if counts else behaviour.caps[0].unit
        more = [
            Cap("month", unit, Decimal(2), "assumption", reference),
            Cap("year", unit, Decimal(3), "assumption", reference),
        ]
        kept = [cap for cap in behaviour.caps if cap.period in {"event", "day"}]
        behaviours[code] = replace(behaviour, caps=(*kept, *more))
    return replace(rules, behaviours=behaviours, digest="c" * 64)


@pytest.fixture(params=["weihai", "crowded"])
def town(request: pytest.FixtureRequest, house: House, clock: FixedClock) -> Town:
    if request.param == "crowded":
        house = replace(house, rules=crowded(house.rules))
    clock.instant = START
    return Town.found(house, clock)


@given(data=st.data(), steps=history())
@settings(max_examples=100, deadline=None, suppress_health_check=_SLOW)
def test_any_order_and_any_batching_end_in_the_same_scores_and_lots(
    town: Town, data: st.DataObject, steps: list[tuple[str, Any]]
) -> None:
    other = _possible(data.draw(st.permutations(steps)))
    cuts = data.draw(st.lists(st.integers(1, len(steps)), max_size=5))
    hours = data.draw(some([0, 1, 30]))
    first = _play(town, _possible(steps), [], 0)
    assert _play(town, other, cuts, hours) == first
    alone = list(range(len(steps)))
    assert _play(town, other, alone, 0) == first
