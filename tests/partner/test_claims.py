"""Acts that the partner credits, and what becomes of them when the city has seen them, too."""

from typing import Any

import pytest

from partner.keys import keys_of
from tests.partner.stage import Partner, until
from tests.partner.stub import CLAIM_SECRET, FAIL, HTTP, LOSE_ANSWER, LOSE_CALL, StubCity

AT = "2026-03-10T08:15:30+08:00"


@pytest.fixture
def linked(city: StubCity, partner: Partner) -> Partner:
    city.send(city.link("anna"))
    until(lambda: partner.look()["links"])
    return partner


def ride(partner: Partner, name: str = "ride", **more: Any) -> Any:
    told = {"behaviour": "bus_ride", "occurred_at": AT, "reduction_g": "80.000"} | more
    return partner.do("acts", account="anna", reference=name, **told)


def act(partner: Partner, name: str = "ride") -> Any:
    return partner.look(f"acts/{name}")


def stands(partner: Partner, status: str, name: str = "ride") -> Any:
    return until(lambda: (found := act(partner, name))["status"] == status and found)


def told(city: StubCity, status: str, name: str = "ride") -> dict:
    data = {"claim": f"clm_{name}", "reference": name, "link": "lnk_1", "status": status, "at": AT}
    return city.put(f"claim.{status}", data)


def test_a_claim_carries_all_keys(city: StubCity, linked: Partner) -> None:
    assert ride(linked, payment_id="P 1") == {"recorded": 1, "of": 1}
    assert stands(linked, "held")["units"] == "10"
    keys = keys_of(CLAIM_SECRET, "bus_ride", "2026-03-10", {"payment_id": "P 1"}, AT)
    assert city.claims["ride"] == {
        "reference": "ride", "link": "lnk_1", "behaviour": "bus_ride", "day": "2026-03-10",
        "keys": keys, "reduction_g": "80.000",
    }  # fmt: skip


def test_the_day_is_the_city_s(city: StubCity, linked: Partner) -> None:
    ride(linked, occurred_at="2026-03-09T23:30:00+00:00", account_no="W-1")
    stands(linked, "held")
    assert city.claims["ride"]["day"] == "2026-03-10"


def test_the_same_act_twice_is_one(city: StubCity, linked: Partner) -> None:
    assert [ride(linked)["recorded"] for _ in range(3)] == [1, 0, 0]
    stands(linked, "held")
    assert linked.look()["balances"] == {"anna": "1010"}


def test_a_claim_that_yields_is_taken_back(city: StubCity, linked: Partner) -> None:
    city.verdicts["ride"] = {"status": "yielded", "reason": "TRIP"}
    ride(linked)
    assert stands(linked, "yielded")["units"] == "0"
    assert linked.look()["balances"] == {"anna": "1000"}


def test_events_turn_it_and_turn_it_back(city: StubCity, linked: Partner) -> None:
    ride(linked)
    stands(linked, "held")
    yielded, held, again = (told(city, each) for each in ("yielded", "held", "yielded"))
    for event in (again, yielded, held, yielded):  # late, reordered, twice
        city.send(event)
    until(lambda: linked.look()["sequence"] == 4)
    assert stands(linked, "yielded")["units"] == "0"
    city.send(told(city, "held"))
    assert stands(linked, "held")["units"] == "10"


def test_an_event_overtakes_the_answer(city: StubCity, linked: Partner) -> None:
    linked.do("faults", answer_lost=1, on="/partner/claims")
    ride(linked)
    city.send(told(city, "yielded"))  # another act came while our answer was under way
    assert stands(linked, "yielded")["units"] == "0"
    until(lambda: linked.look()["sequence"] == 2)
    assert act(linked)["status"] == "yielded"


@pytest.mark.parametrize("fate", [LOSE_CALL, LOSE_ANSWER, FAIL])
def test_no_answer(city: StubCity, linked: Partner, fate: str) -> None:
    city.fates.append(fate)
    ride(linked)
    assert stands(linked, "held")["claim"] == "clm_ride"


def test_what_was_claimed_before_says_how_it_stands_now(city: StubCity, linked: Partner) -> None:
    city.claims["ride"] = {}
    city.verdicts["ride"] = {"status": "yielded", "reason": "TRIP"}
    ride(linked)
    assert stands(linked, "yielded")["reason"] == "TRIP"


def test_one_that_is_malformed_does_not_stop_the_others(city: StubCity, linked: Partner) -> None:
    acts = [
        {"account": "anna", "behaviour": what, "reference": f"act {n}", "occurred_at": AT}
        for n, what in enumerate(("bus_ride", "nonsense", "bus_ride"))
    ]
    linked.do("acts", acts=acts)
    stands(linked, "malformed", "act 1")
    assert [stands(linked, "held", f"act {n}")["units"] for n in (0, 2)] == ["10", "10"]


def test_taken_back_by_us(city: StubCity, linked: Partner) -> None:
    ride(linked)
    stands(linked, "held")
    assert linked.do("acts/ride/reverse")["units"] == "0"
    assert stands(linked, "reversed")["withdrawn"]
    linked.do("acts/ride/reverse")
    assert city.reversals == ["ride"]
    assert linked.look()["balances"] == {"anna": "1000"}


def test_taken_back_while_nobody_knows_whether_it_was_claimed(
    city: StubCity, linked: Partner
) -> None:
    linked.do("faults", answer_lost=3, on="/partner/claims")
    ride(linked)
    until(lambda: "ride" in city.claims)
    linked.do("acts/ride/reverse")
    stands(linked, "reversed")
    assert city.reversals == ["ride"]


def test_taken_back_before_it_was_claimed(city: StubCity, partner: Partner) -> None:
    ride(partner)
    partner.do("acts/ride/reverse")
    city.send(city.link("anna"))
    ride(partner, "other")
    stands(partner, "held", "other")
    assert list(city.claims) == ["other"]
    assert city.reversals == []


def test_acts_from_before_the_link_are_claimed_when_it_opens(
    city: StubCity, partner: Partner
) -> None:
    ride(partner)
    assert act(partner)["status"] is None
    city.send(city.link("anna"))
    stands(partner, "held")


def test_nothing_is_claimed_after_the_link_ended(city: StubCity, linked: Partner) -> None:
    city.links["lnk_1"]["status"] = "ended"
    city.send(city.put("link.ended", {"link": "lnk_1", "account": "anna"}))
    until(lambda: [each["status"] for each in linked.look()["links"]] == ["ended"])
    ride(linked)
    city.send(city.link("anna", "lnk_2"))
    stands(linked, "held")
    assert city.claims["ride"]["link"] == "lnk_2"


def test_a_link_that_ended_before_we_asked_for_its_secret(city: StubCity, partner: Partner) -> None:
    event = city.link("anna")
    city.links["lnk_1"]["status"] = "ended"
    city.send(event)
    until(lambda: [each["status"] for each in partner.look()["links"]] == ["ended"])


def test_totals(city: StubCity, linked: Partner) -> None:
    said = {"behaviour": "walking", "month": "2026-03", "reduction_g": "120.000", "acts": 9}
    city.fates.append(LOSE_ANSWER)
    linked.do("totals", account="anna", **said)
    until(lambda: {"link": "lnk_1", **said} in city.totals)


def test_what_is_not_there(city: StubCity, partner: Partner) -> None:
    for path, body in (
        ("acts/none/reverse", {}),
        ("totals", {"account": "bob"}),
        ("statement", {"account": "bob"}),
    ):
        answer = HTTP.post(f"{partner.url}/control/{path}", json=body)
        assert answer.status_code == 404
