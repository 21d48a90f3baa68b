"""Two acts that want the same voucher at the same instant: one wins, and the loser is told so and
undoes nothing. On PostgreSQL both are under way before either may go on, in each order; on SQLite,
whose writers stand in no line, they are sent again until both orders were seen."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa

from app import ledger
from app.kernel import FixedClock, to_wire
from app.plumbing import Work, jobs
from app.redemption import codebook
from app.redemption.redeeming import key_digest
from app.redemption.tables import redemption, voucher, voucher_code
from app.scheduler import all_jobs
from tests.redemption.crowds import client_of, contest, crowd, post, said, take
from tests.redemption.market import BUS, COMMAND, Headers, Market

CHARGE = "charging_discount"
_MOST_ROUNDS = 60


class Ring:
    """A voucher of a person of its own, and everything that may be done to it."""

    def __init__(self, market: Market, shop: Headers, benefit: str = BUS) -> None:
        self.market, self.shop = market, shop
        (self.person,) = crowd(market, 1)
        self.who = market.id_of(self.person)
        self.voucher = market.take(self.person, benefit)
        self.path = f"/v1/me/vouchers/{self.voucher['id']}"
        self.code = market.show(self.person, self.voucher)
        self.done: dict[str, Any] = {}

    def redeemed(self) -> "Ring":
        self.done = self.market.redeem(self.shop, self.code)
        return self

    def present(self, code: str = "", key: str = "") -> Any:
        body = {"code": code or self.code}
        return post(self.market, "/v1/redemptions", self.shop, body, key)

    def cancel(self) -> Any:
        return post(self.market, f"{self.path}/cancel", self.person)

    def show(self) -> Any:
        return post(self.market, f"{self.path}/code", self.person)

    def void(self) -> Any:
        return post(self.market, f"/v1/redemptions/{self.done['id']}/void", self.shop)

    def refund(self, points: str | None = None) -> Any:
        body = {"points": points}
        return post(self.market, f"/v1/redemptions/{self.done['id']}/refund", self.shop, body)

    def stands(self) -> tuple[str, tuple[str, str]]:
        """The voucher's state, and its owner's points: (available, held)."""
        return self.market.status(self.person, self.voucher), self.market.points(self.person)


Act = Callable[[], Any]
Race = tuple[Ring, Act, Act]
Pair = tuple[str, str]


def fight(
    market: Market,
    begin: Callable[[], Race],
    ends: Mapping[Pair, tuple[str, tuple[str, str]] | None],
    gate: Callable[[Work, Ring], Any] | None = None,
) -> None:
    """Let two acts race for a new voucher until each of the `ends` was seen: what the two are told,
    and where that leaves the voucher and its owner's points (None: nobody may look)."""
    seen: set[Pair] = set()
    for turn in range(_MOST_ROUNDS):
        ring, *acts = begin()
        acts = acts[::-1] if turn % 2 else acts
        bar = partial(gate or _wallet, ring=ring)
        answers = contest(market.house, bar, *acts)
        one, other = map(said, answers[::-1] if turn % 2 else answers)
        assert (one, other) in ends, (one, other)
        left = ends[one, other]
        assert left is None or ring.stands() == left
        seen.add((one, other))
        if turn % 2 and seen == set(ends):
            return
    raise AssertionError(f"only {seen}")


def _wallet(work: Work, ring: Ring) -> None:
    """What whoever changes a voucher passes first."""
    ledger.lock(work, [ring.who])


KEPT, PAID, BACK = ("80.00", "20.00"), ("80.00", "0.00"), ("100.00", "0.00")


def test_a_cancellation_and_a_redemption(market: Market) -> None:
    shop = market.shop()

    def begin() -> Race:
        ring = Ring(market, shop)
        return ring, ring.cancel, ring.present

    ends = {
        ("cancelled", "code_expired"): ("cancelled", BACK),
        ("wrong_state", "redeemed"): ("redeemed", PAID),
    }
    fight(market, begin, ends)


def test_a_cancellation_and_a_fresh_code(market: Market) -> None:
    """Both may be done, in one order only; no code lives on a voucher that was given back."""
    shop = market.shop()

    def begin() -> Race:
        ring = Ring(market, shop)
        return ring, ring.cancel, ring.show

    ends = {
        ("cancelled", "wrong_state"): ("cancelled", BACK),
        ("cancelled", "done"): ("cancelled", BACK),
    }
    fight(market, begin, ends)
    assert living_codes(market) == 0


def living_codes(market: Market) -> int:
    alive = (voucher_code.c.dead_at.is_(None), voucher_code.c.used_at.is_(None))
    with market.house.look(COMMAND) as work:
        return len(work.db.execute(sa.select(voucher_code.c.digest).where(*alive)).all())


