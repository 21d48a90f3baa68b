"""Codes on the phone: of a voucher, of the account. A page is drawn with a code in it; its script
has it renewed before it ends, and asks whether it has been used."""

from base64 import b64encode
from datetime import datetime
from typing import Any

from flask import Response, jsonify, make_response

from app.pages import asking
from app.pages.asking import Answer
from app.pages.screens import shown
from app.pages.spending.around import blp
from app.plumbing import house

READY = ("issued", "shown")
_GROUP = 4


def drawn(code: dict[str, Any]) -> dict[str, Any]:
    """A code as pages show it: its picture as an address, its letters in groups to type, the
    seconds that it has left (a phone's own clock may be wrong)."""
    text: str = code["code"]
    left = datetime.fromisoformat(code["expires_at"]) - house().clock.now()
    return {
        "code": text,
        "groups": [text[at : at + _GROUP] for at in range(0, len(text), _GROUP)],
        "picture": "data:image/svg+xml;base64," + b64encode(code["svg"].encode()).decode(),
        "seconds": max(0, int(left.total_seconds())),
        "expires_at": code["expires_at"],
    }


def clock(instant: str) -> str:
    """The time of day of an instant, to the second, in the city's time."""
    zone = house().rules.pack.zone
    return datetime.fromisoformat(instant).astimezone(zone).strftime("%H:%M:%S")


blp.add_app_template_filter(clock)


def _told(answer: Answer) -> Response:
    """A fresh code for the page's script; of a refusal the status is enough, it loads the page."""
    if not answer.good:
        return make_response(jsonify(code=answer.code), answer.status)
    return jsonify(drawn(answer.body))


def of_voucher(voucher_id: str) -> Answer:
    """A fresh code of a voucher, or why there is none."""
    return asking.post(f"/v1/me/vouchers/{voucher_id}/code")


@blp.post("/vouchers/<voucher_id>/code")
def renew(voucher_id: str) -> Response:
    """The next code of a voucher, for the script of its page."""
    return _told(of_voucher(voucher_id))


@blp.get("/vouchers/<voucher_id>/state")
def voucher_state(voucher_id: str) -> Response:
    """Whether a voucher is still ready, for the script of its page."""
    status = asking.get(f"/v1/me/vouchers/{voucher_id}")["status"]
    return jsonify(waiting=status in READY)


@blp.get("/code")
def own_code() -> Response:
    """My own code: a merchant that reads it sees which of its vouchers I have ready."""
    answer = asking.post("/v1/me/code")
    if not answer.good:
        return shown("spending/own_code.html", problem=answer.body)
    return shown("spending/own_code.html", code=drawn(answer.body))


@blp.post("/code")
def renew_own() -> Response:
    """The next of my own codes, for the script of its page."""
    return _told(asking.post("/v1/me/code"))
