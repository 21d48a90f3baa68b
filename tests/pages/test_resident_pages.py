"""The resident's pages about value: what people read there, on both databases."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.activities.desk import Desk, act
from tests.conftest import Headers, bearer, sign_in
from tests.pages.conftest import Browser

BUS, BIKE = "bus_ride", "shared_bike_ride"


@pytest.fixture
def me(client: FlaskClient) -> Headers:
    return bearer(sign_in(client))


@pytest.fixture
def desk(client: FlaskClient, register: Callable[..., tuple[str, str]]) -> Desk:
    return Desk.opened(client, register, name="Harbour buses")


@pytest.fixture
def mine(client: FlaskClient, me: Headers, browse: Callable[..., Browser]) -> Browser:
    wire = client.get("/v1/me", headers=me).get_json()["id"]
    return browse("resident", wire)


def read(browser: Browser, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return " ".join(browser.page.split())


def ride(reference: str, at: str, **more: str) -> dict[str, object]:
    return act(reference, BUS, at, **more)


def test_a_new_account_is_shown_how_to_begin(mine: Browser) -> None:
    page = read(mine, "/my")
    assert "Two steps to your first points" in page
    assert "Any reduction that counts this quarter reaches Light green." in page
    assert "Nothing has been reported yet" in read(mine, "/my/acts")
    assert "No points have moved yet" in read(mine, "/my/points")
    assert "Nothing was counted in this time" in read(mine, "/my/reductions?by=day")
    assert "Nothing is linked yet" in read(mine, "/my/bindings")
    grade = read(mine, "/my/grade")
    assert "Contest this grade" not in grade


def test_home_says_what_there_is_and_how_the_month_goes(
    mine: Browser, me: Headers, desk: Desk
) -> None:
    desk.bind(me)
    assert "Nothing has been reported yet" in read(mine, "/my")
    desk.send(
        ride("r1", "2026-02-20T08:00:00+08:00"),
        ride("r2", "2026-03-09T08:00:00+08:00"),
        ride("r3", "2026-03-09T18:00:00+08:00"),
        ride("r4", "2026-03-10T08:00:00+08:00"),
    )
    page = read(mine, "/my")
    assert "Two steps" not in page
    assert "24</span>" in page  # three rides of the days before; today's is on its way
    assert "8 more are on their way" in page
    assert "200 % more than in Feb 2026" in page
    assert "City bus ride" in page
    mine.speak("zh")
    assert "比2026年2月多 200%" in read(mine, "/my")


def test_an_act_shows_its_working_and_where_its_numbers_come_from(
    mine: Browser, me: Headers, desk: Desk
) -> None:
    desk.bind(me)
    sent = desk.one(ride("r1", "2026-03-09T08:00:00+08:00"))
    page = read(mine, f"/my/acts/{sent['id']}")
    assert "1 trip × 80 g CO₂/trip = 80 g" in page
    assert "0.08 kg × 100 points a kilogram = 8 points" in page
    assert 'href="http' in page
    assert "Read in the issuer" in page
    assert f"/contest?act={sent['id']}" in page.replace("&amp;", "&")
    mine.speak("zh")
    assert "1 次 × 80 克 CO₂/次 = 80 克" in read(mine, f"/my/acts/{sent['id']}")


def test_numbers_that_were_not_checked_say_so(mine: Browser, me: Headers, desk: Desk) -> None:
    desk.bind(me)
    sent = desk.one(act("b1", BIKE, "2026-03-09T08:00:00+08:00", quantity="1.5", unit="km"))
    page = read(mine, f"/my/acts/{sent['id']}")
    assert "Not checked at its source yet" in page
    assert "At least one of these numbers has not been checked" in page


def test_a_cap_that_cut_an_act_is_named(mine: Browser, me: Headers, desk: Desk) -> None:
    desk.bind(me)
    rides = [ride(f"r{n}", f"2026-03-09T0{n}:00:00+08:00") for n in range(8)]
    cut = desk.send(*rides)["results"][-1]
    assert cut["status"] == "capped"
    page = read(mine, f"/my/acts/{cut['id']}")
    assert "Daily limit: trips; 0 g of it are counted." in page
    assert "Reached here" in page


def test_a_reversed_act_tells_its_history(mine: Browser, me: Headers, desk: Desk) -> None:
    desk.bind(me)
    sent = desk.one(ride("r1", "2026-03-08T08:00:00+08:00"))
    desk.reverse("r1", reason="fare given back")
    page = read(mine, f"/my/acts/{sent['id']}")
    assert "fare given back" in page
    assert "How it stood before" in page
    assert "It was taken back later." in page
    assert "Taken back" in read(mine, "/my/points")


def test_acts_of_some_days_or_one_behaviour(mine: Browser, me: Headers, desk: Desk) -> None:
    desk.bind(me)
    desk.send(ride("r1", "2026-03-01T08:00:00+08:00"), ride("r2", "2026-03-05T08:00:00+08:00"))
    assert read(mine, "/my/acts").count('href="/my/acts/act_') == 2
    assert read(mine, "/my/acts?from=2026-03-02&to=").count('href="/my/acts/act_') == 1
    assert "Nothing on these days" in read(mine, "/my/acts?to=2026-02-01")
    assert "Nothing on these days" in read(mine, "/my/acts?behaviour=walking")


def test_a_long_list_goes_on(mine: Browser, me: Headers, desk: Desk) -> None:
    desk.bind(me)
    desk.send(*(ride(f"r{n}", f"2026-02-{1 + n % 28:02}T{n // 28:02}:00:00Z") for n in range(40)))
    page = read(mine, "/my/acts?from=2026-01-01")
    assert page.count('href="/my/acts/act_') == 30
    way = page.split("cursor=")[1].split('"')[0].replace("&amp;", "&")
    assert read(mine, f"/my/acts?cursor={way}").count('href="/my/acts/act_') == 10


@pytest.mark.parametrize(
    ("by", "told"),
    [
        ("behaviour", "City bus ride"),
        ("category", "Getting around"),
        ("dimension", "Energy"),
        ("day", "Mar 9"),
        ("month", "Mar 2026"),
        ("weather", "City bus ride"),
    ],
)
def test_reductions_from_five_sides(
    mine: Browser, me: Headers, desk: Desk, by: str, told: str
) -> None:
    desk.bind(me)
    desk.send(ride("r1", "2026-03-09T08:00:00+08:00"))
    page = read(mine, f"/my/reductions?by={by}")
    assert told in page
    assert "As much as a petrol car emits over 0.4 km" in page
    assert "<table>" in page


def test_points_lead_to_what_caused_them(mine: Browser, me: Headers, desk: Desk) -> None:
    desk.bind(me)
    sent = desk.one(ride("r1", "2026-03-09T08:00:00+08:00"))
    page = read(mine, "/my/points")
    assert f'href="/my/acts/{sent["id"]}"' in page
    assert "+8</span>" in page
    assert "until Mar" in page


def test_what_earns_is_marked_where_one_does_it(mine: Browser, me: Headers, desk: Desk) -> None:
    assert "You do this" not in read(mine, "/my/behaviours")
    desk.bind(me)
    desk.send(ride("r1", "2026-03-09T08:00:00+08:00"))
    page = read(mine, "/my/behaviours")
    assert page.count('href="/my/behaviours/') >= 29
    assert page.count("You do this") == 1
    assert "Daily limit: 6 trips" in page


def test_a_behaviour_tells_its_law(mine: Browser) -> None:
    page = read(mine, "/my/behaviours/ev_charging")
    assert "619.1 g CO₂/kWh" in page
    assert "earlier value" in page
    assert "Use of the vehicle: private" in page
    assert mine.get("/my/behaviours/flying").status_code == 404


def test_a_card_is_linked_and_the_link_ended(mine: Browser, desk: Desk) -> None:
    read(mine, "/my/bindings/new")
    assert "Harbour buses" in mine.page
    card = {"provider": desk.id, "subject": "card 7", "proof": "mine"}
    page = mine.post("/my/bindings/new", card).get_data(as_text=True)
    assert "Linked." in page
    assert "Harbour buses" in page
    binding = page.split("/my/bindings/bnd_")[1].split("/")[0]

    end = f"/my/bindings/bnd_{binding}/end"
    assert "Points and records that you have stay." in read(mine, end)
    page = mine.post(end).get_data(as_text=True)
    assert "Today is the last day that counts." in page
    assert end not in page
    assert mine.get("/my/bindings/bnd_01m80pjbg0e3gvzhgp2zjqbzqp/end").status_code == 404


def test_a_refused_card_keeps_what_was_typed(mine: Browser, me: Headers, desk: Desk) -> None:
    desk.bind(me, "card 7")
    read(mine, "/my/bindings/new")
    typed = {"provider": desk.id, "subject": "card 7", "proof": "mine", "from": "2026-03-09"}
    answer = mine.post("/my/bindings/new", typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert 'value="card 7"' in page
    assert 'value="2026-03-09"' in page
    assert "checked" in page
    assert 'role="alert"' in page


def test_only_those_who_report_a_behaviour_are_offered(
    mine: Browser, register: Callable[..., tuple[str, str]]
) -> None:
    register(name="Buses only", behaviours=["bus_ride"])
    assert "Buses only" in read(mine, "/my/bindings/new?behaviour=bus_ride")
    page = read(mine, "/my/bindings/new?behaviour=walking")
    assert "Buses only" not in page
    assert "Nobody in the city reports this yet" in page


@pytest.mark.parametrize("path", ["", "/acts", "/reductions", "/points", "/grade", "/bindings"])
def test_nobody_else_sees_them(browse: Callable[..., Browser], path: str) -> None:
    answer = browse().client.get(f"/my{path}")
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/sign-in")
