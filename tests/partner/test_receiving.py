"""Webhooks over HTTP: refused and recorded, or kept once and acted upon in their order."""

from pathlib import Path

import httpx
import pytest

from tests.partner.stage import Partner, until
from tests.partner.stub import HTTP, SECRET, StubCity

OTHER = b"another secret"


def state(partner: Partner, name: str = "xch_1") -> str | None:
    return partner.exchange(name)["state"]


def test_a_forged_signature_is_refused_and_recorded(city: StubCity, partner: Partner) -> None:
    event = city.put("exchange.requested", {})
    assert city.send(event, (OTHER,)).status_code == 401
    assert partner.refused() == [("forged", "evt_1")]


@pytest.mark.parametrize("age", [301, -400])
def test_an_old_timestamp_is_refused_and_recorded(
    city: StubCity, partner: Partner, age: int
) -> None:
    event = city.put("exchange.requested", {})
    answer = city.send(event, age=age)
    assert (answer.status_code, answer.json()) == (401, {"code": "old"})
    assert partner.refused() == [("old", "evt_1")]


def test_what_is_not_signed_is_refused_and_recorded(partner: Partner) -> None:
    assert HTTP.post(f"{partner.url}/webhooks", content=b"{}").status_code == 401
    assert partner.refused() == [("unsigned", "")]


def test_one_of_two_signatures_is_enough(city: StubCity, partner: Partner) -> None:
    assert city.send(city.link("anna"), (OTHER, SECRET)).status_code == 200


def test_a_replayed_one_is_recorded_and_has_no_second_effect(
    city: StubCity, partner: Partner
) -> None:
    event = city.ask("xch_1", "out", "10.00", "130")
    assert [city.send(event).status_code for _ in range(3)] == [200] * 3
    until(lambda: state(partner) == "done")
    assert city.send(event).status_code == 200
    assert partner.refused() == [("duplicate", "evt_1")] * 3
    assert partner.look()["balances"] == {"anna": "1130"}
    assert partner.look()["sequence"] == 1


def test_a_signed_one_that_nobody_understands_does_not_stop_the_next(
    city: StubCity, partner: Partner
) -> None:
    city.send(city.put("exchange.requested", {"exchange": "xch_0"}))
    city.send(city.ask("xch_1", "out", "10.00", "130"))
    until(lambda: state(partner) == "done")
    assert [kind for kind, _ in partner.refused()] == ["not_understood"]


def test_no_json_is_no_event(city: StubCity, partner: Partner) -> None:
    event = city.put("link.opened", {})
    del event["sequence"]
    assert city.send(event).status_code == 422


def test_the_end_before_the_beginning(city: StubCity, partner: Partner) -> None:
    asked = city.ask("xch_1", "in", "10.00", "135")
    ended = city.end("xch_1", "expired")
    city.send(ended)
    city.send(asked)
    until(lambda: partner.look()["sequence"] == 2)
    assert until(lambda: state(partner)) == "undone"
    assert partner.look()["balances"] == {"anna": "1000"}


def test_what_did_not_come_is_fetched(city: StubCity, partner: Partner) -> None:
    for n in range(5):
        last = city.ask(f"xch_{n}", "out", "1.00", "13")
    city.send(last)
    until(lambda: [each["state"] for each in partner.look()["exchanges"]] == ["done"] * 5)
    assert partner.look()["balances"] == {"anna": "1065"}
    assert partner.look()["sequence"] == 5


def test_what_does_not_exist_any_more_is_not_waited_for(city: StubCity, partner: Partner) -> None:
    city.ask("xch_0", "out", "1.00", "13")
    late = city.events[0]
    event = city.ask("xch_1", "out", "1.00", "13")
    city.events.pop(0)  # so long ago that the city has forgotten it
    city.send(event)
    until(lambda: state(partner) == "done")
    assert ("missed", "1 to 1") in partner.refused()
    city.send(late)
    until(lambda: state(partner, "xch_0") == "done")
    assert partner.look()["balances"] == {"anna": "1026"}


def test_the_last_one_is_lost_and_found_by_asking(
    city: StubCity, tmp_path: Path, started: list[Partner]
) -> None:
    partner = Partner(city.url, tmp_path, "--poll-ms", "50")
    started.append(partner)
    partner.start()
    partner.do("members", phone="13800138001", account="anna")
    city.ask("xch_1", "out", "10.00", "130")
    until(lambda: state(partner) == "done")
    assert partner.stop() == 0


@pytest.mark.parametrize("fault", ["reorder", "duplicate", "lose", "answer_500", "drop_before"])
def test_whatever_befalls_webhooks_each_has_one_effect(
    city: StubCity, partner: Partner, fault: str
) -> None:
    partner.do("faults", **{fault: 2})
    for n in range(6):
        event = city.ask(f"xch_{n}", "out" if n % 2 else "in", "10.00", "100")
        try:
            city.send(event)
        except httpx.HTTPError:
            assert fault == "drop_before"
    until(lambda: [each["state"] for each in partner.look()["exchanges"]] == ["done"] * 6)
    assert partner.look()["balances"] == {"anna": "1000"}
    assert partner.look()["faults"] == {"on": "/confirm"}


def test_an_answer_that_is_dropped_after_the_effect(city: StubCity, partner: Partner) -> None:
    partner.do("faults", drop_after=1, delay_ms=30)
    event = city.ask("xch_1", "out", "10.00", "130")
    with pytest.raises(httpx.HTTPError):
        city.send(event)
    assert city.send(event).status_code == 200
    until(lambda: state(partner) == "done")
    assert partner.look()["balances"] == {"anna": "1130"}


def test_a_new_secret_and_the_one_before_it(city: StubCity, partner: Partner) -> None:
    partner.do("secrets", secret="whsec_bmV3")
    assert city.send(city.link("anna"), (b"new",)).status_code == 200
    assert city.send(city.put("x.y", {}), (SECRET,)).status_code == 200
    partner.do("secrets", secret="whsec_bmV3ZXI=")
    assert city.send(city.put("x.y", {}), (SECRET,)).status_code == 401


def test_without_control_nobody_plays_with_it(city: StubCity, partner: Partner) -> None:
    assert HTTP.get(f"{partner.url}/healthz").json() == {"status": "alive"}
    assert HTTP.get(f"{partner.url}/control/nothing").status_code == 404
    assert HTTP.post(f"{partner.url}/control/faults", json={"wind": 1}).status_code == 422
    assert HTTP.get(f"{partner.url}/webhooks").status_code == 404
