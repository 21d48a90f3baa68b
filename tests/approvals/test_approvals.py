"""Maker and checker: every way a proposal can go, and every way it cannot."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from app import approvals, identity
from app.kernel import Conflict, FixedClock, from_wire
from app.plumbing import Actor, House
from tests.approvals.conftest import KINDS, Operator
from tests.concurrency.test_threads import at_once

Names = Callable[[], list[str]]
NOBODY = "apr_" + "0" * 26


def code(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["code"]


def test_two_operators_make_a_change(maker: Operator, checker: Operator, providers: Names) -> None:
    proposed = maker.propose()
    assert proposed.status_code == 201
    waiting = proposed.get_json()
    assert waiting == {
        "id": waiting["id"],
        "kind": "provider",
        "status": "waiting",
        "difference": [{"field": "provider", "before": None, "after": "Bus"}],
        "obstacle": None,
        "reason": "It applied.",
        "proposed_by": maker.id,
        "proposed_by_name": "Somebody",
        "proposed_at": "2026-03-10T12:00:00+08:00",
        "decided_by": None,
        "decided_by_name": None,
        "decided_at": None,
        "decision_reason": None,
        "result": None,
    }
    assert providers() == []
    assert checker.look(f"/{waiting['id']}").get_json() == waiting

    applied = checker.approve(waiting["id"])
    assert applied.status_code == 200
    assert providers() == ["Bus"]
    told = applied.get_json()
    decided = {
        "decided_by": checker.id,
        "decided_by_name": "Somebody",
        "decided_at": "2026-03-10T12:00:00+08:00",
    }
    assert told == waiting | decided | {"status": "applied", "result": told["result"]}
    assert told["result"]["client_id"].startswith("cli_")
    assert told["result"]["maker"] == maker.id
    assert checker.look(f"/{waiting['id']}").get_json() == told


def test_a_checker_says_no_and_why(maker: Operator, checker: Operator, providers: Names) -> None:
    told = checker.reject(maker.proposed()).get_json()
    assert (told["status"], told["decision_reason"]) == ("rejected", "Not now.")
    assert told["decided_by"] == checker.id
    assert providers() == []


def test_a_maker_takes_a_proposal_back(maker: Operator, checker: Operator) -> None:
    asked = maker.proposed()
    assert code(checker.withdraw(asked)) == (403, "not_the_maker")
    told = maker.withdraw(asked).get_json()
    assert (told["status"], told["decided_by"]) == ("withdrawn", maker.id)


def test_nobody_checks_what_they_made(maker: Operator, providers: Names) -> None:
    asked = maker.proposed()
    assert code(maker.approve(asked)) == (403, "same_operator")
    assert code(maker.reject(asked)) == (403, "same_operator")
    assert maker.look(f"/{asked}").get_json()["status"] == "waiting"
    assert providers() == []


@pytest.mark.parametrize("first", ["approve", "reject", "withdraw"])
@pytest.mark.parametrize("then", ["approve", "reject", "withdraw"])
def test_what_is_decided_stays_decided(
    maker: Operator, checker: Operator, first: str, then: str
) -> None:
    asked = maker.proposed()
    does: dict[str, Callable[[str], Any]] = {
        "approve": checker.approve,
        "reject": checker.reject,
        "withdraw": maker.withdraw,
    }
    decided = does[first](asked).get_json()
    assert code(does[then](asked)) == (409, "already_decided")
    assert maker.look(f"/{asked}").get_json() == decided


@pytest.mark.parametrize("how", ["refused", "broken"])
def test_a_change_that_fails_leaves_nothing_and_goes_on_waiting(
    house: House, maker: Operator, checker: Operator, providers: Names, how: str
) -> None:
    asked = maker.proposed(fails=how)
    expected = {"refused": (409, "too_late"), "broken": (500, "internal_error")}
    assert code(checker.approve(asked)) == expected[how]
    assert providers() == []
    assert maker.look(f"/{asked}").get_json()["status"] == "waiting"


def test_a_proposal_that_cannot_be_is_refused_at_once(maker: Operator) -> None:
    assert code(maker.propose("")) == (422, "bad_payload")
    answer = maker.propose(kind="coronation")
    assert code(answer) == (422, "unknown_kind")
    assert "provider" in answer.get_json()["detail"]
    assert answer.get_json()["errors"][0]["pointer"] == "/kind"
    assert maker.look().get_json()["items"] == []


def test_a_payload_has_at_most_sixteen_kibibytes(maker: Operator) -> None:
    room = (16 << 10) - len('{"name":"Bus","more":""}')
    assert maker.propose(more="x" * room).status_code == 201
    assert code(maker.propose(more="x" * (room + 1))) == (422, "bad_payload")
    deep = b'{"kind": "provider", "payload": {"a": %b}, "reason": "r"}' % (b"[" * 300 + b"]" * 300)
    headers = maker.headers | {"Idempotency-Key": "deep", "Content-Type": "application/json"}
    answer = maker.client.post("/v1/approvals", data=deep, headers=headers)
    assert code(answer) == (422, "bad_payload")


def test_what_stands_in_the_way_by_now_is_told(maker: Operator, checker: Operator) -> None:
    first, second = maker.proposed(), maker.proposed()
    assert checker.approve(first).status_code == 200
    seen = checker.look(f"/{second}").get_json()
    assert (seen["status"], seen["obstacle"]) == ("waiting", "name_taken")
    assert code(checker.approve(second)) == (409, "name_taken")


def test_an_approval_sent_twice_is_done_once(
    maker: Operator, checker: Operator, providers: Names
) -> None:
    asked = maker.proposed()
    once, again = (checker.post(f"/{asked}/approve", key="one") for _ in range(2))
    assert once.data == again.data
    assert again.headers["Idempotency-Replayed"] == "true"
    assert providers() == ["Bus"]


def test_unknown_approvals(maker: Operator) -> None:
    for wire in (NOBODY, "apr_x", "res_" + "0" * 26):
        assert code(maker.look(f"/{wire}")) == (404, "unknown_approval")
        for do in (maker.approve, maker.reject, maker.withdraw):
            assert code(do(wire)) == (404, "unknown_approval")


def test_lists_are_newest_first_by_state_and_page(
    clock: FixedClock, maker: Operator, checker: Operator
) -> None:
    ids = []
    for n in range(5):
        clock.instant += timedelta(seconds=1)
        ids.append(maker.proposed(f"Bus {n}"))
    checker.approve(ids[1])
    found = maker.look("?limit=2").get_json()
    second = maker.look(f"?limit=3&cursor={found['next_cursor']}").get_json()
    assert [each["id"] for each in found["items"] + second["items"]] == ids[::-1]
    assert second["next_cursor"] is None
    waiting = maker.look("?status=waiting&limit=4").get_json()
    assert [each["id"] for each in waiting["items"]] == [ids[n] for n in (4, 3, 2, 0)]
    assert waiting["next_cursor"] is None
    applied = maker.look("?status=applied").get_json()["items"]
    assert [each["result"] is None for each in applied] == [False]
    assert maker.look("?status=crowned").status_code == 422
    assert code(maker.look("?cursor=WzFd")) == (422, "bad_cursor")


def test_an_operator_who_was_switched_off_decides_nothing(
    house: House, maker: Operator, checker: Operator
) -> None:
    asked = maker.proposed()
    with house.work(Actor("test")) as work:
        identity.switch_off(work, from_wire("cli", checker.id) or b"")
    for answer in (
        checker.approve(asked),
        checker.reject(asked),
        checker.propose("Tram"),
        checker.look(),
        checker.look(f"/{asked}"),
    ):
        assert code(answer) == (403, "client_inactive")


def test_of_checkers_who_decide_at_once_one_wins(
    operator: Callable[[], Operator], maker: Operator, providers: Names
) -> None:
    asked = maker.proposed()
    desk = [operator() for _ in range(6)]
    does = [each.approve if n % 2 else each.reject for n, each in enumerate(desk)]
    answers = at_once(7, lambda n: maker.withdraw(asked) if n == 6 else does[n](asked))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 6}
    won = next(answer.get_json() for answer in answers if answer.status_code == 200)
    assert maker.look(f"/{asked}").get_json() == won
    assert providers() == ["Bus"] * (won["status"] == "applied")


def test_everything_said_is_sealed(house: House, maker: Operator, checker: Operator) -> None:
    asked = maker.proposed("Secret lines")
    checker.approve(asked)
    checker.reject(maker.proposed("Secret trams"))
    with house.look(Actor("test")) as work:
        rows = [repr([*row]) for row in work.db.execute(sa.text("SELECT * FROM approval"))]
    for row in rows:
        assert not any(word in row for word in ("Secret", "applied.", "Not now", "cli_"))


def test_other_rooms_propose_and_decide_by_the_door(house: House) -> None:
    maker, checker = (Actor("operator", bytes([n]) * 16) for n in (1, 2))
    with house.work(maker) as work:
        waiting = approvals.propose(work, KINDS, "provider", {"name": "Bus"}, "New.")
    asked = waiting.approval.id
    with house.work(checker) as work:
        assert approvals.approve(work, KINDS, asked).result
        with pytest.raises(Conflict):
            approvals.reject(work, asked, "Too late.")
        assert approvals.look(work, KINDS, asked).approval.status == "applied"
