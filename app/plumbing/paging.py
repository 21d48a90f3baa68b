"""Pages of results: `?limit=&cursor=` in, `{"items": […], "next_cursor": …}` out.

A cursor is the key of the last row, opaque to the caller: pages cost the same however deep.
"""

import base64
import binascii
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple, Protocol, TypeVar

import marshmallow as ma
import orjson

from app.kernel import Invalid


class _WithId(Protocol):
    @property
    def id(self) -> bytes: ...


_Row = TypeVar("_Row", bound=_WithId)

DEFAULT_LIMIT = 50
LARGEST_LIMIT = 200
# Days further away cannot be turned into instants in every zone, and nobody asks for them.
_A_DAY = ma.validate.Range(date(1970, 1, 1), date(2199, 12, 31))


class Page(NamedTuple):
    """What a list is asked for. `after` is the key of the row before the first wanted."""

    limit: int
    after: list[Any] | None
    since: date | None
    until: date | None


class PageQuery(ma.Schema):
    """Query parameters of a list."""

    class Meta:
        unknown = ma.EXCLUDE

    limit = ma.fields.Integer(
        load_default=DEFAULT_LIMIT, validate=ma.validate.Range(1, LARGEST_LIMIT)
    )
    cursor = ma.fields.String(load_default=None, validate=ma.validate.Length(max=500))
    since = ma.fields.Date(data_key="from", load_default=None, validate=_A_DAY)
    until = ma.fields.Date(data_key="to", load_default=None, validate=_A_DAY)

    @ma.post_load
    def to_page(self, data: dict[str, Any], **_: Any) -> Page:
        after = None if data["cursor"] is None else read_cursor(data["cursor"])
        return Page(data["limit"], after, data["since"], data["until"])


class StatusQuery(PageQuery):
    """A page of what has one status; subclasses say which there are, in a field `status`."""

    @ma.post_load
    def to_page(self, data: dict[str, Any], **kwargs: Any) -> Any:
        return {"status": data["status"], "page": super().to_page(data, **kwargs)}


def cursor(key: Sequence[Any]) -> str:
    """Days, ints, texts and bytes (as hex) of a row's key, as one opaque text."""
    plain = [part.hex() if isinstance(part, bytes) else part for part in key]
    return base64.urlsafe_b64encode(orjson.dumps(plain)).decode().rstrip("=")


def read_cursor(text: str) -> list[Any]:
    """The key behind a cursor. Raises Invalid (bad_cursor)."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        key = orjson.loads(raw)
    except (binascii.Error, ValueError) as error:
        raise bad_cursor() from error
    if not isinstance(key, list):
        raise bad_cursor()
    return key


def before_id(page: Page) -> bytes | None:
    """The id before which a page begins, in lists that go by id, newest first; None: the first.

    Raises Invalid (bad_cursor).
    """
    match page.after:
        case None:
            return None
        case [str(text)]:
            try:
                return bytes.fromhex(text)
            except ValueError:
                raise bad_cursor() from None
        case _:
            raise bad_cursor()


def cut(found: Sequence[_Row], page: Page) -> tuple[Sequence[_Row], str | None]:
    """The rows of a page, and the cursor of what follows, from one row more than asked for."""
    items = found[: page.limit]
    return items, cursor([items[-1].id]) if len(found) > page.limit else None


def bad_cursor() -> Invalid:
    """The refusal of a cursor that this list never gave out."""
    return Invalid(
        "bad_cursor",
        "This cursor was not given out by this list; start again without one.",
        errors=[{"pointer": "/query/cursor", "code": "invalid", "detail": "Unknown cursor."}],
    )
