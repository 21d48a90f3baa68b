"""Two who decide at once, and a resident who contests what its provider takes back: in each order
one comes first, and the books agree."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from app import ledger
from tests.conftest import Headers
from tests.objections.court import MINE, ROLE, Court
from tests.redemption.crowds import contest, said
from tests.redemption.market import COMMAND

ORDERS = pytest.mark.parametrize("turned", [False, True], ids=["as written", "turned"])


def at_the_wallet(court: Court) -> Callable[[Any], Any]:
    who = court.market.id_of(court.resident)
    return lambda work: ledger.lock(work, [who])


def post(court: Court, path: str, headers: Headers, body: Any = None) -> Any:
    """From whichever thread, with a new key."""
    named = headers | {"Idempotency-Key": f"race {next(court.market.keys)}"}
    return court.market.app.test_client().post(path, json=body or {}, headers=named)


def race(court: Court, turned: bool, *acts: Callable[[], Any]) -> list[str]:
    """What each is told, in the order given here; the second goes first where `turned`."""
    step = -1 if turned else 1
    answers = contest(court.market.house, at_the_wallet(court), *acts[::step])
    return [said(each) for each in answers[::step]]


@ORDERS
def test_a_yes_and_a_no_at_once_are_one_answer(court: Court, turned: bool) -> None:
    found = court.contest("activity", court.ride())
    wang, li = court.market.operator("Wang"), court.market.operator("Li")
    proposed = court.propose(wang, found, "reverse")
    yes = partial(post, court, f"/v1/approvals/{proposed['id']}/approve", li)
    words = {"answer": "It was you.", "role": ROLE}
    no = partial(post, court, f"/v1/objections/{found['id']}/reject", wang, words)
    told = race(court, turned, yes, no)
    seen = court.look(found)
    ends = {
        "upheld": (["applied", "already_decided"], ("0.00", "0.00")),
        "rejected": (["already_decided", "rejected"], ("8.00", "0.00")),
    }
    assert (told, court.points()) == ends[seen["status"]]


@ORDERS
def test_a_withdrawal_and_a_no_at_once_end_it_once(court: Court, turned: bool) -> None:
    found = court.contest("activity", court.ride())
    wang = court.market.operator("Wang")
    words = {"answer": "It was you.", "role": ROLE}
    back = partial(post, court, f"{MINE}/{found['id']}/withdraw", court.resident)
    no = partial(post, court, f"/v1/objections/{found['id']}/reject", wang, words)
    told = race(court, turned, back, no)
    assert sorted(told) == sorted(["already_decided", court.look(found)["status"]])
    assert court.points() == ("8.00", "0.00")


@ORDERS
def test_an_act_is_contested_while_its_provider_takes_it_back(court: Court, turned: bool) -> None:
    ride = court.ride()
    body = {"kind": "activity", "subject": ride, "reason": "Not me."}
    mine = partial(post, court, MINE, court.resident, body)
    undo = {"reversals": [{"reference": "r", "reason": "paid back"}]}
    theirs = partial(post, court, "/v1/activities/reversals", court.desk.headers, undo)
    told = race(court, turned, mine, theirs)
    assert told == ["open", "done"]
    wallet = court.market.get("/v1/me/points", court.resident)
    assert (wallet["available"], wallet["held"], wallet["debt"]) == ("0.00", "0.00", "0.00")
    assert court.act(ride)["status"] == "reversed"


def test_the_same_act_contested_twice_at_once_is_contested_once(court: Court) -> None:
    body = {"kind": "activity", "subject": court.ride(), "reason": "Not me."}
    mine = partial(post, court, MINE, court.resident, body)
    assert sorted(race(court, False, mine, mine)) == ["already_open", "open"]
    assert court.points() == ("0.00", "8.00")


@ORDERS
def test_points_are_spent_or_held_but_not_both(court: Court, turned: bool) -> None:
    """Eight points are contested while all of them are sent elsewhere."""
    ride = court.ride()
    who = court.market.id_of(court.resident)
    house = court.market.house

    def spend() -> str:
        with house.work(COMMAND) as work:
            try:
                ledger.settle(work, who, ledger.hold(work, who, 800))
            except ledger.NotEnoughPoints:
                return "too late"
        return "spent"

    body = {"kind": "activity", "subject": ride, "reason": "Not me."}
    acts = [partial(post, court, MINE, court.resident, body), spend]
    step = -1 if turned else 1
    answers = contest(house, at_the_wallet(court), *acts[::step])[::step]
    held = "8.00" if answers[1] == "too late" else "0.00"
    assert court.points() == ("0.00", held)
    assert said(answers[0]) == "open"
