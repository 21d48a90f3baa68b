"""The cockpit shows what the API tells, and of too few people that they are too few."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.kernel import FixedClock
from app.plumbing import House
from tests.pages.conftest import Browser
from tests.pages.offices import officer
from tests.reports.hall import Hall

Browse = Callable[..., Browser]


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    return make_app(access_seconds=400 * 86_400, transparency_seconds=0)


@pytest.fixture
def hall(app: Flask, clock: FixedClock) -> Hall:
    return Hall.opened(app, clock, residents=30)


@pytest.fixture
def desk(house: House, browse: Browse) -> Browser:
    return officer(house, browse, "Wang")


def between(page: str, start: str, end: str) -> str:
    """What stands after the first `start` up to the next `end`, without line ends."""
    part = page.partition(start)[2].partition(end)[0]
    assert part, f"no {start!r} … {end!r} on the page"
    return " ".join(part.split())


def test_before_the_first_night_nothing_is_said_to_be_nothing(hall: Hall, desk: Browser) -> None:
    page = desk.get("/city").text
    assert "Acts have not been counted yet" in page
    assert "fewer than 10" in between(page, "Active residents", "Acts that counted")


def test_figures_are_those_of_the_api(hall: Hall, desk: Browser) -> None:
    hall.rides(range(27), "2026-03-08")
    hall.rides(range(12), "2026-03-09", "metro_ride")
    hall.night()
    page = desk.get("/city").text
    assert "2.71 kg" in between(page, "Carbon saved, Mar 2026", "</section>")
    active = between(page, "Active residents", "Acts that counted")
    assert ">27<" in active
    assert "of 30 registered · 90%" in active
    assert ">39<" in between(page, "Acts that counted", "Points earned")
    assert "271.2" in between(page, "Points earned", "</section>")
    days = between(page, "Carbon saved a day", "Carbon saved by category")
    assert "<title>Mar 9: 552 g</title>" in days
    points = hall.cockpit()["points"]
    assert points["outstanding"].rstrip("0").rstrip(".") in between(page, "Outstanding", "</dl>")


def test_too_few_are_told_as_too_few_and_never_as_none(hall: Hall, desk: Browser) -> None:
    hall.rides(range(27), "2026-03-08")
    hall.rides(range(20), "2026-03-09", "metro_ride")
    hall.rides(range(3), "2026-03-07", "shared_bike_ride")
    hall.night()
    hidden = hall.city("2026-03")["suppressed"]
    assert {"by_behaviour.shared_bike_ride", "by_day.2026-03-07"} <= {*hidden}
    page = desk.get("/city").text
    behaviours = between(page, "<h2>Behaviours</h2>", "</section>")
    assert "City bus ride" in behaviours
    assert "Shared bicycle" not in behaviours
    assert "others fewer than 10 residents did anything" in behaviours
    day = between(page, '<th scope="row">Mar 7</th>', "</tr>")
    assert "fewer than 10" in day
    recycling = between(page, '<th scope="row">Recycling</th>', "</tr>")
    assert "fewer than 10" in recycling
    assert "Figures of fewer than 10 residents are not told" in page


def test_a_month_is_chosen(hall: Hall, desk: Browser) -> None:
    hall.rides(range(27), "2026-02-20")
    hall.night()
    page = desk.get("/city?month=2026-02").text
    assert "2.16 kg" in between(page, "Carbon saved, Feb 2026", "</section>")
    assert '<option value="2026-02" selected>' in page
    assert desk.get("/city?month=soon").status_code == 422


def test_a_wall_renews_itself_and_others_do_not(hall: Hall, desk: Browser) -> None:
    wall = desk.get("/city?wall=1")
    assert wall.headers["Refresh"] == "60"
    assert 'class="tabs"' not in wall.text
    usual = desk.get("/city")
    assert "Refresh" not in usual.headers
    assert 'class="tabs"' in usual.text


def test_only_officers_come_in(app: Flask, browse: Browse) -> None:
    answer = browse().client.get("/city")
    assert (answer.status_code, answer.location) == (303, "/staff?next=/city")
