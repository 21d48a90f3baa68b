"""At a store that shows a code of its own: which voucher, and yes."""

from typing import Any

from flask import Response
from flask_babel import gettext as _

from app.pages import asking, photos
from app.pages.screens import field, go, once, said, shown
from app.pages.spending import codes
from app.pages.spending.around import blp
from app.plumbing import takes_large

takes_large("pages.spending.read_store", "photo_bytes")
_TEXT = "weitan:store:"  # what a store's code says before the store's number
_MOST = 100


@blp.get("/stores")
def stores() -> Response:
    """The camera, a photo, or letters: a store's code."""
    return shown("spending/stores.html")


@blp.post("/stores")
def read_store() -> Response:
    """Whose code it is that was scanned, photographed or typed."""
    try:
        text = photos.sent("code").lower()  # keyboards write the first letter large
    except photos.Unread as error:
        return shown("spending/stores.html", unread=error.words)
    return go("pages.spending.at_store", store_id=text.removeprefix(_TEXT))


@blp.get("/stores/<store_id>")
def at_store(store_id: str) -> Response:
    """Whose store this is, and my vouchers that its merchant honours."""
    return _drawn(store_id)


@blp.post("/stores/<store_id>")
def use_at_store(store_id: str) -> Response:
    """Use a voucher here; whoever stands at the counter is shown the page that follows."""
    store = asking.get(f"/v1/stores/{store_id}")
    chosen = field("voucher") or ""
    body = {"store_id": store_id}
    answer = asking.post(f"/v1/me/vouchers/{chosen}/confirm", body, key=once())
    if not answer.good:
        return _drawn(store_id, chosen=chosen, problem=answer.body)
    said(_("Used at %(store)s. Show this page to the staff.", store=store["name"]))
    return go("pages.spending.voucher", voucher_id=chosen)


def _drawn(store_id: str, **context: Any) -> Response:
    store = asking.get(f"/v1/stores/{store_id}")
    mine = [each for status in codes.READY for each in _mine(status)]
    fitting = [each for each in mine if _may_fit(each, store["merchant"])]
    return shown("spending/at_store.html", store=store, fitting=fitting, **context)


def _mine(status: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]]
    found = asking.get("/v1/me/vouchers", status=status, limit=_MOST)["items"]
    return found


def _may_fit(voucher: dict[str, Any], merchant: str) -> bool:
    """Whether it is worth showing here; whether it is honoured the API decides."""
    ready = voucher["kind"] == "code" and voucher["status"] in codes.READY
    return ready and (voucher["merchant"] is None or voucher["merchant"]["code"] == merchant)
