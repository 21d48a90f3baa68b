"""Somebody at a merchant's counter, with its pages before them."""

from collections.abc import Callable

from tests.conftest import Headers
from tests.pages.conftest import Browser
from tests.redemption.market import Market

Browse = Callable[..., Browser]


def newest_access(market: Market, office: Headers) -> str:
    """The client number of the access that was made last."""
    return str(market.get("/v1/merchant/terminals", office)["items"][0]["client_id"])


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
    return browse("merchant", newest_access(market, office))
