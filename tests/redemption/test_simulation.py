"""A small city with some shops that collude, from a fixed seed: who is found, who is suspected.

Of seven colluding merchants six are found (86 %): two that pass one resident's vouchers again and
again, two that redeem many accounts from one phone, one that redeems a heap by night, one whose day
is far above its usual one. The seventh stays below every threshold and is not found. Of sixteen
honest ones one is suspected (6 %): its market day is four times its usual one. A couple that shares
a phone, a café that is busy by night and a shop that triples its trade are left alone.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random

import pytest
from flask import Flask

from app.merchants import Seat
from tests.redemption.bustle import people, redeem, till
from tests.redemption.crowds import scarce
from tests.redemption.market import Market

SEED = 119
NOON, NIGHT = datetime(2026, 3, 10, 4, tzinfo=UTC), datetime(2026, 3, 10, 15, 30, tzinfo=UTC)
DAYS = 2
HONEST = [f"honest_{n}" for n in range(12)]
SPECIAL = ["family", "night_cafe", "growing", "market_day"]
COLLUDING = ["pair_1", "pair_2", "phone_1", "phone_2", "night_heap", "sudden", "careful"]


@pytest.fixture
def app(make_app: Callable[..., Flask], tmp_path: Path) -> Flask:
    """A city where one may have a coffee at every café on the same day."""
    old, new = "stock_daily = 300, person_daily = 1", "stock_daily = 9000, person_daily = 9"
    return make_app(rules_folder=scarce(tmp_path, own_cup_coffee=(old, new)))


@dataclass
class City:
    """Its tills, and residents of whom nobody is asked for twice."""

    market: Market
    tills: dict[str, Seat]
    crowd: list[bytes]
    random: Random = field(default_factory=lambda: Random(SEED))
    next: count = field(default_factory=count)

    def somebody(self) -> bytes:
        return self.crowd[next(self.next) % len(self.crowd)]

    def sell(
        self, shop: str, times: int, *, phone: str | None = None, to: int | None = None
    ) -> None:
        """To so many different residents, or always `to` one of them."""
        who = [self.somebody() if to is None else self.crowd[to] for _ in range(times)]
        redeem(self.market, self.tills[shop], who, phone=phone)


def day(city: City, n: int) -> None:
    """What happens by day; the last of the days is the one that counts."""
    last = n == DAYS - 1
    for shop in HONEST:
        city.sell(shop, city.random.randint(1, 3))
    city.sell("family", 2, phone="the couple's phone")
    city.sell("growing", 51 if last else 17)
    city.sell("market_day", 56 if last else 14)
    for shop in ("pair_1", "pair_2"):
        city.sell(shop, 5 if last else 2, to=len(shop) + int(shop[-1]))
    for shop in ("phone_1", "phone_2"):
        city.sell(shop, 4 if last else 1, phone=f"phone of {shop}")
    city.sell("sudden", 51 if last else 1)
    for friend in range(3):
        city.sell("careful", 4, phone="a careful phone", to=20 + friend)


def night(city: City, n: int) -> None:
    city.sell("night_cafe", city.random.randint(8, 15))
    city.sell("night_heap", 20 if n == DAYS - 1 else 1)


def test_most_that_collude_are_found_and_few_others_suspected(market: Market) -> None:
    market.clock.instant = NOON
    shops = [*HONEST, *SPECIAL, *COLLUDING]
    for shop in shops:
        market.shop(shop)
    city = City(market, {shop: till(market, shop) for shop in shops}, people(market, 300))
    for n in range(DAYS):
        market.clock.instant = NOON + timedelta(days=n)
        market.job("redemption.close_days")
        day(city, n)
        market.job("redemption.watch")
        market.clock.instant = NIGHT + timedelta(days=n)
        night(city, n)
        market.job("redemption.watch")
    found = market.get("/v1/alerts?limit=200", market.operator())["items"]
    suspected = {each["merchant"] for each in found}
    assert suspected & {*COLLUDING} == {*COLLUDING} - {"careful"}
    assert suspected & {*HONEST, *SPECIAL} == {"market_day"}
