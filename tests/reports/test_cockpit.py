"""The city at a glance: sources, loans, partners, work that waits."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.kernel import FixedClock
from app.redemption import alerts
from app.reports.tables import city_count
from tests.conftest import Headers
from tests.credit.counter import Counter
from tests.recognition.bourse import Bourse
from tests.redemption.market import COMMAND, CUP
from tests.reports.hall import Hall
from tests.reports.life import Life


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    return make_app(access_seconds=400 * 86_400, transparency_seconds=0)


@pytest.fixture
def hall(app: Flask, clock: FixedClock) -> Hall:
    return Hall.opened(app, clock, providers=3)


def test_before_the_first_night_it_tells_what_is_known(hall: Hall) -> None:
    found = hall.cockpit()
    assert (found["as_of"], found["until"], found["sources"]) == (None, None, [])
    assert found["generated_at"] == "2026-03-10T12:00:00+08:00"
    assert found["residents"] == {"registered": 24, "active_30d": None, "coverage_pct": None}
    public = hall.get("/v1/transparency")
    for name in ("tonnes", "cover"):
        assert found[name] == public[name]
    assert found["points"].items() <= public.items()


def test_active_residents_beside_the_registered(hall: Hall) -> None:
    hall.rides(range(10), "2026-02-08")
    hall.rides(range(8, 12), "2026-03-09")
    hall.rides(range(20), "2026-02-07")  # the thirty days begin on the eighth
    hall.night()
    assert hall.cockpit()["residents"] == {
        "registered": 24,
        "active_30d": 12,
        "coverage_pct": "50.0",
    }


def test_sources_and_what_they_are_worth(hall: Hall) -> None:
    good = [hall.ride(card, "2026-03-09") for card in range(10)]
    late = [hall.ride(card, "2026-03-05") for card in range(4)]
    bad = [hall.ride(card, "2020-03-05") for card in range(4)]
    wrong = [hall.ride(card, "2026-03-04") | {"behaviour": "teleport"} for card in range(2)]
    hall.town.record(*good, *late, *bad, *wrong)
    hall.town.record(*(hall.ride(card, "2026-03-01") for card in range(9)), provider=1)
    hall.night()
    found = hall.cockpit()
    rows = {each["provider"]: each for each in found["sources"]}
    first, second, third = (rows[hall.source(n)] for n in range(3))
    assert (first["name"], first["kind"], first["items"]) == ("provider 0", "other", 20)
    assert first["top_reasons"] == [
        {"reason": "too_old", "count": 4},
        {"reason": "unknown_behaviour", "count": 2},
    ]
    names = ("credited_pct", "rejected_pct", "completeness_pct", "acceptance_pct")
    assert [first[name] for name in names] == ["70.0", "30.0", "90.0", "77.7"]
    # Ten of fourteen were known by the end of the next day: (2 × 900 + 2 × 777 + 714) ÷ 5.
    assert (first["timeliness_pct"], first["score"], first["grade"]) == ("71.4", 81, "fair")
    assert {name for name, value in second.items() if value} == {
        "provider", "name", "kind", "since",
    }  # fmt: skip
    assert f"sources.{hall.source(1)}" in found["suppressed"]
    assert (third["items"], third["score"], third["last_at"]) == (0, None, None)
    assert f"sources.{hall.source(2)}" not in found["suppressed"]


def test_loans_by_grade(app: Flask, clock: FixedClock) -> None:
    """Twelve of one grade, of whom two were refused later; eleven of the highest, all granted; and
    three of a third."""
    hall, counter = Hall.opened(app, clock, residents=0), Counter(app, clock, app.test_client())
    bank = counter.bank()
    deep = [lend(counter, bank, 120, "granted") for _ in range(11)]
    for _ in range(10):
        lend(counter, bank, 60, "granted")
    for decided in ("refused", None):
        lend(counter, bank, 60, decided)
    for _ in range(3):
        lend(counter, bank, 5, "granted")
    hall.night()
    found = hall.cockpit()
    rows = {each["grade"]: each for each in found["loans"]}
    codes = [each.code for each in hall.town.house.rules.credit.grades]
    assert list(rows) == codes
    told = {code: [rows[code][n] for n in ("inquiries", "granted", "amount")] for code in codes}
    assert told[codes[-1]] == [11, 11, "3300000.00"], deep
    assert [12, None, None] in told.values()
    assert sum(each == [None] * 3 for each in told.values()) == len(codes) - 2


def lend(counter: Counter, bank: Headers, kilograms: int, decided: str | None) -> str:
    """A resident who saved so much is asked about, and gets a loan or not; the grade."""
    asked = counter.ask(bank, counter.agree(counter.person(kilograms)))
    if decided is not None:
        said: dict[str, Any] = {"inquiry_id": asked["inquiry_id"], "decided": decided}
        granted = {"used": True, "limit": "300000.00"} if decided == "granted" else {"used": False}
        counter.post("/v1/credit/outcomes", bank, said | granted)
    return str(asked["grade"])


def test_what_waits_and_what_stands_between_is_told_whole(
    bourse: Bourse, register: Callable[..., tuple[str, str]]
) -> None:
    """One resident contests, one exchange is on its way: an operator has both on the desk."""
    life = Life(bourse, register)
    proposed = {
        "kind": "benefit_pause",
        "payload": {"benefit": CUP},
        "reason": "As agreed.",
    }
    bourse.post("/v1/approvals", life.officer, proposed, 201)
    found = bourse.get("/v1/reports/cockpit", life.officer)
    assert found["objections"] == {"open": 2, "overdue": 0}
    bourse.clock.instant += timedelta(days=60)
    later = bourse.get("/v1/reports/cockpit", life.officer)
    assert later["objections"]["overdue"] == 2
    assert found["approvals"] == {"waiting": 1}
    unionpay = next(each for each in found["partners"] if each["held_out"] != "0.00")
    assert (unionpay["held_out"], unionpay["net"]) == ("2.00", "0.00")
    assert found["alerts"] == {"open": 0, "by_kind": []}
    with bourse.house.work(COMMAND) as work:
        for day in (1, 2):
            alerts.add(work, alerts.Found("m", alerts.NIGHT, bytes(16), 9, date(2026, 3, day)))
    told = bourse.get("/v1/reports/cockpit", life.officer)["alerts"]
    assert told == {"open": 2, "by_kind": [{"kind": "night_burst", "open": 2}]}


def test_nothing_in_them_is_about_a_person(
    bourse: Bourse, register: Callable[..., tuple[str, str]]
) -> None:
    """A city of few: no id of theirs, no name, and no number that is only theirs."""
    life = Life(bourse, register)
    bourse.clock.instant += timedelta(days=1)
    bourse.job("reports.count_city")
    texts = [
        bourse.client.get(path, headers=life.officer).get_data(as_text=True)
        for path in ("/v1/reports/cockpit", "/v1/reports/city?month=2026-03")
    ]
    kept = bourse.app.test_client().get("/v1/reports/city", headers=life.officer).get_json()
    assert not any(each["tonnes"] for each in kept["by_category"] + kept["by_behaviour"])
    with bourse.house.look(COMMAND) as work:
        texts.append(work.db.execute(sa.select(city_count.c.figures)).scalar_one())
    for word in (life.wire, life.act, life.voucher, life.inquiry, life.objection, life.link):
        assert not any(word in text for text in texts)
