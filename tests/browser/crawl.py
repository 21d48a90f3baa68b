"""A walk through a desk by its links: one page of each address, as somebody curious would go."""

from collections import deque
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from playwright.sync_api import Page
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, RequestRedirect

_MOST = 150
_LINKS = "[...document.querySelectorAll('a[href]:not([download])')].map(each => each.href)"


def walk(page: Page, starts: list[str], addresses: Map, around: tuple[str, ...]) -> Iterator[str]:
    """Go to one page of every view of the packages `around` that can be reached from `starts`;
    gives the view's name while the page is open."""
    view_of = _views(addresses)
    seen: set[str] = set()
    queue = deque(starts)
    while queue and len(seen) < _MOST:
        path = queue.popleft()
        view = view_of(urlsplit(path).path)
        if view is None or view in seen or view.rpartition(".")[0] not in around:
            continue
        seen.add(view)
        answer = page.goto(path)
        assert answer is not None
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        assert answer.status < 400, (path, answer.status)
        yield view
        queue.extend(_here(page))


def _here(page: Page) -> list[str]:
    origin = "/".join(page.url.split("/")[:3])
    links: list[str] = page.evaluate(_LINKS)
    return [each.removeprefix(origin) for each in links if each.startswith(origin + "/")]


def _views(addresses: Map) -> Callable[[str], str | None]:
    bound = addresses.bind("localhost")

    def find(path: str) -> str | None:
        try:
            view, _ = bound.match(path)
        except (HTTPException, RequestRedirect):
            return None
        return str(view)

    return find


def overflow(page: Page) -> bool:
    """Whether the page must be pushed sideways to be read."""
    root = "document.documentElement"
    return bool(page.evaluate(f"{root}.scrollWidth > {root}.clientWidth"))
