"""The law itself: of every real act that somebody still tells of, exactly one payer credits it,
whatever the order in which the city and three platforms heard of it, and what was undone since."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import activities
from app.activities.intake import reference_hash
from app.activities.tables import activity
from app.kernel import FixedClock
from app.plumbing import House
from tests.activities.platform import CITY_FIRST, EQUAL, PARTNER_FIRST, START, Platform
from tests.activities.town import TESTER, Town, act

PLATFORMS = {"unionpay": PARTNER_FIRST, "citic": EQUAL, "ccb": CITY_FIRST}
# Acts known by time are twenty minutes apart, the first ones on both sides of midnight.
FIRST = datetime.fromisoformat("2026-01-18T23:50:00+08:00")
TIMED = ("bus_ride", "metro_ride", "mobile_payment", "own_cup", "no_cutlery_order")
# These are known by a number of their own, which everybody names who tells of them.
NUMBERED = ("own_cup", "no_cutlery_order", "walking", "household_electricity_saving",
            "online_utility_bill", "egov_online_service")  # fmt: skip
Step = tuple[str, Any]


@dataclass(frozen=True)
class Real:
    """An act as it was. `bare`: everybody knows its debit, so a bare payment is the same act."""

    n: int
    behaviour: str
    resident: int
    bare: bool

    @property
    def began(self) -> datetime:
        return FIRST + timedelta(minutes=20 * self.n)

    def evidence(self, paid: bool) -> dict[str, Any]:
        day = self.began.date().isoformat()
        number = f"{self.behaviour}{self.n // 2}{self.resident}"
        match self.behaviour:
            case "metro_ride":
                found = {
                    "entry_time": self.began.isoformat(),
                    "exit_time": (self.began + timedelta(minutes=12)).isoformat(),
                }
            case "own_cup" | "no_cutlery_order":
                found = {"order_id": f"O{self.n // 2}{self.resident}"}
            case "walking":
                found = {"day": day}
            case "household_electricity_saving":
                found = {"meter": f"M{self.resident}", "day": day}
            case "online_utility_bill":
                found = {"utility_type": "water", "account": number, "billing_period": "2026-01"}
            case "egov_online_service":
                found = {"case_id": number}
            case _:
                found = {}
        if paid and self.behaviour in TIMED:
            found["payment_id"] = f"P{self.n}"
        return found

    def item(self, reference: str, paid: bool, bare: bool, size: int) -> dict[str, Any]:
        more: dict[str, Any] = self.evidence(paid)
        code = self.behaviour
        match code:
            case "walking":
                more |= {"device": f"d{size}", "quantity": str(8000 + size), "unit": "step"}
            case "household_electricity_saving":
                more |= {"kwh": str(1 + size), "household_size": 3}
            case "egov_online_service":
                more |= {"fully_online": True}
        if bare:
            code, more = "mobile_payment", {"payment_id": f"P{self.n}"}
        if code in {"mobile_payment", "online_utility_bill"}:
            more |= {"amount": f"{self.n + 2}.00"}
        if code == "mobile_payment":
            more |= {"merchant_id": f"m{self.n}"}
        at = more.get("exit_time", self.began.isoformat())
        return act(reference, code, at, f"card{self.resident}", **more)


def _paid(real: Real, drawn: bool) -> bool:
    return drawn or real.bare or real.behaviour == "mobile_payment"


@st.composite
def stories(draw: st.DrawFn) -> list[Step]:
    """What is told of a few real acts: (kind, what)."""
    reals, seen = [], set()
    for n in range(draw(st.integers(1, 4))):
        behaviour = draw(st.sampled_from(sorted({*TIMED, *NUMBERED})))
        resident = draw(st.integers(0, 1))
        day = (FIRST + timedelta(minutes=20 * n)).date()
        number = day if behaviour in {"walking", "household_electricity_saving"} else n // 2
        if (behaviour, resident, number) not in seen or behaviour not in NUMBERED:
            seen.add((behaviour, resident, number))
            bare = behaviour in {"bus_ride", "metro_ride", "own_cup"} and draw(st.booleans())
            reals.append(Real(n, behaviour, resident, bare))
    steps: list[Step] = []
    for real in reals:
        mine = f"r{real.n}."
        for k in range(draw(st.integers(0, 3))):
            before = f"{mine}{draw(st.integers(0, k - 1))}" if k and draw(st.booleans()) else None
            paid = _paid(real, draw(st.booleans()))
            item = real.item(f"{mine}{k}", paid, real.bare and draw(st.booleans()), k)
            steps.append(("record", item | {"replaces": before}))
            if draw(st.integers(0, 3)) == 0:
                steps.append(("reverse", f"{mine}{k}"))
        for code in sorted(draw(st.sets(st.sampled_from(sorted(PLATFORMS))))):
            paid = _paid(real, draw(st.booleans()))
            bare = real.bare and draw(st.booleans())
            steps.append(("claim", (code, f"c{real.n}", real, paid, bare)))
            if draw(st.integers(0, 3)) == 0:
                steps.append(("withdraw", (code, f"c{real.n}")))
    return steps


def _needs(step: Step) -> Any:
    kind, what = step
    if kind == "record":
        return what["replaces"]
    return None if kind == "claim" else what


def _possible(steps: Sequence[Step]) -> list[Step]:
    """The nearest order in which nothing is undone before it is there."""
    done: list[Step] = []
    waiting: list[Step] = list(steps)
    seen: set[Any] = {None}
    while waiting:
        step = next(each for each in waiting if _needs(each) in seen)
        waiting.remove(step)
        done.append(step)
        kind, what = step
        if kind in {"record", "claim"}:
            seen.add(what["reference"] if kind == "record" else what[:2])
    return done


class Story:
    """Plays steps, runs of one kind and sender in one request where that is wanted."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.platforms = {
            (code, who): Platform(town, code, priority, who)
            for code, priority in PLATFORMS.items()
            for who in (0, 1)
        }

    def play(self, steps: Sequence[Step], together: bool) -> dict[str, Any]:
        self.town.forget()
        self.town.clock.instant = START
        run: list[Any] = []
        sender = None
        for kind, what in steps:
            whose = (kind, what[0] if kind == "claim" else None)
            if run and (whose != sender or not together or kind not in {"record", "claim"}):
                self._send(sender, run)
                run = []
            sender = whose
            run.append(what)
        self._send(sender, run)
        assert self.town.audit() == []
        return self.town.state()

    def _send(self, sender: Any, run: list[Any]) -> None:
        match sender:
            case ("record", _):
                assert {r.status for r in self.town.record(*run)} <= {
                    "credited", "capped", "overlapped", "pending", "reversed"
                }, run  # fmt: skip
            case ("reverse", _):
                self.town.reverse(*run)
            case ("claim", code):
                answers = self.town.claim(*(self._said(*each) for each in run), partner=code)
                assert {each.status for each in answers} <= {"held", "yielded"}, answers
            case ("withdraw", _):
                for code, reference in run:
                    self.town.withdraw(reference, partner=code)

    def _said(self, code: str, reference: str, real: Real, paid: bool, bare: bool) -> Any:
        words = {"payment_id": f"P{real.n}"} if bare else real.evidence(paid)
        behaviour = "mobile_payment" if bare else real.behaviour
        platform = self.platforms[code, real.resident]
        return platform.said(reference, behaviour, real.began.isoformat(), **words)

    def payers(self) -> Counter[int]:
        """How many pay each real act."""
        found: Counter[int] = Counter()
        for (_, name), status in self.town.state()["claims"].items():
            found[int(name[1:])] += status == "held"
        wire = self.town.providers[0].wire
        names = {reference_hash(wire, f"r{n}.{k}"): n for n in range(4) for k in range(3)}
        for row in self.town.rows(activity):
            found[names[row.reference_hash]] += row.status not in {"overlapped", "reversed"}
        return found


