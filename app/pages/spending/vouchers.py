"""My vouchers: the list, one with its code, giving it back, codes for places without network."""

from datetime import datetime, timedelta
from typing import Any

from flask import Response, request
from flask_babel import gettext as _

from app.pages import asking
from app.pages.screens import go, once, said, shown, tell
from app.pages.spending import codes
from app.pages.spending.around import blp
from app.plumbing import house

_MOST = 100
_USED = ("redeemed", "settled")
_FRESH = timedelta(minutes=10)  # so long the counter is told in large letters


@blp.get("/vouchers")
def vouchers() -> Response:
    """My vouchers: those that are ready first, the one that ends soonest on top."""
    cursor = request.args.get("cursor")
    ready = [] if cursor else _ready()
    page = asking.get("/v1/me/vouchers", cursor=cursor)
    earlier = [each for each in page["items"] if each["status"] not in codes.READY]
    return shown(
        "spending/vouchers.html",
        ready=ready,
        earlier=earlier,
        cursor=page["next_cursor"],
        later=bool(cursor),
    )


def _ready() -> list[dict[str, Any]]:
    found = []
    for status in codes.READY:
        found += asking.get("/v1/me/vouchers", status=status, limit=_MOST)["items"]
    # One whose last day has just passed is told as expired.
    found = [each for each in found if each["status"] in codes.READY]
    return sorted(found, key=lambda each: str(each["expires_on"]))


@blp.get("/vouchers/<voucher_id>")
def voucher(voucher_id: str) -> Response:
    """One voucher: its code to show, or what became of it."""
    found = _found(voucher_id)
    used = found["status"] in _USED
    context: dict[str, Any] = {"found": found, "used": used, "fresh": used and _fresh(found)}
    if found["kind"] == "code" and found["status"] in codes.READY:
        answer = codes.of_voucher(voucher_id)
        if answer.good:
            context |= {"code": codes.drawn(answer.body), "offline": _goes_offline(found)}
        else:
            context["no_code"] = answer.body
    return shown("spending/voucher.html", **context)


def _found(voucher_id: str) -> dict[str, Any]:
    found: dict[str, Any] = asking.get(f"/v1/me/vouchers/{voucher_id}")
    return found


def _fresh(found: dict[str, Any]) -> bool:
    """Whether it was just used; of a licence its code matters more than that."""
    if found["kind"] == "licence":
        return False
    return house().clock.now() - datetime.fromisoformat(found["changed_at"]) < _FRESH


def _goes_offline(found: dict[str, Any]) -> bool:
    """Whether the benefit has codes for readers without network; not of one that is no more."""
    of = asking.ask("GET", f"/v1/benefits/{found['benefit']}")
    return of.good and bool(of.body["offline"])


@blp.get("/vouchers/<voucher_id>/cancel")
def cancelling(voucher_id: str) -> Response:
    """What giving a voucher back means."""
    return shown("spending/cancel.html", found=_found(voucher_id))


@blp.post("/vouchers/<voucher_id>/cancel")
def cancel(voucher_id: str) -> Response:
    """Give it back."""
    answer = asking.post(f"/v1/me/vouchers/{voucher_id}/cancel", key=once())
    if not answer.good:
        return shown("spending/cancel.html", found=_found(voucher_id), problem=answer.body)
    said(_("Given back. Its points are yours again."))
    return go("pages.spending.voucher", voucher_id=voucher_id)


@blp.get("/vouchers/<voucher_id>/replace")
def replacing(voucher_id: str) -> Response:
    """What reporting a code that does not work means."""
    return shown("spending/replace.html", found=_found(voucher_id))


@blp.post("/vouchers/<voucher_id>/replace")
def replace(voucher_id: str) -> Response:
    """Report it, and get another."""
    answer = asking.post(f"/v1/me/vouchers/{voucher_id}/licence/replace", key=once())
    tell(answer, _("Here is another code. The one before it is no longer yours."))
    return go("pages.spending.voucher", voucher_id=voucher_id)


@blp.get("/vouchers/<voucher_id>/offline")
def before_offline(voucher_id: str) -> Response:
    """What a code for places without network is, before it is made."""
    return shown("spending/offline_code.html", found=_found(voucher_id))


@blp.post("/vouchers/<voucher_id>/offline")
def make_offline(voucher_id: str) -> Response:
    """Make it. It is shown in this answer and never again, so there is no other page to go to."""
    answer = asking.post("/v1/me/offline-codes", {"vouchers": [voucher_id]})
    found = _found(voucher_id)
    if not answer.good:
        return shown("spending/offline_code.html", found=found, problem=answer.body)
    code = codes.drawn(answer.body["items"][0])
    return shown("spending/offline_code.html", found=found, code=code)
