"""Every page of every desk: no barrier that axe knows, nothing cut off, in each of the looks."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Page
from werkzeug.routing import Map

from app import create_app
from app.plumbing.db import db
from app.settings import Settings
from tests.browser.crawl import overflow, walk

DESKS = {
    "resident": ("pages.resident", "pages.spending", "pages.rights"),
    "merchant": ("pages.merchant",),
    "bank": ("pages.bank",),
    "operator": ("pages.operator",),
}
HOMES = {"resident": "/my", "merchant": "/shop", "bank": "/bank", "operator": "/city"}
# Views that no link leads to in the demo city, each with where it is seen instead.
ELSEWHERE: dict[str, str] = {
    "pages.merchant.redeem_again": "leads to the scanner",
    "pages.merchant.settlement_file": "a file: tests/pages/test_merchant_books.py",
    "pages.spending.voucher_state": "for a script: test_spending.py",
    "pages.spending.exchange_state": "for a script: test_spending.py",
    "pages.operator.approval": "test_operator.py, where something has been proposed",
    "pages.operator.ask_reason": "test_operator.py, where another officer looks at it",
}
LOOKS = (
    {"language": "zh"},
    {"language": "en", "wide": True, "dark": True},
    {"language": "zh", "large": True, "dark": True},
)


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Map]:
    """Which view an address belongs to."""
    folder = tmp_path_factory.mktemp("addresses")
    app = create_app(
        replace(
            Settings(),
            database_url=f"sqlite:///{folder}/none.db",
            signing_keys=folder / "signing",
            data_keys=folder / "data",
            instance=folder,
        )
    )
    yield app.url_map
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("look", LOOKS, ids=["chinese-phone", "english-screen-dark", "large-dark"])
@pytest.mark.parametrize("role", DESKS)
def test_every_page_can_be_read_by_everybody(
    lived_in: list[str],
    page_of: Callable[..., Page],
    barriers: Callable[[Page], list[str]],
    addresses: Map,
    role: str,
    look: dict[str, object],
) -> None:
    page = page_of(role, **look)
    starts = [HOMES[role], *(lived_in if role == "resident" else ())]
    found: dict[str, list[str]] = {}
    visited = set()
    for view in walk(page, starts, addresses, DESKS[role]):
        visited.add(view)
        wrong = barriers(page) + (["it must be pushed sideways"] if overflow(page) else [])
        wrong += [] if page.locator("h1").count() == 1 else ["not one h1"]
        if wrong:
            found[f"{view} {page.url}"] = wrong
    assert found == {}
    assert _shown(addresses, DESKS[role]) - visited - set(ELSEWHERE) == set()


def _shown(addresses: Map, around: tuple[str, ...]) -> set[str]:
    return {
        rule.endpoint
        for rule in addresses.iter_rules()
        if rule.endpoint.rpartition(".")[0] in around and "GET" in (rule.methods or ())
    }


@pytest.mark.parametrize("path", ["/", "/sign-in", "/staff", "/offline", "/documents/notice"])
@pytest.mark.parametrize("look", LOOKS, ids=["chinese-phone", "english-screen-dark", "large-dark"])
def test_the_way_in_can_be_read_by_everybody(
    page_of: Callable[..., Page],
    barriers: Callable[[Page], list[str]],
    path: str,
    look: dict[str, object],
) -> None:
    page = page_of(None, **look)
    page.goto(path)
    assert barriers(page) == []
    assert not overflow(page)
