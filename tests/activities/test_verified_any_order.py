"""What was saved by an instant: as the scores stood then, and by scoring the timely acts again."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import activities
from app.activities import Verified
from app.kernel import FixedClock
from app.plumbing import House
from tests.activities.test_any_order import _SLOW, START, _possible, crowded, history, some
from tests.activities.town import TESTER, Town

CUTOFF = START + timedelta(days=1)
# The quarter of most days, the next one, and the last in which a purchase of now is released.
QUARTERS = (
    (date(2025, 10, 1), date(2025, 12, 31)),
    (date(2026, 1, 1), date(2026, 3, 31)),
    (date(2026, 10, 1), date(2026, 12, 31)),
)


@pytest.fixture(params=["weihai", "crowded"])
def town(request: pytest.FixtureRequest, house: House, clock: FixedClock) -> Town:
    if request.param == "crowded":
        house = replace(house, rules=crowded(house.rules))
    clock.instant = START
    return Town.found(house, clock)


def _send(town: Town, steps: list[tuple[str, Any]]) -> None:
    for kind, what in steps:
        town.clock.instant += timedelta(minutes=1)
        if kind == "reverse":
            town.reverse(what)
        else:
            town.record(what)


def stood(town: Town) -> list[list[Verified]]:
    with town.house.look(TESTER) as work:
        return [activities.verified(work, town.residents, *days, CUTOFF) for days in QUARTERS]


def again(town: Town) -> list[list[Verified]]:
    with town.house.look(TESTER) as work:
        (resident,) = town.residents
        return [activities.verified_again(work, resident, *days, CUTOFF) for days in QUARTERS]


@given(data=st.data(), steps=history())
@settings(max_examples=60, deadline=None, suppress_health_check=_SLOW)
def test_late_acts_change_nothing_and_both_ways_agree(
    town: Town, data: st.DataObject, steps: list[tuple[str, Any]]
) -> None:
    town.forget()
    order = _possible(data.draw(st.permutations(steps)))
    cut = data.draw(some(range(len(order) + 1)))
    town.clock.instant = START
    _send(town, order[:cut])
    before = stood(town)
    assert again(town) == before
    town.clock.instant = CUTOFF
    late = [(kind, what) for kind, what in order[cut:] if kind == "record" and not what["replaces"]]
    _send(town, late)
    assert stood(town) == before
    assert again(town) == before


def _once(corrections: list[tuple[str, Any]], records: list[tuple[str, Any]]) -> list[Any]:
    """Those that undo what nobody has undone before: a second one in its place is a late act."""
    live = {what["reference"] for _, what in records}
    kept = []
    for kind, what in corrections:
        undone = what if kind == "reverse" else what["replaces"]
        if undone in live:
            live.remove(undone)
            kept.append((kind, what))
            if kind == "record":
                live.add(what["reference"])
    return kept


@given(data=st.data(), steps=history())
@settings(max_examples=40, deadline=None, suppress_health_check=_SLOW)
def test_what_was_taken_back_in_time_was_never_there(
    town: Town, data: st.DataObject, steps: list[tuple[str, Any]]
) -> None:
    """Corrections after the instant change nothing of what stood; scored again, they count as if
    they had come before it."""
    town.forget()
    order = _possible(data.draw(st.permutations(steps)))
    records = [step for step in order if step[0] == "record" and not step[1]["replaces"]]
    corrections = _once([step for step in order if step not in records], records)
    town.clock.instant = START
    _send(town, records)
    before = stood(town)
    town.clock.instant = CUTOFF
    _send(town, corrections)
    assert stood(town) == before
    corrected = again(town)
    town.forget()
    town.clock.instant = START
    _send(town, [*records, *corrections])
    assert corrected == again(town) == stood(town)
