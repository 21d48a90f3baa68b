"""How pages ask the API: seldom, whoever has done however much, and holding nothing meanwhile."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask, request, request_started

from app.kernel import to_wire
from app.plumbing.db import db
from tests.pages.conftest import Browser
from tests.pages.counters import at_the_office
from tests.redemption.market import BUS, CUP, Market

Browse = Callable[..., Browser]
MOST = 8  # questions of one page
PAGES = (
    "/my", "/my/acts", "/my/points", "/my/reductions", "/my/grade", "/my/behaviours",
    "/my/benefits", "/my/vouchers", "/my/partners", "/my/account", "/my/consents",
    "/my/disclosures", "/my/objections", "/my/bindings", "/my/stores", "/my/proofs",
)  # fmt: skip


@contextmanager
def questions(app: Flask) -> Iterator[list[str]]:
    """The paths that pages ask for meanwhile, after their own. No question may find a connection
    of a page's still open."""
    asked: list[str] = []
    held: list[str] = []

    def note(_sender: Any, **_more: Any) -> None:
        asked.append(request.path)
        if db.engine.pool.checkedout():  # type: ignore[attr-defined]
            held.append(request.path)

    with request_started.connected_to(note, app):
        yield asked
    assert held == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_as_much_however_long_its_lists_are(
    app: Flask, market: Market, browse: Browse, path: str
) -> None:
    person = market.person()
    mine = browse("resident", to_wire("res", market.id_of(person)))
    counts = []
    for benefit in (CUP, BUS):
        market.take(person, benefit)
        with questions(app) as asked:
            assert mine.get(path).status_code == 200
        counts.append(len(asked) - 1)
    assert counts[0] == counts[1] <= MOST


def test_a_code_is_redeemed_by_one_question(app: Flask, market: Market, browse: Browse) -> None:
    counter, person = at_the_office(market, browse), market.person()
    code = market.show(person, market.take(person))
    counter.get("/shop")
    with questions(app) as asked:
        counter.post("/shop/redeem", {"code": code}, follow_redirects=False)
    assert asked == ["/shop/redeem", "/v1/redemptions"]


def test_whoever_signs_in_holds_nothing_while_the_api_answers(app: Flask, browse: Browse) -> None:
    stranger = browse()
    with questions(app) as asked:
        stranger.get("/sign-in")
        page = stranger.post("/sign-in", {"phone": "13800000007", "step": "send"}).text
        code = page.partition("code is ")[2][:6]
        form = {"phone": "13800000007", "code": code, "accept": "yes"}
        assert stranger.post("/sign-in", form).request.path == "/my"
    assert "/v1/documents" in asked
