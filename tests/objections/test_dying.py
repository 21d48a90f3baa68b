"""A work that dies at any of its statements has done nothing; and what is kept goes at its time."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from app import objections
from tests.objections.court import MINE, Court
from tests.redemption.market import COMMAND


class Died(Exception):
    """A work's own connection is gone."""


def dying(court: Court, act: Callable[[], Any], still: Callable[[], Any]) -> Any:
    """What an act answers when it is let live, after it died at each statement before; whenever
    it dies, all is `still` as it was."""
    engine, before, left = court.market.house.engine, still(), 0

    def count(*_: Any) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise Died

    for name in ("before_cursor_execute", "commit"):
        event.listen(engine, name, count)
    try:
        for dies_at in range(1, 200):
            left = dies_at
            answer = act()
            lived, left = left > 0, 0
            if lived:
                assert dies_at > 10
                return answer
            assert answer.status_code >= 500
            assert still() == before
    finally:
        for name in ("before_cursor_execute", "commit"):
            event.remove(engine, name, count)
    raise AssertionError("it never lived")


def test_to_contest_is_one_work(court: Court) -> None:
    ride = court.ride()
    body = {"kind": "activity", "subject": ride, "reason": "Not me."}

    def still() -> Any:
        return court.points(), court.act(ride)["disputed"]

    assert still() == (("8.00", "0.00"), False)
    done = dying(court, lambda: court.market.send(MINE, court.resident, body), still)
    assert done.status_code == 201
    assert still() == (("0.00", "8.00"), True)
    assert len(court.market.get(MINE, court.resident)["items"]) == 1


def test_to_uphold_is_one_work(court: Court) -> None:
    ride = court.ride()
    found = court.contest("activity", ride)
    proposed = court.propose(court.market.operator("Wang"), found, "reverse")
    checker = court.market.operator("Li")
    path = f"/v1/approvals/{proposed['id']}/approve"

    def still() -> Any:
        waiting = court.market.get(f"/v1/approvals/{proposed['id']}", checker)
        return court.points(), court.act(ride)["status"], court.look(found), waiting["status"]

    assert dying(court, lambda: court.market.send(path, checker), still).status_code == 200
    assert court.look(found)["status"] == "upheld"
    assert court.act(ride)["status"] == "reversed"
    assert court.points() == ("0.00", "0.00")


@pytest.mark.parametrize(("days", "there"), [(1095, True), (1096, False)])
def test_an_answered_objection_is_kept_for_three_years(
    court: Court, days: int, there: bool
) -> None:
    answered = court.contest("activity", court.ride())
    court.reject(court.market.operator(), answered)
    waiting = court.contest("activity", court.ride("r2", "2026-03-08T08:00:00+08:00"))
    who = court.market.id_of(court.resident)
    court.market.clock.instant += timedelta(days=days)
    assert court.run("objections.forget") == (not there)
    with court.market.house.look(COMMAND) as work:
        kept = objections.copy_of(work, who)["objections"]
    assert {each["id"] for each in kept} == {waiting["id"], *([answered["id"]] if there else [])}
