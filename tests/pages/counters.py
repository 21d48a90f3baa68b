"""Somebody at a merchant's counter, with its pages before them."""

from collections.abc import Callable

from tests.conftest import Headers
from tests.pages.conftest import Browser
from tests.redemption.market import Market

Browse = Callable[..., Browser]


def newest_access(market: Market, office: Headers, *, at_store: bool = False) -> str:
    """The client number of a merchant's newest access for all its stores, or for one. Of those
    that are as new the order is open."""
    items = market.get("/v1/merchant/terminals", office)["items"]
    found = (each for each in items if (each["store_id"] is not None) == at_store)
    return str(next(found)["client_id"])


def at_the_office(
    market: Market, browse: Browse, code: str = "weihai_bus", stores: int = 1
) -> Browser:
    """A browser in the office of a merchant that is live."""
    office = market.shop(code, stores)
    return browse("merchant", newest_access(market, office))


def at_a_store(market: Market, browse: Browse, code: str = "weihai_bus") -> Browser:
    """A browser at the first store of a merchant that is live."""
    office = market.shop(code)
    market.at_store(code)
    return browse("merchant", newest_access(market, office, at_store=True))
