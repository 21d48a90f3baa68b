"""Events belong to their causes, and are numbered without a gap."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from app import webhooks
from app.kernel import to_wire
from app.plumbing import jobs
from app.scheduler import all_jobs
from tests.webhooks.conftest import CAUSE, PARTY, City
from tests.webhooks.receiver import Receiver


def test_what_was_rolled_back_is_never_said(city: City, server: Receiver) -> None:
    city.register(server.url)
    city.put()
    with pytest.raises(KeyError), city.house.work(CAUSE) as work:  # noqa: PT012
        webhooks.put(work, PARTY, "thing.done", {})
        raise KeyError("the cause fails")
    city.put()
    city.relay()
    assert server.sequences == [1, 2]
    assert [each.data["number"] for each in city.pulled()] == [0, 0]


def test_many_things_of_one_cause_keep_their_order(city: City, server: Receiver) -> None:
    city.register(server.url)
    with city.house.work(CAUSE) as work:
        many = [("thing.done", {"number": number}) for number in range(45)]
        made = webhooks.put_all(work, PARTY, many)
    assert city.relay() == 45
    assert [each.json["data"]["number"] for each in server.got] == [*range(45)]
    assert server.ids == [to_wire("evt", each) for each in made]


def test_without_an_endpoint_events_can_be_pulled(city: City) -> None:
    made = city.put(5)
    assert city.relay() == 0
    assert [(each.sequence, each.id) for each in city.pulled()] == [*enumerate(made, 1)]
    assert [each.sequence for each in city.pulled(after=2, limit=2)] == [3, 4]
    assert city.pulled(after=5) == []
    assert city.endpoint() is None


def test_what_is_pulled_is_what_is_sent(city: City, server: Receiver) -> None:
    city.put(name="微碳", sums=["8.00", None, {"b": 1, "a": [True]}])
    zone = city.house.rules.pack.zone
    (pulled,) = city.pulled()
    city.register(server.url)
    city.relay()
    assert server.got[0].json == webhooks.told(pulled, zone)
    assert server.got[0].json == {
        "type": "thing.done",
        "timestamp": "2026-03-10T12:00:00+08:00",
        "party": PARTY,
        "sequence": 1,
        "id": to_wire("evt", pulled.id),
        "data": {"number": 0, "name": "微碳", "sums": ["8.00", None, {"b": 1, "a": [True]}]},
    }
    assert server.got[0].headers["content-type"] == "application/json"


def test_each_party_counts_for_itself(city: City) -> None:
    for party in ("union", "citic", "union"):
        city.put(party=party)
    assert [each.sequence for each in city.pulled(party="union")] == [1, 2]
    assert [each.sequence for each in city.pulled(party="citic")] == [1]


def test_eight_at_once_leave_no_gap(city: City, server: Receiver) -> None:
    """Causes commit, readers pull and a relay sends, all at the same time."""
    city.register(server.url)

    def cause(number: int) -> list[int]:
        with city.house.work(CAUSE) as work:
            webhooks.put(work, PARTY, "thing.done", {"number": number})
        if number % 5 == 0:
            return [each.sequence for each in city.pulled(limit=200)]
        if number % 7 == 0:
            city.relay()
        return []

    with ThreadPoolExecutor(8) as threads:
        pulled = list(threads.map(cause, range(80)))
    city.relay()
    assert [each for each in pulled if each != [*range(1, len(each) + 1)]] == []
    found = city.pulled(limit=200)
    assert [each.sequence for each in found] == [*range(1, 81)]
    assert sorted(each.data["number"] for each in found) == [*range(80)]
    assert sorted(server.sequences) == [*range(1, 81)]


def test_a_party_s_numbers_are_final(city: City) -> None:
    city.put(3)
    before = city.pulled()
    city.put(3)
    assert city.pulled()[:3] == before


def test_old_events_are_forgotten_by_what_became_of_them(city: City, server: Receiver) -> None:
    forget = all_jobs()["webhooks.forget"]
    city.register(server.url)
    server.does += [200, 500]
    city.put(2)
    city.relay()
    city.put(party="silent")
    city.wait(days=29)
    server.always = 500
    city.relay()
    assert city.states() == ["delivered", "dead"]
    assert jobs.run(city.house, forget) == 0
    city.wait(days=2)
    assert jobs.run(city.house, forget) == 1
    assert [each.sequence for each in city.pulled()] == [2]
    city.wait(days=60)
    assert jobs.run(city.house, forget) == 2
    assert (city.listed(), city.listed(party="silent")) == ([], [])
    city.put()
    assert [each.sequence for each in city.pulled()] == [3]


def test_a_party_registered_late_is_told_what_waited(city: City, server: Receiver) -> None:
    city.put(3)
    city.relay()
    city.wait(days=10)
    city.register(server.url)
    assert city.relay() == 3
    assert server.sequences == [1, 2, 3]
    assert city.listed()[0].last_tried_at == city.clock.instant
    assert city.listed()[0].at <= city.clock.instant - timedelta(days=10)
