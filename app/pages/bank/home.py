"""An inquiry: the customer's consent first, then the application that it is for."""

from typing import Any

from flask import Response, request
from flask_babel import gettext as _

from app.pages import photos
from app.pages.asking import get, post
from app.pages.bank import typed
from app.pages.bank.around import USUAL, blp
from app.pages.screens import field, go, once, shown
from app.plumbing import takes_large

takes_large("pages.bank.scanned", "photo_bytes")
_CONSENT = "cns_"
_OF_FORM = ("consent_id", "product", "purpose", "application_reference")


@blp.get("")
@blp.get("/consent", alias=True)
@blp.get("/consent/inquiry", alias=True)
def home() -> Response:
    """Scan or type a consent; whoever comes back to the address of a form begins anew here.
    Nothing of anybody is read before."""
    return shown("bank/home.html")


@blp.post("/consent")
def scanned() -> Response:
    """The application that a consent is for. Whether the consent holds only an inquiry tells."""
    try:
        consent = photos.sent("consent_id").lower()
    except photos.Unread as error:
        return shown("bank/home.html", unread=error.words)
    if not consent.startswith(_CONSENT):
        wrong = _("This is not the code of a consent. The customer's app shows one in the consent.")
        return shown("bank/home.html", unread=wrong)
    return _form({"consent_id": consent, "purpose": "pricing"} | USUAL)


def _form(filled: dict[str, str], **more: Any) -> Response:
    products = get("/v1/credit/products")["items"]
    return shown("bank/apply.html", typed=filled, products=products, **more)


@blp.post("/consent/inquiry")
def inquire() -> Response:
    """Ask, and read the answer on a page of its own."""
    body: dict[str, Any] = {name: field(name) for name in _OF_FORM}
    body["offer"] = typed.offer(request.form)
    answer = post("/v1/credit/inquiries", body, key=once())
    if not answer.good:
        return _form(request.form.to_dict(), problem=answer.body)
    return go("pages.bank.inquiry", inquiry_id=answer.body["inquiry_id"])