def test_of_two_codes_asked_for_at_once_one_lives(market: Market) -> None:
    ring = Ring(market, market.shop())
    codes = [ring.code]
    for _ in range(3):
        answers = contest(market.house, partial(_wallet, ring=ring), ring.show, ring.show)
        codes += [each.get_json()["code"] for each in answers]
        assert living_codes(market) == 1
    told = sorted(said(ring.present(code)) for code in codes)
    assert told == ["code_expired"] * 6 + ["redeemed"]


def test_a_freeze_and_a_redemption(market: Market) -> None:
    shop, operator = market.shop(), market.operator()

    def begin() -> Race:
        ring = Ring(market, shop)
        whose = to_wire("res", ring.who)
        path = f"/v1/residents/{whose}/vouchers/{ring.voucher['id']}/freeze"
        return ring, lambda: post(market, path, operator, {"note": "looked into"}), ring.present

    ends = {
        ("frozen", "code_expired"): ("frozen", KEPT),
        ("wrong_state", "redeemed"): ("redeemed", PAID),
    }
    fight(market, begin, ends)


def test_a_void_and_a_refund_give_the_points_back_once(market: Market) -> None:
    shop = market.shop("coast_charging")

    def begin() -> Race:
        ring = Ring(market, shop, CHARGE).redeemed()
        return ring, ring.void, lambda: ring.refund("40.00")

    ends = {
        ("voided", "already_voided"): ("voided", BACK),
        ("already_refunded", "refunded"): ("refunded", ("40.00", "0.00")),
    }
    fight(market, begin, ends)


def test_of_three_refunds_of_one_redemption_one_is_given(market: Market) -> None:
    ring = Ring(market, market.shop("coast_charging"), CHARGE).redeemed()
    acts = [partial(ring.refund, part) for part in ("30.00", "50.00", None)]
    answers = contest(market.house, partial(_wallet, ring=ring), *acts)
    assert sorted(map(said, answers)) == ["already_refunded", "already_refunded", "refunded"]


def test_a_redemption_on_the_last_instant_and_the_job_that_ends_the_voucher(
    market: Market,
) -> None:
    """By the terminal's server it is still today, by the scheduler's it is tomorrow."""
    shop, job = market.shop(), all_jobs()["redemption.expire_vouchers"]
    first = market.clock.instant.replace(hour=15, minute=59, second=59, microsecond=999_999)
    last = first + timedelta(days=6)
    tomorrow = replace(market.house, clock=FixedClock(last + timedelta(microseconds=1)))

    def begin() -> Race:
        market.clock.instant = first
        ring = Ring(market, shop)
        market.clock.instant = last
        ring.code = market.show(ring.person, ring.voucher)
        return ring, lambda: jobs.run(tomorrow, job), ring.present

    ends = {
        ("ran", "redeemed"): ("redeemed", PAID),
        ("ran", "code_expired"): ("expired", BACK),
    }
    fight(market, begin, ends)


def test_giving_a_request_up_and_the_request(market: Market) -> None:
    """Whatever the order, the terminal learns what is true, and nobody has paid."""
    shop = market.shop()
    terminal = client_of(market, shop)

    def key(ring: Ring) -> str:
        return f"of {ring.voucher['id']}"

    def begin() -> Race:
        ring = Ring(market, shop)
        path = f"/v1/redemptions/by-key/{key(ring)}/cancel"
        return ring, lambda: ring.present(key=key(ring)), lambda: post(market, path, shop)

    def gate(work: Work, ring: Ring) -> None:
        """Somebody else is writing down what becomes of this key, and will not."""
        codebook.present(work, terminal, key_digest(key(ring)), "nothing")

    ends = {
        ("cancelled_by_terminal", "cancelled"): ("shown", KEPT),
        ("redeemed", "voided"): ("voided", BACK),
    }
    fight(market, begin, ends, gate)


def test_an_account_that_closes_and_a_voucher_that_is_taken(market: Market) -> None:
    shop = market.shop()

    def begin() -> Race:
        ring, client = Ring(market, shop), market.app.test_client()
        leave = partial(client.delete, "/v1/me?confirm=true", headers=ring.person)
        return ring, leave, lambda: take(market, ring.person, BUS)

    fight(market, begin, {("done", "account_closed"): None, ("done", "issued"): None})
    with market.house.look(COMMAND) as work:
        assert set(work.db.scalars(sa.select(voucher.c.state))) == {"cancelled"}


def test_a_refund_and_the_file_that_settles_its_redemption(market: Market) -> None:
    """Whoever is first, the refund is given, and the voucher's history has no gap."""
    shop, job = market.shop("coast_charging"), all_jobs()["redemption.close_days"]

    def begin() -> Race:
        ring = Ring(market, shop, CHARGE).redeemed()
        market.clock.instant += timedelta(days=1)
        return ring, ring.refund, lambda: jobs.run(market.house, job)

    def gate(work: Work, ring: Ring) -> None:
        """A refund comes here with all read and nothing written."""
        mine = redemption.c.resident_id == ring.who
        work.db.execute(sa.select(redemption).where(mine).with_for_update())

    fight(market, begin, {("refunded", "ran"): ("refunded", BACK)}, gate)
