"""What was saved by an instant, where partners tell of the same acts: what they tell later changes
nothing of it, and what they take back later counts as if it had never been told."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import activities
from app.activities import Verified
from app.kernel import FixedClock
from app.plumbing import House
from tests.activities.platform import START
from tests.activities.test_claims_law import Step, Story, _possible, stories
from tests.activities.town import TESTER, Town

CUTOFF = START + timedelta(days=1)
DAYS = (date(2026, 1, 1), date(2026, 3, 31))
_SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@pytest.fixture
def there(house: House, clock: FixedClock) -> Story:
    clock.instant = START
    return Story(Town.found(house, clock, residents=2))


def _send(there: Story, steps: Sequence[Step]) -> None:
    for kind, what in steps:
        there.town.clock.instant += timedelta(minutes=1)
        there._send((kind, what[0] if kind == "claim" else None), [what])


def stood(there: Story) -> list[Verified]:
    with there.town.house.look(TESTER) as work:
        return activities.verified(work, sorted(there.town.residents), *DAYS, CUTOFF)


def again(there: Story) -> list[Verified]:
    with there.town.house.look(TESTER) as work:
        return [
            each
            for resident in sorted(there.town.residents)
            for each in activities.verified_again(work, resident, *DAYS, CUTOFF)
        ]


def _late(step: Step) -> bool:
    kind, what = step
    return kind == "claim" or (kind == "record" and not what["replaces"])


@given(steps=stories(), data=st.data())
@settings(max_examples=20, deadline=None, suppress_health_check=_SLOW)
def test_what_comes_late_changes_nothing(
    there: Story, steps: list[Step], data: st.DataObject
) -> None:
    order = _possible(data.draw(st.permutations(steps)))
    cut = data.draw(st.integers(0, len(order)))
    there.town.forget()
    there.town.clock.instant = START
    _send(there, order[:cut])
    before = stood(there)
    assert again(there) == before
    there.town.clock.instant = CUTOFF
    _send(there, [step for step in order[cut:] if _late(step)])
    assert stood(there) == before
    assert again(there) == before


@given(steps=stories(), data=st.data())
@settings(max_examples=20, deadline=None, suppress_health_check=_SLOW)
def test_what_is_taken_back_late_was_never_there(
    there: Story, steps: list[Step], data: st.DataObject
) -> None:
    order = _possible(data.draw(st.permutations(steps)))
    told = [step for step in order if _late(step)]
    undone = [step for step in order if step[0] in {"withdraw", "reverse"}]
    known = {what["reference"] for kind, what in told if kind == "record"}
    undone = [step for step in undone if step[0] == "withdraw" or step[1] in known]
    there.town.forget()
    there.town.clock.instant = START
    _send(there, told)
    before = stood(there)
    there.town.clock.instant = CUTOFF
    _send(there, undone)
    assert stood(there) == before
    there.town.job("activities.settle_freed")
    corrected = again(there)
    there.town.forget()
    there.town.clock.instant = START
    _send(there, [*told, *undone])
    there.town.job("activities.settle_freed")
    assert stood(there) == again(there) == corrected
