"""Killed wherever it may be: between holding points and answering, before and after the commit, the
server or its database. Sent again, each request has one effect, and the books agree."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from signal import SIGKILL
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event
from werkzeug.test import TestResponse

import app as weitan
from app.kernel import FixedClock, SystemClock
from app.redemption.tables import voucher
from app.settings import Settings
from tests import postgres
from tests.conftest import Headers, make_tables
from tests.journeys.live import environment, serving, until
from tests.machine import Machine
from tests.mortal import Mortal
from tests.redemption.crowds import crowd, post, strays
from tests.redemption.market import BUS, COMMAND, Market

TEN_YEARS_S = 10 * 366 * 86400
BUY = {"benefit_id": BUS}

# How many points back from the end of a request it is killed: its commit, and what it wrote last.
MOST = 12


def test_killed_at_every_point_a_request_sent_again_has_one_effect(
    market: Market, settings: Settings, tmp_path: Path
) -> None:
    shop, people = market.shop(), iter(crowd(market, 60))
    server = Mortal(settings, market.clock, tmp_path / "server.log")
    tried = server.tried
    rounds = [None, *range(MOST)]
    for before in rounds:
        person = next(people)
        taken = tried("take", before, "/v1/me/vouchers", person, BUY)
        assert market.points(person) == ("80.00", "20.00")
        code = {"code": market.show(person, taken)}
        done = tried("redeem", before, "/v1/redemptions", shop, code)
        assert market.points(person) == ("80.00", "0.00")
        tried("void", before, f"/v1/redemptions/{done['id']}/void", shop, {})
        assert market.points(person) == ("100.00", "0.00")
        other = market.take(person)
        tried("cancel", before, f"/v1/me/vouchers/{other['id']}/cancel", person, {})
        assert market.points(person) == ("100.00", "0.00")
    server.end()
    server.reached(MOST)
    assert states(market) == dict.fromkeys(("voided", "cancelled"), len(rounds))


def states(market: Market) -> Counter[str]:
    with market.house.look(COMMAND) as work:
        return Counter(work.db.scalars(sa.select(voucher.c.state)))


@dataclass
class Journal:
    """What terminals and phones have sent under keys, and what they were answered, if they were."""

    http: httpx.Client
    sent: dict[str, tuple[str, Headers, Any]] = field(default_factory=dict)
    told: dict[str, tuple[int, Any]] = field(default_factory=dict)

    def send(self, key: str, path: str, headers: Headers, body: Any) -> Any:
        self.sent[key] = (path, headers, body)
        answer = self.http.post(path, headers=headers | {"Idempotency-Key": key}, json=body)
        assert answer.status_code == 201, answer.text
        self.told[key] = (answer.status_code, answer.json())
        return answer.json()

    def buy(self, name: str, person: Headers, shop: Headers) -> None:
        voucher = self.send(f"take {name}", "/v1/me/vouchers", person, BUY)
        shown = self.http.post(f"/v1/me/vouchers/{voucher['id']}/code", headers=person)
        self.send(f"redeem {name}", "/v1/redemptions", shop, {"code": shown.json()["code"]})

    def again(self) -> None:
        """Everything is sent once more: what was answered is answered alike, what was not is done
        now or had been done, as the terminal was told when it asked."""
        for key, asked in list(self.sent.items()):
            before = self.told.get(key)
            known = self.http.get(f"/v1/redemptions/by-key/{key}", headers=asked[1]).json()
            now = self.send(key, *asked)
            assert before in (None, (201, now))
            if key.startswith("redeem") and known["status"] != 404:
                assert known["redemption"] == now
            assert before is None or "take" in key or known["status"] == "redeemed"


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_real_server_killed_in_the_midst_of_a_rush_loses_and_doubles_nothing(
    settings: Settings, tmp_path: Path
) -> None:
    clock = SystemClock()
    app = weitan.create_app(replace(settings, access_seconds=TEN_YEARS_S), clock)
    market = Market(app, clock, app.test_client())  # type: ignore[arg-type]  # nobody sets it
    shop, people, journals = market.shop(), crowd(market, 80), []
    for rush in range(3):
        with serving(environment(settings), tmp_path) as (server, http):
            for each in journals:
                each.http = http
                each.again()
            if rush == 2:
                break
            journals.append(rushed := Journal(http))
            with ThreadPoolExecutor(6) as pool:
                mine = people[rush * 40 : rush * 40 + 40]
                sold = [
                    pool.submit(rushed.buy, f"{rush}.{n}", each, shop)
                    for n, each in enumerate(mine)
                ]
                until(lambda rushed=rushed: len(rushed.told) > 25)
                server.tell_group(SIGKILL)
            assert any(isinstance(each.exception(), httpx.TransportError) for each in sold)
    kept = states(market)
    assert sum(kept.values()) == sum("take" in key for each in journals for key in each.sent)
    assert kept["redeemed"] == sum("redeem" in key for each in journals for key in each.sent)
    assert market.audit() == []
    assert strays(market.house) == []
    market.house.engine.dispose()


@pytest.fixture
def machine() -> Iterator[Machine]:
    """A server of this test's own, which writes to the disk as production's does."""
    with postgres.throwaway_server(fsync=True) as url:
        make_tables(url)
        yield Machine(url)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_database_pulled_out_before_and_after_a_commit(
    machine: Machine, make_app: Callable[..., Flask], clock: FixedClock
) -> None:
    app = make_app(database_url=machine.url, access_seconds=TEN_YEARS_S)
    market = Market(app, clock, app.test_client())
    engine = market.house.engine
    shop, (person,) = market.shop(), crowd(market, 1)

    def pulled(moment: str, key: str, path: str, headers: Headers, body: Any) -> TestResponse:
        """The answer to a request during which the database goes, and then to its twin."""
        event.listen(engine, moment, lambda *_: machine.pull(), once=True)
        cut_off = post(market, path, headers, body, key)
        assert cut_off.status_code == (503 if moment == "commit" else 201)
        machine.put_back()
        engine.dispose()
        again = post(market, path, headers, body, key)
        assert again.status_code == 201, again.get_data(as_text=True)
        assert ("Idempotency-Replayed" in again.headers) == (moment == "checkin")
        return again

    for moment in ("commit", "checkin"):
        taken = pulled(moment, f"take {moment}", "/v1/me/vouchers", person, BUY).get_json()
        code = market.show(person, taken)
        pulled(moment, f"redeem {moment}", "/v1/redemptions", shop, {"code": code})
    assert market.points(person) == ("60.00", "0.00")
    assert states(market) == {"redeemed": 2}
    assert market.audit() == []
