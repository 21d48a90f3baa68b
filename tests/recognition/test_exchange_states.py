"""An exchange goes only the ways that are on the list; whatever else is asked for is refused, and
whoever lost an answer gets it again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from app.recognition.model import WAYS
from tests.conftest import Headers
from tests.recognition.bourse import CHARGED, Bourse

STATES = ("held", "confirmed", "rejected", "expired", "corrected")
NOTHING = ("0.00", "0.00", "0.00", "0.00")
OUT_GONE, IN_COME = ("486.90", "0.00"), ("506.90", "0.00")


class Case:
    """An exchange, and everything that may be asked of it."""

    def __init__(self, bourse: Bourse, direction: str) -> None:
        self.bourse, self.direction = bourse, direction
        self.person, self.partner = bourse.rider(), bourse.partner()
        self.amount = "10.00" if direction == "out" else "135"
        self.held = bourse.ask(self.person, self.amount, direction)
        self.path = f"/v1/partner/exchanges/{self.held['id']}"

    def brought_to(self, state: str) -> "Case":
        steps: dict[str, Callable[[], Any]] = {
            "held": lambda: None,
            "confirmed": self.confirm,
            "rejected": self.reject,
            "expired": self.expire,
            "corrected": lambda: (self.confirm(), self.correct()),
        }
        steps[state]()
        assert self.state == state
        return self

    @property
    def state(self) -> str:
        return self.bourse.stands(self.person, self.held)

    def confirm(self, reference: str = "U-1") -> str:
        return self._send("confirm", {"reference": reference})

    def reject(self) -> str:
        return self._send("reject", {"reason": "no such member"})

    def _send(self, what: str, body: Any) -> str:
        answer = self.bourse.send(f"{self.path}/{what}", self.partner, body)
        told = answer.get_json()
        assert answer.status_code in {200, 409}
        return str(told["status"] if answer.status_code == 200 else told["code"])

    def expire(self) -> str:
        self.bourse.wait(minutes=15)
        self.bourse.job("recognition.expire_exchanges")
        return self.state

    def correct(self) -> str:
        answer = self.bourse.correct(self.held)
        return self.state if answer.status_code == 200 else str(answer.get_json()["code"])

    def do(self, wanted: str) -> str:
        ways = {"confirmed": self.confirm, "rejected": self.reject, "expired": self.expire}
        return (ways | {"corrected": self.correct})[wanted]()


# What is left of a person's points, and of the position, in each state.
LEFT = {
    "out": {
        "held": (("486.90", "10.00"), ("0.00", "0.00", "10.00", "0.00")),
        "confirmed": (OUT_GONE, ("10.00", "0.00", "0.00", "0.00")),
        **dict.fromkeys(("rejected", "expired", "corrected"), ((CHARGED, "0.00"), NOTHING)),
    },
    "in": {
        "held": ((CHARGED, "0.00"), ("0.00", "0.00", "0.00", "10.00")),
        "confirmed": (IN_COME, ("0.00", "10.00", "0.00", "0.00")),
        **dict.fromkeys(("rejected", "expired", "corrected"), ((CHARGED, "0.00"), NOTHING)),
    },
}


@pytest.mark.parametrize("direction", ["out", "in"])
def test_every_way_and_every_way_that_is_none(bourse: Bourse, direction: str) -> None:
    for state in STATES:
        for wanted in STATES[1:]:
            case = Case(bourse, direction).brought_to(state)
            told = case.do(wanted)
            now = wanted if (state, wanted) in WAYS else state
            assert case.state == now, (state, wanted)
            if state == wanted and state != "corrected":
                assert told == state  # asked again, answered again
            elif now == state and wanted != "expired":
                assert told == f"exchange_{state}", (state, wanted)
            kept, standing = LEFT[direction][now]
            assert bourse.points(case.person) == kept, (state, wanted)
            assert bourse.position(case.partner) == standing, (state, wanted)
            _clear(bourse, case, now)


def _clear(bourse: Bourse, case: Case, state: str) -> None:
    """Leave the position as it was, for the next case."""
    if state == "held":
        case.reject()
    elif state == "confirmed":
        case.correct()
    assert bourse.position(case.partner) == NOTHING


def test_confirmed_again_the_answer_is_the_same_by_key_and_by_content(bourse: Bourse) -> None:
    case = Case(bourse, "out")
    first = bourse.send(f"{case.path}/confirm", case.partner, {"reference": "U-1"}, key="one")
    bourse.wait(minutes=20)
    replayed = bourse.send(f"{case.path}/confirm", case.partner, {"reference": "U-1"}, key="one")
    fresh = bourse.send(f"{case.path}/confirm", case.partner, {"reference": "U-1"}, key="two")
    assert first.get_json() == replayed.get_json() == fresh.get_json()
    assert "Idempotency-Replayed" in replayed.headers
    assert "Idempotency-Replayed" not in fresh.headers
    assert case.confirm("U-2") == "exchange_confirmed"
    assert bourse.points(case.person) == OUT_GONE
    assert [kind for kind, _ in bourse.told()].count("exchange.confirmed") == 1


@pytest.mark.parametrize("direction", ["out", "in"])
def test_at_the_instant_of_its_end_a_confirmation_is_late_and_before_it_is_not(
    bourse: Bourse, direction: str
) -> None:
    early, late = Case(bourse, direction), Case(bourse, direction)
    bourse.clock.instant += timedelta(minutes=15) - timedelta(microseconds=1)
    assert early.confirm() == "confirmed"
    bourse.clock.instant += timedelta(microseconds=1)
    assert late.confirm() == "exchange_expired"
    assert late.state == "expired"
    assert bourse.points(late.person) == (CHARGED, "0.00")
    assert bourse.job("recognition.expire_exchanges") == 0
    assert late.confirm() == "exchange_expired"
    assert bourse.get(late.path, late.partner)["status"] == "expired"


def test_a_risk_hold_that_comes_before_the_confirmation(bourse: Bourse) -> None:
    """The partner is told that it will not be, and not why; what comes in comes in."""
    out = Case(bourse, "out")
    bourse.hold_spending(out.person)
    assert out.confirm() == "exchange_rejected"
    assert bourse.get(out.path, out.partner)["reason"] == "not_possible"
    bourse.hold_spending(out.person, held=False)
    assert bourse.points(out.person) == (CHARGED, "0.00")
    coming = Case(bourse, "in")
    bourse.hold_spending(coming.person)
    assert coming.confirm() == "confirmed"


def test_a_link_that_ends_takes_back_what_is_on_its_way_and_nothing_else(bourse: Bourse) -> None:
    person, partner = bourse.rider(), bourse.partner()
    bourse.exchanged(partner, person, "10.00")
    held, coming = bourse.ask(person, "10.00"), bourse.ask(person, "135", "in")
    told = _unlink(bourse, person)
    assert told["value"]["exchanges_taken_back"] == 2
    assert (bourse.stands(person, held), bourse.stands(person, coming)) == ("rejected", "rejected")
    assert bourse.points(person) == OUT_GONE
    assert bourse.position(partner) == ("10.00", "0.00", "0.00", "0.00")
    assert bourse.confirm(partner, held, status=409)["code"] == "exchange_rejected"
    assert bourse.get(f"/v1/partner/exchanges/{held['id']}", partner)["reason"] == "link_ended"
    assert bourse.asked(person, "10.00") == "not_linked"


def _unlink(bourse: Bourse, person: Headers) -> Any:
    (link,) = bourse.get("/v1/me/links", person)["items"]
    answer = bourse.client.delete(f"/v1/me/links/{link['id']}", headers=person)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()


def test_an_account_that_closes_takes_back_what_is_on_its_way(bourse: Bourse) -> None:
    out, coming = Case(bourse, "out"), Case(bourse, "in")
    for case in (out, coming):
        bourse.client.delete("/v1/me?confirm=true", headers=case.person)
        assert case.confirm() == "exchange_rejected"
    assert bourse.position(out.partner) == NOTHING
    told = [kind for kind, _ in bourse.told()]
    assert (told.count("exchange.rejected"), told.count("link.ended")) == (2, 2)


def test_a_correction_of_points_that_came_in_and_were_spent_is_a_debt(bourse: Bourse) -> None:
    case = Case(bourse, "in").brought_to("confirmed")
    shop = bourse.shop("coast_charging")
    for _ in range(5):
        bourse.redeemed(shop, case.person, "charging_discount")
        bourse.wait(days=1)
    assert bourse.points(case.person)[0] == "6.90"
    assert case.correct() == "corrected"
    found = bourse.get("/v1/me/points", case.person)
    assert (found["available"], found["debt"]) == ("0.00", "3.10")


def test_a_correction_says_what_it_is_about_and_takes_two(bourse: Bourse) -> None:
    case = Case(bourse, "out").brought_to("confirmed")
    body = {"exchange": case.held["id"], "reason": "Booked for somebody else."}
    asked = {"kind": "exchange_correction", "payload": body, "reason": "As agreed."}
    maker = bourse.operator("Maker")
    waiting = bourse.post("/v1/approvals", maker, asked, 201)
    assert waiting["difference"][0] == {
        "field": "10.00 points to unionpay_low_carbon",
        "before": "confirmed",
        "after": "corrected",
    }
    seen = bourse.get(f"/v1/approvals/{waiting['id']}", bourse.operator("Onlooker"))
    assert seen["difference"] == waiting["difference"]
    log = bourse.get("/v1/me/disclosures", case.person)["items"]
    assert {"Maker", "Onlooker"} <= {each["who"]["name"] for each in log}
    path = f"/v1/approvals/{waiting['id']}/approve"
    assert bourse.refused(path, maker, status=403) == "same_operator"
    assert case.state == "confirmed"
    done = bourse.post(path, bourse.operator("Checker"))
    assert done["result"] == {"exchange": case.held["id"], "points": "10.00", "new_debt": "0.00"}
    said = dict(bourse.told())["exchange.corrected"]
    assert (said["status"], said["reason"]) == ("corrected", "Booked for somebody else.")
    for payload in (
        {},
        body | {"reason": " "},
        body | {"reason": "\x00"},
        {"exchange": 7, "reason": "x"},
    ):
        wrong = asked | {"payload": payload}
        assert bourse.refused("/v1/approvals", maker, wrong, 422) == "bad_payload"
    stray = asked | {"payload": body | {"exchange": "xch_nothing"}}
    assert bourse.refused("/v1/approvals", maker, stray, 404) == "unknown_exchange"