def _told(steps: Sequence[Step]) -> set[int]:
    """Acts of which somebody tells who has not taken it back."""
    gone = {what for kind, what in steps if kind in {"reverse", "withdraw"}}
    gone |= {what["replaces"] for kind, what in steps if kind == "record"}
    live = {w["reference"] for kind, w in steps if kind == "record"} - gone
    claims = {w[:2] for kind, w in steps if kind == "claim"} - gone
    return {int(name[1:].partition(".")[0]) for name in live | {name for _, name in claims}}


@pytest.fixture
def there(house: House, clock: FixedClock) -> Story:
    clock.instant = START
    return Story(Town.found(house, clock, residents=2))


@given(steps=stories(), data=st.data())
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_every_act_that_is_told_of_has_exactly_one_payer(
    there: Story, steps: list[Step], data: st.DataObject
) -> None:
    other = _possible(data.draw(st.permutations(steps)))
    together = data.draw(st.booleans())
    first = there.play(_possible(steps), together=False)
    paid = {n: count for n, count in there.payers().items() if count}
    assert paid == dict.fromkeys(_told(steps), 1)
    assert there.play(other, together) == first
    with there.town.house.work(TESTER) as work:
        assert activities.rescore(work, there.town.residents) == 0
    assert there.town.state()["claims"] == first["claims"]
