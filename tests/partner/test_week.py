"""Weeks of random exchanges with faults, over HTTP, the partner in a process of its own: the net
of the files is the difference of both ledgers."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app import ledger
from app.kernel import FixedClock, fen
from tests.partner.stage import until
from tests.partner.town import COMMAND, UNIONPAY, Town

NEVER = "never"
FAULTS = ["none", "call_lost", "answer_lost", "call_twice", "exit_before", "exit_after", NEVER]
HEARD = ["none", "answer_500", "drop_before", "drop_after", "lose", "duplicate", "reorder"]
ENDS = {"confirmed": "done", "rejected": "undone", "expired": "undone"}
_AMOUNT = {"out": ["1.00", "3.33", "7.50"], "in": ["14", "27", "100"]}

exchange = st.sampled_from(["out", "in"]).flatmap(
    lambda way: st.tuples(
        st.just(way),
        st.sampled_from(_AMOUNT[way]),
        st.sampled_from(FAULTS),
        st.sampled_from(HEARD),
    )
)
week = st.lists(st.lists(exchange, max_size=2), min_size=7, max_size=7)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime.now(UTC))


@pytest.fixture
def town(make_app: Callable[..., Flask], clock: FixedClock, tmp_path: Path) -> Iterator[Town]:
    app = make_app(access_seconds=90 * 86400, database_pool=16)
    town = Town(app, clock, tmp_path, "--poll-ms", "100")
    try:
        yield town
        assert town.differences() == []
    finally:
        town.close()


def send(town: Town, way: str, amount: str, fault: str, heard: str) -> None:
    """One exchange from its beginning to the same end on both sides."""
    faults = {heard: 1} if heard != "none" else {}
    if fault != "none":
        faults["call_lost" if fault == NEVER else fault] = 10**6 if fault == NEVER else 1
    town.partner.do("faults", **faults)
    body = {"partner": UNIONPAY, "direction": way, "amount": amount}
    answer = town.post("/v1/me/exchanges", body, town.me)
    if answer.status_code == 409:  # a quota, or too few points
        town.partner.do("faults", **dict.fromkeys(faults, 0))
        return
    name = answer.json()["id"]
    town.run("webhooks.relay")
    if fault.startswith("exit"):
        town.partner.ended()
        town.partner.start()
    elif fault == NEVER:
        until(lambda: town.partner.exchange(name)["attempts"])
        town.clock.instant += timedelta(minutes=15)
        town.run("recognition.expire_exchanges")
    else:
        until(lambda: town.exchange(name) != "held")
    if town.partner.running():
        town.partner.do("faults", **dict.fromkeys(faults, 0))
    until(lambda: town.partner.exchange(name)["state"] == ENDS.get(town.exchange(name)))


def close(town: Town) -> int:
    """The next day; the net of the file of this one, which the partner has as it is."""
    day = town.clock.now().astimezone(town.house.rules.pack.zone).date().isoformat()
    town.clock.instant += timedelta(days=1)
    town.run("recognition.close_days")
    said = town.partner.do("settlements", day=day)
    if said["city"].get("code") == "not_closed":  # before the first exchange of all
        return 0
    assert said["reconciled"]["differences"] == []
    return fen(said["city"]["totals"]["amount"])


@given(days=week)
@settings(
    max_examples=4,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[*HealthCheck],
)
def test_the_net_of_a_week_is_the_difference_of_both_ledgers(
    town: Town, days: list[list[Any]]
) -> None:
    if not town.partner.look()["links"]:
        assert town.link().status_code == 201
        until(lambda: town.partner.look()["links"])
    before = net(town)
    files = 0
    send(town, "in", "27", "none", "none")  # or a quiet week would prove nothing
    for steps in days:
        town.ride(f"ride {town.clock.now().isoformat()}", 3)
        for step in steps:
            send(town, *step)
        files += close(town)
    totals = town.partner.look("ledger")["totals"]
    assert fen(totals["in"]) > 0
    assert net(town) - before == files
    assert net(town) == fen(totals["out"]) - fen(totals["in"])


def net(town: Town) -> int:
    """What the city's ledger says went to the partner more than came."""
    with town.house.look(COMMAND) as work:
        debits, credits = ledger.totals(work).get(ledger.PARTNER + UNIONPAY, (0, 0))
    return credits - debits
