"""Proofs that customers show: made for this bank and for one request of it, checked here.

The request is a number that nobody can know before. It stays with this browser until a proof for
it was good, so that a customer may try again.
"""

import secrets
from typing import Any

from flask import Response, g, request, url_for
from flask import session as cookie
from flask_babel import gettext as _

from app.pages import photos
from app.pages.asking import get, post
from app.pages.bank.around import CITYS_OWN, blp, grades
from app.pages.screens import go, said, shown
from app.plumbing import house, qr, takes_large

takes_large("pages.bank.check", "photo_bytes")
_REQUEST = "request"  # in the sealed cookie
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that look alike
_LONG = 12
_SPENT = (None, "replayed")  # a good proof, or one that was good before: the request is used up


@blp.get("/verify")
def verify() -> Response:
    """The request to show to the customer, and where the proof comes in."""
    return _desk()


def _desk(**more: Any) -> Response:
    asked = _asked()
    # Behind a proxy only the setting knows the address by which telephones find the city.
    city = house().settings.public_url or request.host_url
    address = city.rstrip("/") + url_for("pages.rights.show_proof", **asked)
    return shown("bank/verify.html", asked=asked, code=qr.svg(address), **more)


def _asked() -> dict[str, Any]:
    """Whom a proof is to be made for, by its code or else its client, and for which request."""
    code = get("/v1/credit/products")["bank"]
    return {"audience": g.page_session.wire if code == CITYS_OWN else code, "nonce": _nonce()}


def _nonce() -> str:
    if _REQUEST not in cookie:
        cookie[_REQUEST] = "".join(secrets.choice(_LETTERS) for _ in range(_LONG))
    return str(cookie[_REQUEST])


@blp.post("/verify/new")
def new_request() -> Response:
    """Another request; proofs for the one before are worth nothing here any more."""
    cookie.pop(_REQUEST, None)
    said(_("This is a new request. Proofs made for the one before are not good here any more."))
    return go("pages.bank.verify")


@blp.post("/verify")
def check() -> Response:
    """Whether a proof holds, and what it says."""
    try:
        presentation = photos.sent("presentation")
    except photos.Unread as error:
        return _desk(unread=error.words)
    answer = post("/v1/attestations/verify", {"presentation": presentation} | _asked())
    if not answer.good:
        return _desk(problem=answer.body)
    if answer.body["reason"] in _SPENT:
        cookie.pop(_REQUEST, None)
    return shown("bank/verdict.html", verdict=answer.body, grades=grades())
