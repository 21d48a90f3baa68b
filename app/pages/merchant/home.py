"""The scanner: a code comes in, one big answer goes out; and what became of a code whose answer
never came."""

from http import HTTPStatus
from typing import Any

from flask import Response, request

from app.pages import photos
from app.pages.asking import ask, get, post
from app.pages.merchant.around import blp, told
from app.pages.screens import field, go, once, shown
from app.plumbing import house, takes_large

takes_large("pages.merchant.redeem", "photo_bytes")


@blp.get("")
def home() -> Response:
    """The camera, a photo, or letters."""
    return _scanner()


def _scanner(**more: Any) -> Response:
    return shown("merchant/home.html", me=get("/v1/merchant"), store=_store(), **more)


def _store() -> str | None:
    """Where an office of several stores says it stands."""
    return request.values.get("store", "").strip() or None


@blp.get("/redeem")
def redeem_again() -> Response:
    """Whoever comes back to the address of an answer scans anew."""
    return go("pages.merchant.home")


@blp.post("/redeem")
def redeem() -> Response:
    """Redeem a code that was scanned, photographed or typed."""
    try:
        code = photos.sent("code")
    except photos.Unread as error:
        return _scanner(unread=error.words)
    key, presented = once(), {"code": code, "store_id": _store()}
    answer = post("/v1/redemptions", presented, key=key)
    if answer.good:
        return _green(answer.body["id"])
    if answer.code == "choose_voucher":
        return _ready(presented)
    return _red(answer.body, key)


def _ready(presented: dict[str, str | None]) -> Response:
    """What the resident behind an account code has here; its codes are shown once."""
    answer = post("/v1/redemptions/ready", presented)
    if not answer.good:
        return _red(answer.body)
    return shown("merchant/ready.html", items=answer.body["items"], store=_store())


def _green(redemption_id: str) -> Response:
    return go("pages.merchant.redemption", redemption_id=redemption_id, fresh=1, store=_store())


def _red(problem: dict[str, Any], key: str | None = None) -> Response:
    """Drawn at once: sent again, the API gives the same answer for the same key."""
    unsure = int(problem.get("status", 0)) >= HTTPStatus.INTERNAL_SERVER_ERROR
    told_at = house().clock.now().isoformat()
    return shown(
        "merchant/refused.html",
        problem=problem,
        at=told_at,
        store=_store(),
        key=key if unsure else None,
    )


@blp.get("/asked")
def asked() -> Response:
    """What became of the code that was sent with a key of this browser's."""
    key = request.args.get("key", "").strip()
    if not key:
        return go("pages.merchant.home")
    answer = ask("GET", _by_key(key))
    if answer.code == "unknown_key":
        return shown("merchant/asked.html", key=key)
    return _outcome(told(answer))


@blp.post("/asked")
def give_up() -> Response:
    """Undo whatever a key did; if it has not arrived, it never does anything."""
    answer = post(f"{_by_key(field('key') or '-')}/cancel")
    return _outcome(answer.body) if answer.good else _red(answer.body)


def _by_key(key: str) -> str:
    return f"/v1/redemptions/by-key/{key}"


def _outcome(found: dict[str, Any]) -> Response:
    if found["redemption"]:
        return _green(found["redemption"]["id"])
    return _red({"code": found["code"] or "cancelled_by_terminal"})
