"""Claims of partners: one act has one payer, whoever tells of it, in any order."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import permutations
from typing import Any

import pytest

from app import activities, consent
from app.activities import tables as t
from app.activities.intake import reference_hash
from app.activities.working import working
from app.kernel import FixedClock, Invalid
from app.plumbing import House
from app.rulebook import Rulebook
from app.webhooks.tables import event
from tests.activities.platform import (
    CITY_FIRST,
    DAY,
    EQUAL,
    PARTNER_FIRST,
    START,
    Platform,
    at,
)
from tests.activities.town import TESTER, Town, act


@pytest.fixture
def town(house: House, clock: FixedClock) -> Town:
    clock.instant = START
    return Town.found(house, clock)


def paid_by(town: Town, reference: str) -> str | None:
    """Who the resident is told to pay an act."""
    found = {r.reference_hash: r for r in town.rows(t.activity)}
    row = found[reference_hash(town.providers[0].wire, reference)]
    with town.house.look(TESTER) as work:
        return working(work, row.resident_id, row.id)["paid_by"]


def told(town: Town) -> list[str]:
    return [row.type for row in sorted(town.rows(event), key=lambda row: row.id)]


def score(town: Town, reference: str) -> tuple[str, str | None, int]:
    found = {r.reference_hash: r for r in town.rows(t.activity)}
    row = found[reference_hash(town.providers[0].wire, reference)]
    return row.status, row.reason, row.points


RIDE = ("credited", None, 800)
THEIRS = ("overlapped", "PARTNER", 0)


@pytest.mark.parametrize("priority", [PARTNER_FIRST, CITY_FIRST])
@pytest.mark.parametrize("city_first", [True, False])
def test_the_documented_priority_decides_and_not_who_came_first(
    town: Town, priority: int, city_first: bool
) -> None:
    partner = Platform(town, priority=priority)
    ride = act("r", "bus_ride", at("08:00:00"))
    if city_first:
        town.record(ride)
        answer = partner.claim("c", "bus_ride", at("08:03:00"))
    else:
        answer = partner.claim("c", "bus_ride", at("08:03:00"))
        assert answer.status == "held"
        town.record(ride)
    partner_pays = priority == PARTNER_FIRST
    assert score(town, "r") == (THEIRS if partner_pays else RIDE)
    assert town.state()["claims"] == {("unionpay", "c"): "held" if partner_pays else "yielded"}
    assert town.wallet().available + town.wallet().pending == (0 if partner_pays else 800)
    # Whoever is told in the answer is not told again; who learns later is told by an event.
    assert told(town) == ([] if city_first or partner_pays else ["claim.yielded"])
    assert town.audit() == []


@pytest.mark.parametrize("priority", [PARTNER_FIRST, EQUAL, CITY_FIRST])
def test_a_withdrawn_credit_and_a_reversed_act_change_the_payer(town: Town, priority: int) -> None:
    partner = Platform(town, priority=priority)
    town.record(act("r", "bus_ride", at("08:00:00")))
    first = partner.claim("c", "bus_ride", at("08:00:00")).status
    if first == "held":
        assert town.withdraw("c", "c", "nobody's") == ["reversed", "already", "unknown"]
        assert score(town, "r") == RIDE
    else:
        town.reverse("r")
        assert town.state()["claims"] == {("unionpay", "c"): "held"}
        assert told(town) == ["claim.held"]
    assert town.withdraw("c")[0] == ("already" if first == "held" else "reversed")
    assert town.audit() == []


def test_a_claim_sent_again_is_a_duplicate_and_with_other_words_refused(town: Town) -> None:
    partner = Platform(town)
    said = partner.said("c", "bus_ride", at("08:00:00"))
    first = town.claim(said)[0]
    again, other = town.claim(said, said._replace(reduction_mg=1))
    assert (again.status, again.id, again.reason) == ("duplicate", first.id, "held")
    assert (other.status, other.reason) == ("rejected", "reference_reused")
    # The same words of another partner are another claim, of the same act.
    assert [each.status for each in town.claim(said, partner="citic")] == ["yielded"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"behaviour": "flying"}, "unknown_behaviour"),
        ({"day": date(2026, 1, 21)}, "in_the_future"),
        ({"day": date(2024, 1, 21)}, "too_old"),
        ({"keys": {}}, "bad_keys"),
        ({"day": date(2026, 1, 18)}, "bad_key_time"),
        ({"behaviour": "walking"}, "bad_keys"),
    ],
)
def test_a_bad_claim_is_rejected_and_fails_no_other(
    town: Town, change: dict[str, Any], reason: str
) -> None:
    good = Platform(town).said("good", "bus_ride", at("08:00:00"))
    bad = good._replace(reference="bad", **change)
    answers = town.claim(bad, good)
    assert [(each.status, each.reason) for each in answers] == [
        ("rejected", reason),
        ("held", None),
    ]


def test_without_a_secret_nothing_can_be_claimed(town: Town) -> None:
    said = Platform(town).said("c", "bus_ride", at("08:00:00"))
    with town.house.work(TESTER) as work:
        consent.forget_secret(work, town.residents[0])
    assert [each.reason for each in town.claim(said)] == ["unknown_link"]


def test_what_was_claimed_stays_so_when_the_secret_is_forgotten(town: Town) -> None:
    Platform(town).claim("c", "bus_ride", at("08:00:00"))
    with town.house.work(TESTER) as work:
        consent.forget_secret(work, town.residents[0])
    town.record(act("r", "bus_ride", at("08:02:00")))
    assert score(town, "r") == THEIRS
    assert town.audit() == []


def test_a_number_decides_where_both_have_one_of_its_kind(town: Town) -> None:
    partner = Platform(town)
    town.record(
        act("same", "bus_ride", at("08:00:00"), payment_id="P1"),
        act("other", "bus_ride", at("09:00:00"), payment_id="P2"),
    )
    # An hour apart but the same payment; the same minute but another payment.
    partner.claim("c1", "bus_ride", at("12:00:00"), payment_id="P1")
    partner.claim("c2", "bus_ride", at("09:00:00"), payment_id="P3")
    assert score(town, "same") == THEIRS
    assert paid_by(town, "same") == "unionpay"
    assert score(town, "other") == RIDE


def test_a_claim_of_a_report_that_lost_is_one_of_the_report_that_stays(town: Town) -> None:
    """The card's tap carries the payment, the operator's order the distance: one ride."""
    partner = Platform(town)
    town.record(
        act("tap", "bus_ride", at("08:00:00"), payment_id="P1"),
        act("order", "bus_ride", at("08:00:20"), quantity="7.3", unit="km"),
    )
    assert score(town, "tap")[:2] == ("overlapped", "TRIP")
    assert partner.claim("c", "bus_ride", at("12:00:00"), payment_id="P1").status == "held"
    assert score(town, "order") == THEIRS
    assert paid_by(town, "order") == "unionpay"
    assert paid_by(town, "tap") is None
    assert town.audit() == []


def test_one_claim_is_one_act_of_two_within_its_cells(town: Town) -> None:
    partner = Platform(town)
    town.record(
        act("one", "bus_ride", at("08:01:00"), vehicle="A"),
        act("two", "bus_ride", at("08:06:00"), vehicle="B"),
    )
    partner.claim("c", "bus_ride", at("08:06:10"))
    assert [score(town, each) for each in ("one", "two")] == [RIDE, THEIRS]
    partner.claim("d", "bus_ride", at("08:01:10"))
    assert [score(town, each) for each in ("one", "two")] == [THEIRS, THEIRS]
    assert town.audit() == []


def test_three_platforms_and_the_city_pay_one_ride_once_in_every_order(town: Town) -> None:
    platforms = [
        Platform(town, code, priority)
        for code, priority in (("unionpay", 110), ("citic", 100), ("ccb", 90))
    ]

    def tell(who: Any) -> None:
        if who is None:
            town.record(act("r", "bus_ride", at("08:02:00")))
        else:
            who.claim("c", "bus_ride", at("08:01:00"))

    ends = set()
    for order in permutations([None, *platforms]):
        town.forget()
        for who in order:
            tell(who)
        state = town.state()
        ends.add(repr((sorted(state["claims"].items()), state["scores"])))
        assert list(state["claims"].values()).count("held") == 1
        assert town.audit() == []
    assert len(ends) == 1


@pytest.mark.parametrize(
    ("code", "evidence"),
    [
        ("egov_online_service", {"case_id": "C", "fully_online": True}),
        ("own_cup", {"order_id": "O"}),
        (
            "online_utility_bill",
            {"utility_type": "water", "account": "W", "billing_period": "2026-01"},
        ),
        (
            "household_electricity_saving",
            {"meter": "M", "day": DAY, "kwh": "1", "household_size": 2},
        ),
        ("walking", {"day": DAY, "device": "d"}),
    ],
)
def test_numbers_of_every_family_meet(town: Town, code: str, evidence: dict[str, Any]) -> None:
    partner = Platform(town)
    more = {"quantity": "9000", "unit": "step"} if code == "walking" else {}
    town.record(act("r", code, at("08:00:00"), **evidence, **more))
    assert score(town, "r")[2] > 0
    words = {name: value for name, value in evidence.items() if isinstance(value, str)}
    answer = partner.claim("c", code, None, **words)
    assert answer.status == "held", answer
    assert score(town, "r") == THEIRS
    assert town.audit() == []


def test_bought_coffee_and_its_missing_cutlery_are_no_rivals_of_one_debit(town: Town) -> None:
    partner = Platform(town)
    town.record(act("cutlery", "no_cutlery_order", at("08:00:00"), order_id="O1", payment_id="P"))
    partner.claim("c", "own_cup", None, order_id="O1", payment_id="P")
    assert score(town, "cutlery")[0] == "credited"
    # A bare payment is generic: whoever names the act itself goes before it, whatever priority.
    assert partner.claim("d", "mobile_payment", None, payment_id="P").status == "yielded"


def test_one_partner_alone_pays_from_a_chosen_day(town: Town) -> None:
    town.link()
    tomorrow = date(2026, 1, 21)
    with town.house.work(TESTER) as work:
        with pytest.raises(Invalid):
            activities.set_payer(work, town.residents[0], "walking", "ccb", date(2026, 1, 20))
        activities.set_payer(work, town.residents[0], "walking", "ccb", tomorrow)
    town.clock.instant = START + timedelta(days=4)

    def walk(reference: str, day: str) -> tuple[str, str | None, int]:
        steps = {"day": day, "device": "d", "quantity": "9000", "unit": "step"}
        town.record(act(reference, "walking", at("20:00:00", day), **steps))
        return score(town, reference)

    assert walk("before", "2026-01-20")[0] == "credited"
    assert walk("after", "2026-01-21") == THEIRS
    assert paid_by(town, "after") == "ccb"
    with town.house.work(TESTER) as work:
        activities.set_payer(work, town.residents[0], "walking", None, date(2026, 1, 25))
        assert [each.until_day for each in activities.payers(work, town.residents[0])] == [
            date(2026, 1, 24)
        ]
    town.clock.instant += timedelta(days=2)
    assert walk("again", "2026-01-25")[0] == "credited"
    assert town.audit() == []


def test_what_a_project_has_sold_earns_nothing(town: Town) -> None:
    """The registry is a port: here one that knows the rides of bus 9."""

    class Register:
        def registered(self, rules: Rulebook, sights: Sequence[activities.Sight]) -> list[bool]:
            assert {each.provider for each in sights} == {"provider 0"}
            return [each.evidence.get("vehicle") == "9" for each in sights]

    who = town.providers[0]._replace(name="provider 0")
    items = [
        act("sold", "bus_ride", at("08:00:00"), vehicle="9"),
        act("bad", "flying", at("08:00:00")),
        act("ours", "bus_ride", at("09:00:00"), vehicle="8"),
    ]
    with town.house.work(TESTER) as work:
        found = activities.record(work, who, items, Register())
    assert [(each.status, each.reason) for each in found] == [
        ("rejected", "registered_elsewhere"),
        ("rejected", "unknown_behaviour"),
        ("credited", None),
    ]
