"""Two hundred who want the last one, and fifty terminals that read one code: one has it, the others
are told so, and the books agree."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.kernel import FixedClock
from app.ledger.tables import account
from app.plumbing import jobs
from app.scheduler import all_jobs
from tests.concurrency.test_threads import at_once
from tests.redemption.crowds import crowd, post, said, scarce, take, tally
from tests.redemption.market import BUS, COMMAND, CUP, Market

CHARGE, BOOK, SHOP = "charging_discount", "e_book", "second_hand_shop"
FILM, PHONE = "cinema_discount", "phone_credit"
OF_ONE_FUNDER = (FILM, FILM, BOOK, PHONE, CUP)
# All that a funder may give is 5.02 yuan: what was granted, less a fiftieth kept back.
LAST = {
    "second_hand_shop": ("stock_total = 4000", "stock_total = 1"),
    "own_cup_coffee": ("stock_daily = 300", "stock_daily = 1"),
    "merchant_alliance": ("value = 120000", "value = 5.12"),
}


@pytest.fixture
def app(make_app: Callable[..., Flask], tmp_path: Path) -> Flask:
    """A city in which there is one left of some things."""
    return make_app(
        rules_folder=scarce(tmp_path, **LAST), access_seconds=10 * 366 * 86400, database_pool=16
    )


def in_all(market: Market) -> tuple[int, int]:
    """What everybody has together, in hundredths: (available, held)."""
    kept = sa.select(
        *(
            sa.func.sum(sa.case((account.c.pocket == pocket, account.c.balance), else_=0))
            for pocket in ("available", "held")
        )
    )
    with market.house.look(COMMAND) as work:
        available, held = work.db.execute(kept).one()
    return int(available), int(held)


def test_of_two_hundred_who_ask_for_the_last_one_gets_it(market: Market) -> None:
    people = crowd(market, 200)
    answers = at_once(200, lambda n: take(market, people[n], SHOP))
    assert tally(answers) == {"issued": 1, "sold_out": 199}
    assert in_all(market) == (200 * 10_000 - 9_000, 9_000)


def test_the_last_of_a_day_of_a_budget_and_of_a_pool_is_given_once(market: Market) -> None:
    people, operator = crowd(market, 30, 200), market.operator()
    market.post(f"/v1/benefits/{BOOK}/licences", operator, {"codes": ["the only one"]})
    for benefit, done, refusal in (
        (CUP, "issued", "sold_out_today"),
        (CHARGE, "issued", "budget_reached"),
        (BOOK, "redeemed", "sold_out"),
    ):
        answers = at_once(30, lambda n, benefit=benefit: take(market, people[n], benefit))
        assert tally(answers) == {done: 1, refusal: 29}
    assert in_all(market) == (30 * 20_000 - 1_500 - 10_000 - 6_000, 1_500 + 10_000)


def test_one_persons_limit_of_a_day_holds_on_many_phones(market: Market) -> None:
    (person,) = crowd(market, 1, 1000)
    assert tally(at_once(20, lambda _: take(market, person, BUS))) == {
        "issued": 4,
        "limit_reached": 16,
    }
    assert market.points(person) == ("920.00", "80.00")


def test_points_for_one_buy_one(market: Market) -> None:
    (person,) = crowd(market, 1, 39)
    assert tally(at_once(8, lambda _: take(market, person, BUS))) == {
        "issued": 1,
        "not_enough_points": 7,
    }
    assert market.points(person) == ("19.00", "20.00")


def test_fifty_terminals_that_read_one_code_redeem_it_once(market: Market) -> None:
    market.shop()
    terminals = [market.at_store("weihai_bus") for _ in range(5)]
    (person,) = crowd(market, 1)
    code = market.show(person, market.take(person))

    def present(n: int) -> Any:
        return post(market, "/v1/redemptions", terminals[n % 5], {"code": code})

    assert tally(at_once(50, present)) == {"redeemed": 1, "code_used": 49}
    assert market.points(person) == ("80.00", "0.00")


def test_whatever_many_do_at_once_with_the_offers_of_one_funder_all_come_to_an_end(
    market: Market,
) -> None:
    """Five phones take and give back, two tills give and undo, and a job ends all it finds."""
    operator, shop = market.operator(), market.shop("shell_cinema")
    for benefit in (BOOK, PHONE):
        codes = {"codes": [f"code {n}" for n in range(200)]}
        market.post(f"/v1/benefits/{benefit}/licences", operator, codes)
    people = crowd(market, 12, 3000)
    later = FixedClock(market.clock.instant + timedelta(days=40))
    tomorrow, job = replace(market.house, clock=later), all_jobs()["redemption.expire_vouchers"]

    def phone(dice: Random) -> list[Any]:
        answers = []
        for _ in range(15):
            person = dice.choice(people)
            answers.append(taken := take(market, person, dice.choice(OF_ONE_FUNDER)))
            if taken.status_code == 201:
                path = f"/v1/me/vouchers/{taken.get_json()['id']}/cancel"
                answers.append(post(market, path, person))
        return answers

    def till(dice: Random) -> list[Any]:
        answers = []
        for person in dice.sample(people, 8):
            answers.append(taken := take(market, person, FILM))
            path = f"/v1/me/vouchers/{taken.get_json().get('id')}/code"
            answers.append(shown := post(market, path, person))
            code = {"code": shown.get_json().get("code")}
            answers.append(done := post(market, "/v1/redemptions", shop, code))
            if done.status_code == 201:
                path = f"/v1/redemptions/{done.get_json()['id']}/void"
                answers.append(post(market, path, shop))
        return answers

    def work(n: int) -> list[Any]:
        if n == 0:
            return [jobs.run(tomorrow, job) for _ in range(15)]
        return (till if n < 3 else phone)(Random(n))

    told = Counter(said(each) for answers in at_once(8, work) for each in answers)
    assert not told.keys() & {"still_running", "unavailable"}, told
    assert told["cancelled"] > 0, told
    assert told["voided"] + told["redeemed"] > 0, told
