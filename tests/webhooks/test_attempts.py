"""What becomes of an event, whatever the other side does."""

from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime

import pytest

from app.kernel import NotFound
from tests.webhooks.conftest import City
from tests.webhooks.receiver import Does, Receiver, drop, receiving


@pytest.fixture(autouse=True)
def registered(city: City, server: Receiver) -> None:
    city.register(server.url)


def test_what_is_put_is_sent_once(city: City, server: Receiver) -> None:
    city.put(3)
    assert city.relay() == 3
    assert city.relay() == 0
    assert server.sequences == [1, 2, 3]
    assert {each.path for each in server.got} == {"/hooks?from=city"}
    assert city.states() == ["delivered"] * 3


def test_a_failure_is_tried_again_with_the_same_id_and_bytes(city: City, server: Receiver) -> None:
    server.does += [500, 502, 200]
    city.put()
    for seconds in (0, 6, 36):
        city.wait(seconds=seconds)
        assert city.relay() == 1
    assert city.relay() == 0
    assert len(set(server.ids)) == 1
    assert len({each.body for each in server.got}) == 1
    times = [int(each.headers["webhook-timestamp"]) for each in server.got]
    assert times == [times[0], times[0] + 6, times[0] + 42]
    assert len({each.headers["webhook-signature"] for each in server.got}) == 3
    (delivery,) = city.listed()
    assert (delivery.state, delivery.attempts, delivery.last_status) == ("delivered", 3, 200)


def test_it_is_not_tried_before_its_time(city: City, server: Receiver) -> None:
    server.does += [500]
    city.put()
    city.relay()
    city.wait(seconds=4)
    assert city.relay() == 0
    city.wait(seconds=2)
    assert city.relay() == 1


@pytest.mark.parametrize("failure", [301, 302, 307, 400, 404, 500, 503, drop])
def test_one_that_fails_does_not_stop_the_others(
    city: City, server: Receiver, failure: Does
) -> None:
    server.does += [failure]
    city.put(3)
    assert city.relay() == 3
    assert city.states() == ["waiting", "delivered", "delivered"]
    city.wait(seconds=6)
    city.relay()
    assert server.sequences == [1, 2, 3, 1]


def test_a_redirect_is_not_followed(city: City, server: Receiver) -> None:
    with receiving() as elsewhere:
        server.does += [(307, {"location": elsewhere.url})]
        city.put()
        city.relay()
        assert (len(server.got), elsewhere.got) == (1, [])
    assert city.listed()[0].last_status == 307


def test_whoever_is_not_there_is_told_later(city: City) -> None:
    with receiving() as gone:
        city.register(gone.url)
    city.put(5)
    assert city.relay() == 3  # then it is left alone for a while
    assert city.relay() == 0
    assert {each.last_status for each in city.listed()} == {None}
    with receiving() as back:
        city.register(back.url)
        assert city.relay() == 5
        assert back.sequences == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("status", [429, 503])
def test_a_party_that_asks_for_rest_is_left_alone(
    city: City, server: Receiver, status: int
) -> None:
    server.does += [(status, {"retry-after": "120"})]
    city.put(3)
    assert city.relay() == 1
    city.wait(seconds=119)
    assert city.relay() == 0
    city.wait(seconds=1)
    assert city.relay() == 3
    assert city.states() == ["delivered"] * 3


def test_a_rest_may_have_a_date_and_has_an_end(city: City, server: Receiver) -> None:
    tomorrow = format_datetime(city.clock.instant + timedelta(days=1), usegmt=True)
    server.does += [(503, {"retry-after": tomorrow})]
    city.put()
    city.relay()
    city.wait(minutes=59)
    assert city.relay() == 0
    city.wait(minutes=1)
    assert city.relay() == 1


@pytest.mark.parametrize("text", ["soon", "-5", "1e9", ""])
def test_a_rest_nobody_can_read_is_none(city: City, server: Receiver, text: str) -> None:
    server.does += [(503, {"retry-after": text})]
    city.put()
    city.relay()
    city.wait(seconds=6)
    assert city.relay() == 1


def test_gone_disables_until_registered_again(city: City, server: Receiver) -> None:
    server.does += [200, 410]
    city.put(3)
    assert city.relay() == 2
    found = city.endpoint()
    assert found is not None
    assert found.disabled_at == city.clock.instant
    city.wait(days=3)
    assert city.relay() == 0
    assert city.states() == ["delivered", "waiting", "waiting"]
    city.register(server.url)
    assert city.relay() == 2
    assert server.sequences == [1, 2, 2, 3]


def test_dead_after_a_day_and_replayed(city: City, server: Receiver) -> None:
    server.always = 500
    (event_id,) = city.put()
    began = city.clock.instant
    while city.states() == ["waiting"]:
        assert city.relay() == 1
        city.clock.instant = max(city.clock.instant, city.listed()[0].due_at)
    assert timedelta(0) <= city.clock.instant - began - timedelta(days=1) < timedelta(seconds=1)
    assert 10 <= len(server.got) <= 15
    city.wait(days=1)
    assert city.relay() == 0

    server.always = 200
    again = city.replay(event_id)
    assert (again.state, again.attempts) == ("waiting", 0)
    assert city.relay() == 1
    assert city.states() == ["delivered"]
    assert len(set(server.ids)) == 1
    assert len({each.body for each in server.got}) == 1


def test_after_a_replay_there_is_another_day(city: City, server: Receiver) -> None:
    server.always = 500
    (event_id,) = city.put()
    city.relay()
    city.wait(days=2)
    city.relay()
    assert city.states() == ["dead"]
    city.replay(event_id)
    city.relay()
    assert city.states() == ["waiting"]


def test_what_was_delivered_can_be_replayed(city: City, server: Receiver) -> None:
    first, second = city.put(2)
    city.relay()
    city.replay(second)
    assert city.relay() == 1
    assert server.sequences == [1, 2, 2]
    assert server.got[1].body == server.got[2].body
    assert city.listed()[0].id == first


def test_only_what_is_there_and_ones_own_is_replayed(city: City) -> None:
    (event_id,) = city.put()
    assert city.replay(event_id, "union").id == event_id
    for wrong in ((event_id, "citic"), (b"\0" * 16, None), (b"", None)):
        with pytest.raises(NotFound, match="unknown_event"):
            city.replay(*wrong)


def test_parties_go_side_by_side(city: City, another: Callable[..., Receiver]) -> None:
    """A party that does not answer holds up nobody: the other is told before it is given up."""
    slow, quick = another(), another()
    told_meanwhile: list[int] = []

    def answer_late(request: object) -> None:
        quick.ending.wait(1.5)
        told_meanwhile.append(len(quick.got))
        drop(request)

    slow.does += [answer_late]
    city.register(slow.url, "slow")
    city.register(quick.url, "quick")
    city.put(1, "slow")
    city.put(30, "quick")
    city.relay()
    assert told_meanwhile == [30]
    assert quick.sequences == [*range(1, 31)]
