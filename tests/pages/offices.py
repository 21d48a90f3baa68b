"""Officers of the city, each with a browser of their own."""

from collections.abc import Callable

from app import identity
from app.plumbing import House
from tests.pages.conftest import Browser
from tests.redemption.market import COMMAND

Browse = Callable[..., Browser]


def officer(house: House, browse: Browse, name: str) -> Browser:
    """A new officer at the desk, reading English."""
    with house.work(COMMAND) as work:
        wire, _ = identity.create_client(work, "operator", name)
    return browse("operator", wire)


def proposal(browser: Browser) -> str:
    """The id of the approval that is on the page."""
    start = browser.page.index("apr_")
    return browser.page[start : start + 30]
