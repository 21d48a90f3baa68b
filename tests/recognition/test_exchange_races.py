"""Many who exchange at once, and two acts that want one exchange: quotas and limits hold to the
hundredth, one act wins, and the loser is told so and moves nothing."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask

from app import ledger
from app.kernel import FixedClock
from app.plumbing import Work, jobs
from app.scheduler import all_jobs
from tests.concurrency.test_threads import at_once
from tests.conftest import Headers
from tests.recognition.bourse import CHARGED, Bourse, altered, number, wanted
from tests.redemption.crowds import contest, post, said, tally

XCH = "/v1/me/exchanges"
_MOST_ROUNDS = 60
_TEN_YEARS_S = 10 * 366 * 86400


def ask(bourse: Bourse, person: Headers, amount: str, direction: str = "out") -> Any:
    return post(bourse, XCH, person, wanted(amount, direction))


def test_fifty_at_once_stay_within_one_persons_quota(bourse: Bourse) -> None:
    person, partner = bourse.rider(), bourse.partner()
    answers = at_once(50, lambda _: ask(bourse, person, "30.00"))
    assert tally(answers) == {"held": 6, "quota_day": 44}
    assert bourse.points(person) == ("316.90", "180.00")
    answers = at_once(50, lambda _: ask(bourse, person, "405", "in"))
    assert tally(answers) == {"held": 6, "quota_day": 44}
    assert bourse.position(partner) == ("0.00", "0.00", "180.00", "180.00")
    items = bourse.get(f"{XCH}?limit=100", person)["items"]
    done = at_once(12, lambda n: confirm(bourse, partner, items[n]))
    assert tally(done) == {"confirmed": 12}
    assert bourse.position(partner) == ("180.00", "180.00", "0.00", "0.00")


def confirm(bourse: Bourse, partner: Headers, held: dict[str, Any], reference: str = "U") -> Any:
    path = f"/v1/partner/exchanges/{held['id']}/confirm"
    return post(bourse, path, partner, {"reference": reference})


def test_fifty_people_stay_within_a_partners_limit(
    make_app: Callable[..., Flask], clock: FixedClock, tmp_path: Path
) -> None:
    rules = altered(tmp_path, number("net_cap", "500000", "100"))
    app = make_app(rules_folder=rules, access_seconds=_TEN_YEARS_S, database_pool=16)
    bourse = Bourse(app, clock, app.test_client())
    people, partner = bourse.riders(50), bourse.partner()
    answers = at_once(50, lambda n: ask(bourse, people[n], "7.00"))
    assert tally(answers) == {"held": 14, "partner_limit": 36}
    assert bourse.position(partner) == ("0.00", "0.00", "98.00", "0.00")
    # What was refused left nothing held, and what is free again may be taken again.
    assert Counter(map(bourse.points, people)) == {("489.90", "7.00"): 14, (CHARGED, "0.00"): 36}
    bourse.wait(minutes=15)
    bourse.job("recognition.expire_exchanges")
    answers = at_once(50, lambda n: ask(bourse, people[n], "54", "in"))
    assert tally(answers) == {"held": 25, "partner_limit": 25}
    assert bourse.audit() == []


class Ring:
    """An exchange of a person of its own, and everything that may be done to it."""

    def __init__(self, bourse: Bourse, partner: Headers, direction: str) -> None:
        self.bourse, self.partner = bourse, partner
        self.person = bourse.rider()
        self.who = bourse.id_of(self.person)
        self.held = bourse.ask(self.person, "10.00" if direction == "out" else "135", direction)
        self.path = f"/v1/partner/exchanges/{self.held['id']}"

    def confirm(self, reference: str = "U") -> Any:
        return confirm(self.bourse, self.partner, self.held, reference)

    def reject(self) -> Any:
        return post(self.bourse, f"{self.path}/reject", self.partner)

    def unlink(self) -> Any:
        client = self.bourse.app.test_client()
        (link,) = self.bourse.get("/v1/me/links", self.person)["items"]
        return partial(client.delete, f"/v1/me/links/{link['id']}", headers=self.person)

    def stands(self) -> tuple[str, tuple[str, str]]:
        """The exchange's state, and its owner's points: (available, held)."""
        return self.bourse.stands(self.person, self.held), self.bourse.points(self.person)


Race = tuple[Ring, Callable[[], Any], Callable[[], Any]]
MOVED = {"out": ("486.90", "0.00"), "in": ("506.90", "0.00")}
BACK = (CHARGED, "0.00")


def fight(
    bourse: Bourse,
    begin: Callable[[str], Race],
    ends: Mapping[tuple[str, str], str],
) -> None:
    """Let two acts race for a new exchange, each way, until each of the `ends` was seen: what the
    two are told, and the state in which that leaves it."""
    for direction in ("out", "in"):
        seen: set[tuple[str, str]] = set()
        for turn in range(_MOST_ROUNDS):
            ring, *acts = begin(direction)
            acts = acts[::-1] if turn % 2 else acts
            answers = contest(bourse.house, partial(_wallet, ring=ring), *acts)
            one, other = map(said, answers[::-1] if turn % 2 else answers)
            assert (one, other) in ends, (one, other)
            state = ends[one, other]
            assert ring.stands() == (state, MOVED[direction] if state == "confirmed" else BACK)
            seen.add((one, other))
            if turn % 2 and seen == set(ends):
                break
        else:
            raise AssertionError(f"only {seen}")
    assert bourse.audit() == []


def _wallet(work: Work, ring: Ring) -> None:
    """What whoever changes an exchange passes first."""
    ledger.lock(work, [ring.who])


def test_a_confirmation_and_a_rejection(bourse: Bourse) -> None:
    seat = bourse.partner()

    def begin(direction: str) -> Race:
        ring = Ring(bourse, seat, direction)
        return ring, ring.confirm, ring.reject

    ends = {
        ("confirmed", "exchange_confirmed"): "confirmed",
        ("exchange_rejected", "rejected"): "rejected",
    }
    fight(bourse, begin, ends)


def test_a_confirmation_in_the_last_instant_and_the_job_that_takes_back(bourse: Bourse) -> None:
    """By the web's clock there is time left, by the scheduler's there is none."""
    seat, job = bourse.partner(), all_jobs()["recognition.expire_exchanges"]

    def begin(direction: str) -> Race:
        ring = Ring(bourse, seat, direction)
        ends = bourse.clock.instant + timedelta(minutes=15)
        late = replace(bourse.house, clock=FixedClock(ends))
        return ring, ring.confirm, lambda: jobs.run(late, job)

    ends = {("confirmed", "ran"): "confirmed", ("exchange_expired", "ran"): "expired"}
    fight(bourse, begin, ends)


def test_a_confirmation_and_a_link_that_ends(bourse: Bourse) -> None:
    seat = bourse.partner()

    def begin(direction: str) -> Race:
        ring = Ring(bourse, seat, direction)
        return ring, ring.confirm, ring.unlink()

    ends = {("confirmed", "ended"): "confirmed", ("exchange_rejected", "ended"): "rejected"}
    fight(bourse, begin, ends)


def test_two_confirmations_by_two_references(bourse: Bourse) -> None:
    seat = bourse.partner()

    def begin(direction: str) -> Race:
        ring = Ring(bourse, seat, direction)
        return ring, partial(ring.confirm, "U-1"), partial(ring.confirm, "U-2")

    ends = {
        ("confirmed", "exchange_confirmed"): "confirmed",
        ("exchange_confirmed", "confirmed"): "confirmed",
    }
    fight(bourse, begin, ends)


def test_a_link_that_ends_and_an_exchange_that_is_asked_for(bourse: Bourse) -> None:
    seat = bourse.partner()
    seen = set()
    for turn in range(_MOST_ROUNDS):
        ring = Ring(bourse, seat, "out")
        acts = [ring.unlink(), lambda ring=ring: ask(bourse, ring.person, "10.00")]
        acts = acts[::-1] if turn % 2 else acts
        answers = contest(bourse.house, partial(_wallet, ring=ring), *acts)
        seen.add(tuple(map(said, answers[::-1] if turn % 2 else answers)))
        assert ring.stands() == ("rejected", BACK)
        if turn % 2 and seen == {("ended", "not_linked"), ("ended", "held")}:
            return
    raise AssertionError(f"only {seen}")


def test_one_quote_on_many_phones_makes_one_exchange(bourse: Bourse) -> None:
    person = bourse.rider()
    quote = bourse.post(f"{XCH}/quote", person, wanted("10.00"))["quote"]
    body = wanted("10.00", quote=quote)
    answers = at_once(20, lambda _: post(bourse, XCH, person, body))
    assert tally(answers) == {"held": 1, "quote_used": 19}
    assert bourse.points(person) == ("486.90", "10.00")
