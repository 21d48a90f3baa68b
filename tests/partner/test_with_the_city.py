"""The partner's process and the real city, over HTTP, on both databases."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from flask import Flask

from app import webhooks
from app.kernel import FixedClock
from app.kernel import points as in_words
from app.recognition import position
from tests.partner.stage import until
from tests.partner.town import COMMAND, UNIONPAY, Town, wait_for

GONE = 9


@pytest.fixture
def clock() -> FixedClock:
    """The city's clock begins at this machine's, so that both sides believe each other."""
    return FixedClock(datetime.now(UTC))


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    return make_app(access_seconds=10 * 86400, database_pool=16)


def found(app: Flask, clock: FixedClock, folder: Path, *more: str) -> Iterator[Town]:
    town = Town(app, clock, folder, *more)
    try:
        yield town
        assert town.differences() == []
    finally:
        town.close()


@pytest.fixture
def town(app: Flask, clock: FixedClock, tmp_path: Path) -> Iterator[Town]:
    """A partner that asks for events often, so that nobody waits for the relay."""
    yield from found(app, clock, tmp_path, "--poll-ms", "100")


@pytest.fixture
def linked(town: Town) -> Town:
    """With 32 points, and 1000 units at the partner."""
    assert town.link().status_code == 201
    for day in range(3, 7):
        assert town.ride(f"ride {day}", day).status == "credited"
    until(lambda: town.partner.look()["links"])
    return town


@pytest.fixture
def told(app: Flask, clock: FixedClock, tmp_path: Path) -> Iterator[Town]:
    """A partner that only listens."""
    yield from found(app, clock, tmp_path)


def agree(town: Town, points: str, units: str) -> None:
    """What the resident has on either side; and both sides count the same."""
    assert town.points == points
    assert town.partner.look()["balances"]["anna"] == units
    with town.house.look(COMMAND) as work:
        now = position.of(work, UNIONPAY)
    totals = town.partner.look("ledger")["totals"]
    assert (now.held_out, now.held_in) == (0, 0)
    assert totals == {"out": in_words(now.sent), "in": in_words(now.received)}


def test_out_and_in(linked: Town) -> None:
    wait_for(linked, linked.ask("out", "10.00"), "confirmed")
    agree(linked, "22.00", "1130")
    wait_for(linked, linked.ask("in", "135"), "confirmed")
    agree(linked, "32.00", "995")


def test_a_statement_is_good_once_and_for_one_person(town: Town) -> None:
    town.partner.do("members", phone="13800138001", account="bob")
    others = town.partner.do("statement", account="bob")["proof"]
    mine = town.partner.do("statement", account="anna")["proof"]
    answers = [town.link(others), town.link(mine), town.link(mine)]
    assert [each.status_code for each in answers] == [403, 201, 409]
    assert answers[0].json()["code"] == "link_refused"


def test_whatever_happens_around_the_decision(linked: Town) -> None:
    for fault in ("call_lost", "answer_lost", "call_twice", "exit_before", "exit_after"):
        for way, much in (("out", "5.00"), ("in", "135")):
            linked.partner.do("faults", **{fault: 1 if "exit" in fault else 2})
            name = linked.ask(way, much)
            if "exit" in fault:
                assert linked.partner.ended() == GONE
                linked.partner.start()
            wait_for(linked, name, "confirmed")
            linked.partner.do("faults", **{fault: 0})
    agree(linked, "57.00", "650")


def test_too_late(linked: Town) -> None:
    linked.partner.do("faults", call_lost=10**6)
    names = [linked.ask("out", "10.00"), linked.ask("in", "135")]
    until(lambda: linked.partner.exchange(names[1])["attempts"])
    linked.clock.instant += timedelta(minutes=15)
    assert linked.run("recognition.expire_exchanges") == 2
    for name in names:
        wait_for(linked, name, "expired")
    agree(linked, "32.00", "1000")


def test_it_is_late_before_any_job_has_noticed(linked: Town) -> None:
    linked.partner.do("faults", call_lost=1)
    name = linked.ask("in", "135")
    linked.clock.instant += timedelta(minutes=15)
    linked.partner.do("faults", call_lost=0)
    until(lambda: linked.exchange(name) != "held")
    wait_for(linked, name, linked.exchange(name))
    agree(linked, *{"expired": ("32.00", "1000"), "confirmed": ("42.00", "865")}[
        linked.exchange(name)
    ])  # fmt: skip


def test_confirmed_in_time_and_heard_of_too_late(linked: Town) -> None:
    linked.partner.do("faults", exit_after=1)
    name = linked.ask("in", "135")
    assert linked.partner.ended() == GONE
    linked.clock.instant += timedelta(hours=1)
    linked.run("recognition.expire_exchanges")
    linked.partner.start()
    wait_for(linked, name, "confirmed")
    agree(linked, "42.00", "865")


def test_the_link_ends_in_the_middle(linked: Town) -> None:
    linked.partner.do("faults", call_lost=10**6)
    names = [linked.ask("out", "10.00"), linked.ask("in", "135")]
    until(lambda: linked.partner.exchange(names[1])["attempts"])
    link = linked.get("/v1/me/links")["items"][0]["id"]
    ended = httpx.delete(f"{linked.url}/v1/me/links/{link}", headers=linked.me)
    assert ended.json()["value"]["exchanges_taken_back"] == 2
    linked.partner.do("faults", call_lost=0)
    for name in names:
        wait_for(linked, name, "rejected")
    agree(linked, "32.00", "1000")


def test_more_units_than_there_are(linked: Town) -> None:
    wait_for(linked, linked.ask("in", "1350"), "rejected")
    agree(linked, "32.00", "1000")


def test_the_partner_is_told_signed_and_in_order(told: Town) -> None:
    assert told.link().status_code == 201
    told.ride("ride 3", 3)
    name = told.ask("out", "5.00")
    until(lambda: told.run("webhooks.relay") == 0 and told.exchange(name) == "confirmed")
    wait_for(told, name, "confirmed")
    assert told.partner.refused() == []
    with told.house.work(COMMAND) as work:
        webhooks.register(work, UNIONPAY, told.endpoint)  # the partner has not heard of this
    name = told.ask("in", "135")
    until(lambda: told.run("webhooks.relay") == 0 and told.exchange(name) == "confirmed")
    wait_for(told, name, "confirmed")
    assert told.partner.refused() == []


def test_what_two_days_have_told_is_refused_as_old_and_fetched(told: Town) -> None:
    assert told.link().status_code == 201
    told.ride("ride 3", 3)
    told.clock.instant += timedelta(days=2)
    name = told.ask("out", "5.00")
    assert told.run("webhooks.relay")
    assert "old" in {kind for kind, _ in told.partner.refused()}
    told.partner.kill()
    told.partner.start()
    wait_for(told, name, "confirmed")


@pytest.mark.parametrize("first", ["city", "partner"])
def test_a_ride_that_both_saw_is_paid_by_the_city(linked: Town, first: str) -> None:
    act = {"account": "anna", "behaviour": "bus_ride", "units": 108, "reduction_g": "80.000"}
    told_at = {"reference": "theirs", "occurred_at": linked.at(10)}
    if first == "city":
        assert linked.ride("ours", 10).status == "credited"
    linked.partner.do("acts", **act, **told_at)
    until(lambda: linked.partner.look("acts/theirs")["status"] is not None)
    if first == "partner":
        assert linked.ride("ours", 10).status == "credited"
    until(lambda: linked.partner.look("acts/theirs")["status"] == "yielded")
    agree(linked, "40.00", "1000")


@pytest.mark.parametrize("first", ["city", "partner"])
def test_a_payment_that_both_saw_is_paid_by_the_partner_until_it_takes_it_back(
    linked: Town, first: str
) -> None:
    act: dict[str, Any] = {"account": "anna", "behaviour": "mobile_payment", "units": 20}
    told_at = {"reference": "theirs", "occurred_at": linked.at(10), "payment_id": "P-1"}
    before = linked.points
    if first == "city":
        assert linked.ride("P-1", 10, behaviour="mobile_payment").status == "credited"
        assert linked.points > before
    linked.partner.do("acts", **act, **told_at)
    until(lambda: linked.partner.look("acts/theirs")["status"] == "held")
    if first == "partner":
        assert linked.ride("P-1", 10, behaviour="mobile_payment").status == "overlapped"
    agree(linked, before, "1020")
    linked.partner.do("acts/theirs/reverse")
    until(lambda: linked.partner.look("acts/theirs")["withdrawn"])
    assert linked.points > before
    assert linked.partner.look()["balances"]["anna"] == "1000"


def test_yesterday_s_file_is_the_same_on_both_sides(linked: Town) -> None:
    day = linked.clock.now().astimezone(linked.house.rules.pack.zone).date().isoformat()
    names = [linked.ask(way, much) for way, much in (("out", "10.00"), ("in", "68"))]
    for name in names:
        wait_for(linked, name, "confirmed")
    linked.clock.instant += timedelta(days=1)
    linked.run("recognition.close_days")
    said = linked.partner.do("settlements", day=day)
    ours = {(line["exchange"], line["kind"], line["amount"]) for line in said["ours"]}
    assert ours == {(names[0], "out", "10.00"), (names[1], "in", "-5.03")}
    theirs = said["city"]["lines"]
    assert {(line["exchange"], line["kind"], line["amount"]) for line in theirs} == ours
    assert said["reconciled"]["differences"] == []
