"""The nightly count says what a plain recount says, however it was made."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask

from app.kernel import FixedClock, local_midnight
from app.plumbing.jobs import run
from app.reports import gathering, store
from app.reports.tables import city_count
from app.scheduler import all_jobs
from tests.activities.town import TESTER, act
from tests.reports.hall import COUNT, Hall

ACTS = ("month", "day", "category", "behaviour", "recent")


@pytest.fixture
def hall(make_app: Callable[..., Flask], clock: FixedClock) -> Hall:
    return Hall.opened(make_app(access_seconds=400 * 86_400, transparency_seconds=0), clock)


def counted(hall: Hall) -> dict[tuple[str, ...], list[int]]:
    return {key: sums for key, sums in hall.figures().sums.items() if key[0] in ACTS}


def lived(hall: Hall, seed: int = 7) -> None:
    """Acts of four months, some of them undone; a fridge whose saving is released in parts."""
    chance = random.Random(seed)
    hall.town.clock.instant -= timedelta(days=1)
    rides = [
        hall.ride(
            chance.randrange(24),
            f"{date(2025, 11, 20) + timedelta(days=chance.randrange(110))}",
            chance.choice(("bus_ride", "metro_ride")),
            chance.randrange(6, 22),
        )
        for _ in range(300)
    ]
    paper = [
        act(f"paper {n}", "waste_paper_recycling", f"2026-02-{1 + n:02d}T10:00:00+08:00",
            card=f"card{n}", site="east gate", quantity="3", unit="kg")
        for n in range(12)
    ]  # fmt: skip
    fridges = [
        act(f"fridge {n}", "efficient_appliance", f"2025-12-{1 + n:02d}T12:00:00+08:00",
            card=f"card{n}", order_id=f"{n}", product_type="refrigerator", label_kwh_year="100",
            reference_kwh_year="310.5")
        for n in range(11)
    ]  # fmt: skip
    done = hall.town.record(*{each["reference"]: each for each in rides}.values(), *paper, *fridges)
    assert {each.status for each in done} >= {"credited", "pending"}
    hall.town.reverse(*(each["reference"] for each in rides[:20]))
    hall.town.clock.instant += timedelta(days=1)


def test_the_count_is_a_plain_recount(hall: Hall) -> None:
    lived(hall)
    hall.night()
    found = counted(hall)
    assert found == hall.recount()
    months = {key[1] for key in found if key[0] == "month"}
    assert months == {"2025-11", "2025-12", "2026-01", "2026-02", "2026-03"}
    assert any(sums[1] == 0 < sums[2] for key, sums in found.items() if key[0] == "behaviour")


def test_counted_in_many_lots_it_is_the_same(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    lived(hall)
    monkeypatch.setattr(gathering, "_LOT", 5)
    assert hall.night() == 24 + 1
    assert counted(hall) == hall.recount()


def test_a_count_that_was_cut_off_goes_on(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    lived(hall)
    monkeypatch.setattr(gathering, "_LOT", 5)
    assert run(hall.town.house, all_jobs()[COUNT], most=2) == 10
    with hall.town.house.look(TESTER) as work:
        assert store.told(work) is None
    assert hall.city("2026-03")["as_of"] is None
    with pytest.raises(ZeroDivisionError):
        _begin_and_fail(hall)
    assert hall.night() == 14 + 1
    assert counted(hall) == hall.recount()


def _begin_and_fail(hall: Hall) -> None:
    with hall.town.house.work(TESTER) as work:
        gathering.step(work)
        raise ZeroDivisionError


def test_run_twice_it_says_the_same(hall: Hall) -> None:
    lived(hall)
    hall.night()
    before = (hall.figures(), hall.city("2026-02"))
    assert hall.night() == 0
    assert (hall.figures(), hall.city("2026-02")) == before


def test_two_schedulers_at_once_count_everybody_once(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived(hall)
    monkeypatch.setattr(gathering, "_LOT", 3)
    together, done = Barrier(2), []

    def work() -> None:
        together.wait()
        done.append(hall.night())

    both = [Thread(target=work) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert sum(done) == 24 + 1
    assert counted(hall) == hall.recount()


def test_a_late_act_moves_an_old_day_after_the_next_night(hall: Hall) -> None:
    hall.rides(range(12), "2026-02-20")
    hall.rides(range(12), "2025-12-05")
    hall.night()
    before = counted(hall)
    hall.rides(range(12, 24), "2026-02-20")
    hall.town.record(hall.ride(12, "2025-12-05"))
    hall.town.reverse(hall.ride(0, "2026-02-20")["reference"])
    assert (hall.night(), counted(hall)) == (0, before)
    assert hall.next_night() > 0
    found = counted(hall)
    assert found == hall.recount()
    assert [before["day", "2026-02-20"][0], found["day", "2026-02-20"][0]] == [12, 23]
    assert [before["month", "2025-12"][0], found["month", "2025-12"][0]] == [12, 13]
    assert len(hall.town.rows(city_count)) == 1


def test_today_is_not_counted_and_a_night_ends_in_the_morning(hall: Hall) -> None:
    """Files of a night come in before five; a count that began after midnight counts until then."""
    hall.rides(range(12), "2026-03-09")
    hall.rides(range(12), "2026-03-10")
    zone = hall.town.house.rules.pack.zone
    hall.town.clock.instant = local_midnight(date(2026, 3, 11), zone) + timedelta(hours=1)
    hall.night()
    assert hall.city("2026-03")["until"] == "2026-03-10"
    assert set(hall.figures().by("day")) == {"2026-03-09", "2026-03-10"}
    hall.town.clock.instant += timedelta(hours=3)
    assert hall.night() == 0
    hall.town.clock.instant += timedelta(hours=1)
    assert hall.night() > 0
    assert hall.city("2026-03")["as_of"] == "2026-03-11T05:00:00+08:00"


def test_a_behaviour_that_the_rules_no_longer_have_is_counted_apart(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall.rides(range(12), "2026-03-09")
    rules: Any = hall.town.house.rules
    fewer = {code: each for code, each in rules.behaviours.items() if code != "bus_ride"}
    monkeypatch.setitem(vars(rules), "behaviours", fewer)
    hall.night()
    found = hall.city("2026-03")
    former = [each for each in found["by_category"] if each["category"] == "former"]
    assert [each["active"] for each in former] == [12]
    gone = [each for each in found["by_behaviour"] if each["behaviour"] == "bus_ride"]
    assert [(each["category"], each["title_en"], each["active"]) for each in gone] == [
        ("former", "bus_ride", 12)
    ]
