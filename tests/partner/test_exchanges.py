"""The partner's side of an exchange: what the city has decided happens here, once."""

import pytest

from tests.partner.stage import Partner, until
from tests.partner.stub import (
    BUSY,
    FAIL,
    LATER,
    LOSE_ANSWER,
    LOSE_CALL,
    UNAUTHORIZED,
    StubCity,
)


def ended(partner: Partner, name: str = "xch_1") -> dict:
    return until(lambda: (found := partner.exchange(name))["state"] in ("done", "undone") and found)


def units(partner: Partner, account: str = "anna") -> str:
    return partner.look()["balances"][account]


@pytest.mark.parametrize(("way", "after"), [("out", "1130"), ("in", "870")])
def test_confirmed(city: StubCity, partner: Partner, way: str, after: str) -> None:
    city.send(city.ask("xch_1", way, "10.00", "130"))
    done = ended(partner)
    assert (done["state"], done["reference"], done["decided_at"]) == ("done", "LC-1", LATER)
    assert units(partner) == after
    assert city.exchanges["xch_1"]["reference"] == "LC-1"
    assert partner.look("ledger")["totals"][way] == "10.00"


def test_too_few_units(city: StubCity, partner: Partner) -> None:
    city.send(city.ask("xch_1", "in", "100.00", "1001"))
    assert ended(partner)["reason"] == "not_enough_units"
    assert city.exchanges["xch_1"]["status"] == "rejected"
    assert units(partner) == "1000"


def test_units_are_taken_aside_at_once(city: StubCity, partner: Partner) -> None:
    partner.do("faults", call_lost=10**6)
    for n in range(3):
        city.send(city.ask(f"xch_{n}", "in", "50.00", "400"))
    until(lambda: partner.exchange("xch_2")["state"] == "undone")
    assert units(partner) == "200"
    partner.do("faults", call_lost=0)
    until(lambda: partner.exchange("xch_1")["state"] == "done")
    assert units(partner) == "200"


def test_an_account_that_is_none(city: StubCity, partner: Partner) -> None:
    city.send(city.ask("xch_1", "out", "10.00", "130", account="bob"))
    assert ended(partner)["reason"] == "unknown_account"
    assert city.exchanges["xch_1"]["status"] == "rejected"


@pytest.mark.parametrize("way", ["out", "in"])
@pytest.mark.parametrize("status", ["expired", "rejected"])
def test_the_city_has_decided_otherwise(
    city: StubCity, partner: Partner, way: str, status: str
) -> None:
    asked = city.ask("xch_1", way, "10.00", "130")
    city.end("xch_1", status)  # and its webhook has not come yet
    city.send(asked)
    assert ended(partner)["reason"] == status
    assert units(partner) == "1000"


@pytest.mark.parametrize("way", ["out", "in"])
@pytest.mark.parametrize("fate", [LOSE_CALL, LOSE_ANSWER, FAIL, BUSY, UNAUTHORIZED])
@pytest.mark.parametrize("times", [1, 3])
def test_no_answer(city: StubCity, partner: Partner, way: str, fate: str, times: int) -> None:
    city.fates.extend([fate] * times)
    city.send(city.ask("xch_1", way, "10.00", "130"))
    assert ended(partner)["state"] == "done"
    assert units(partner) == {"out": "1130", "in": "870"}[way]
    keys = {key for _, path, _, key in city.calls if path.endswith("/confirm")}
    assert keys == {"confirm xch_1"}


@pytest.mark.parametrize("fault", ["call_lost", "answer_lost", "call_twice"])
@pytest.mark.parametrize("way", ["out", "in"])
def test_faults_of_its_own(city: StubCity, partner: Partner, way: str, fault: str) -> None:
    partner.do("faults", **{fault: 2, "call_delay_ms": 5})
    city.send(city.ask("xch_1", way, "10.00", "130"))
    assert ended(partner)["state"] == "done"
    assert units(partner) == {"out": "1130", "in": "870"}[way]


def test_the_answer_is_lost_and_the_city_says_later_what_it_was(
    city: StubCity, partner: Partner
) -> None:
    partner.do("faults", answer_lost=1)
    city.fates.extend([LOSE_ANSWER, *[FAIL] * 20])
    city.send(city.ask("xch_1", "out", "10.00", "130"))
    until(lambda: city.exchanges["xch_1"]["status"] == "confirmed")
    city.send(city.end("xch_1", "confirmed"))
    assert ended(partner)["state"] == "done"
    assert units(partner) == "1130"


def test_it_expires_while_nobody_can_be_asked(city: StubCity, partner: Partner) -> None:
    partner.do("faults", call_lost=10**6)
    city.send(city.ask("xch_1", "in", "10.00", "135"))
    until(lambda: partner.exchange("xch_1")["attempts"])
    assert units(partner) == "865"
    city.send(city.end("xch_1", "expired"))
    assert ended(partner)["reason"] == "expired"
    assert units(partner) == "1000"


@pytest.mark.parametrize(("way", "between"), [("out", "1130"), ("in", "870")])
def test_two_operators_of_the_city_correct_it(
    city: StubCity, partner: Partner, way: str, between: str
) -> None:
    city.send(city.ask("xch_1", way, "10.00", "130"))
    ended(partner)
    assert units(partner) == between
    event = city.end("xch_1", "corrected", "2026-03-11T09:00:00+08:00")
    city.send(event)
    city.send(event)
    corrected = until(lambda: (e := partner.exchange("xch_1"))["corrected_at"] and e)
    assert corrected["state"] == "corrected"
    assert corrected["corrected_at"] == "2026-03-11T09:00:00+08:00"
    assert units(partner) == "1000"
    assert partner.look("ledger")["totals"] == {"in": "0.00", "out": "0.00"}


def test_an_exchange_that_the_city_does_not_know(city: StubCity, partner: Partner) -> None:
    asked = city.ask("xch_1", "in", "10.00", "135")
    city.fates.append(FAIL)
    del city.exchanges["xch_1"]
    city.send(asked)
    assert ended(partner)["state"] == "undone"
    assert units(partner) == "1000"


def test_a_partner_that_lost_its_members_does_not_ask_for_ever(
    city: StubCity, partner: Partner
) -> None:
    asked = city.ask("xch_1", "out", "10.00", "130", account="bob")
    city.end("xch_1", "confirmed")
    city.send(asked)
    until(lambda: partner.exchange("xch_1")["state"] == "disputed")
    assert [kind for kind, _ in partner.refused()] == ["confirmed_when_declined"]


def test_a_decision_that_contradicts_the_first_is_not_followed_but_noted(
    city: StubCity, partner: Partner
) -> None:
    city.send(city.ask("xch_1", "out", "10.00", "130"))
    ended(partner)
    city.send(city.end("xch_1", "expired"))
    until(lambda: partner.look()["sequence"] == 2)
    assert ("expired_when_done", "xch_1") in partner.refused()
    assert units(partner) == "1130"
