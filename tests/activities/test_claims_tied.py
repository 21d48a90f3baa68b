"""Claims that one number, a third one's knowledge or a chosen payer ties to an act: paid once."""

from datetime import timedelta
from typing import Any

import pytest

from app import activities, consent
from app.activities.intake import reference_hash
from app.activities.tables import activity
from app.kernel import FixedClock
from app.plumbing import House
from tests.activities.platform import CITY_FIRST, PARTNER_FIRST, START, Platform, at
from tests.activities.town import TESTER, Town, act

BILL = {"utility_type": "water", "account": "W", "billing_period": "2026-01"}


@pytest.fixture
def town(house: House, clock: FixedClock) -> Town:
    clock.instant = START
    return Town.found(house, clock, residents=2)


def standing(town: Town, reference: str) -> tuple[str, str | None]:
    found = {row.reference_hash: row for row in town.rows(activity)}
    row = found[reference_hash(town.providers[0].wire, reference)]
    return row.status, row.reason


def claims(town: Town) -> dict[str, str]:
    return {name: status for (_, name), status in town.state()["claims"].items()}


@pytest.mark.parametrize("last", ["knows", "bare"])
def test_who_knows_both_numbers_ties_those_who_know_one(town: Town, last: str) -> None:
    """The city knows the order, one partner the debit, another both: one cup."""
    town.link()
    town.record(act("r", "own_cup", at("08:00:00"), order_id="O"))
    said: dict[str, Any] = {
        "bare": (Platform(town, "ccb", PARTNER_FIRST), {"payment_id": "P"}),
        "knows": (Platform(town, "citic", CITY_FIRST), {"payment_id": "P", "order_id": "O"}),
    }
    for name in sorted(said, key=lambda name: name == last):
        platform, words = said[name]
        platform.claim(name, "own_cup", None, **words)
    assert standing(town, "r") == ("overlapped", "PARTNER")
    assert claims(town) == {"bare": "held", "knows": "yielded"}
    assert town.audit() == []


def test_two_debits_within_minutes_of_a_ride_without_number_are_two_rides(town: Town) -> None:
    town.record(act("r", "bus_ride", at("08:00:00")))
    Platform(town, "ccb").claim("one", "bus_ride", at("08:00:00"), payment_id="P1")
    Platform(town, "citic", CITY_FIRST).claim("two", "bus_ride", at("08:00:00"), payment_id="P2")
    assert standing(town, "r") == ("overlapped", "PARTNER")
    assert claims(town) == {"one": "held", "two": "held"}
    assert town.audit() == []


def test_a_debit_known_without_its_minute_is_found_by_that_of_its_twin(town: Town) -> None:
    town.record(act("r", "bus_ride", at("08:00:00")))
    Platform(town, "ccb", PARTNER_FIRST).claim("number", "bus_ride", None, payment_id="P")
    both = Platform(town, "citic", CITY_FIRST)
    both.claim("both", "bus_ride", at("08:00:00"), payment_id="P")
    assert standing(town, "r") == ("overlapped", "PARTNER")
    assert claims(town) == {"number": "held", "both": "yielded"}
    assert town.audit() == []


def test_what_one_partner_alone_pays_no_other_one_holds(town: Town, clock: FixedClock) -> None:
    unionpay, ccb = Platform(town), Platform(town, "ccb", CITY_FIRST)
    with town.house.work(TESTER) as work:
        day = (START + timedelta(days=1)).date()
        activities.set_payer(work, town.residents[0], "walking", "ccb", day)
    clock.instant = START + timedelta(days=3)
    assert unionpay.claim("before", "walking", None, on="2026-01-20").status == "held"
    assert unionpay.claim("first", "walking", None, on="2026-01-21").status == "yielded"
    assert ccb.claim("alone", "walking", None, on="2026-01-21").status == "held"
    steps = {"device": "d", "quantity": "9000", "unit": "step"}
    town.record(act("r", "walking", at("20:00:00", "2026-01-21"), day="2026-01-21", **steps))
    assert unionpay.claim("then", "walking", None, on="2026-01-21").status == "yielded"
    assert standing(town, "r") == ("overlapped", "PARTNER")
    assert claims(town) == {
        "before": "held", "first": "yielded", "alone": "held", "then": "yielded",
    }  # fmt: skip
    assert town.audit() == []


@pytest.mark.parametrize("claimed_first", [True, False])
def test_a_bill_that_the_city_pays_another_resident_is_held_by_no_claim(
    town: Town, claimed_first: bool
) -> None:
    """The thing is one in the city; when its holder's report goes, the claim is judged again."""
    partner = Platform(town)

    def claim() -> None:
        partner.claim("c", "online_utility_bill", None, **BILL)

    town.record(act("theirs", "online_utility_bill", at("07:00:00"), "card1", amount="30", **BILL))
    if claimed_first:
        claim()
        assert claims(town) == {"c": "held"}  # nobody can know whose bill this is
    town.record(act("mine", "online_utility_bill", at("08:00:00"), amount="30", **BILL))
    if not claimed_first:
        claim()
    assert standing(town, "mine")[0] == "overlapped"
    assert claims(town) == {"c": "yielded"}
    assert town.audit() == []
    town.reverse("theirs")
    town.job("activities.settle_freed")
    assert claims(town) == {"c": "held"}
    assert standing(town, "mine") == ("overlapped", "PARTNER")
    assert town.audit() == []


def test_acts_from_before_the_secret_are_found_by_time_and_by_no_number(town: Town) -> None:
    """Nobody could tell their numbers any more; so no number-only claim of those days is taken."""
    town.record(act("ride", "bus_ride", at("08:00:00"), payment_id="P1"))
    with town.house.work(TESTER) as work:
        secret = consent.give_secret(work, town.residents[0])
    partner = Platform(town)
    assert partner.secret == secret
    late = partner.claim("late", "egov_online_service", None, case_id="C1")
    assert (late.status, late.reason) == ("rejected", "before_link")
    assert partner.claim("c", "bus_ride", at("08:00:00"), payment_id="P1").status == "held"
    assert standing(town, "ride")[0] == "overlapped"


def test_a_number_under_a_secret_that_was_forgotten_is_no_other_number(town: Town) -> None:
    town.link()
    town.record(act("ride", "bus_ride", at("08:00:00"), payment_id="P1"))
    with town.house.work(TESTER) as work:
        consent.forget_secret(work, town.residents[0])
    partner = Platform(town)
    assert partner.claim("c", "bus_ride", at("08:00:00"), payment_id="P1").status == "held"
    assert standing(town, "ride")[0] == "overlapped"
    assert town.audit() == []
