"""The demo city's doors: one click, and one is somebody. They exist where DEMO is set, which
production refuses."""

from flask import Blueprint, Response, abort, make_response, redirect, url_for

from app import identity, pages
from app.demo import visiting
from app.demo.cast import ACTOR
from app.kernel import from_wire
from app.plumbing import house, takes_forms

_WAYS = {
    "resident": ("resident", "res", visiting.visitor),
    "merchant": ("merchant", "cli", visiting.shopkeeper),
    "bank": ("bank", "cli", visiting.lender),
    "operator": ("operator", "cli", visiting.officer),
    "second_operator": ("operator", "cli", visiting.second_officer),
}

blp = Blueprint("demo", __name__)


@blp.post("/demo/be/<role>")
def enter(role: str) -> Response:
    """Be somebody of the demo city, from now on in this browser."""
    if role not in _WAYS:
        abort(404)
    return pages.enter(*_session(role))


@blp.post("/demo/counter")
def counter() -> Response:
    """Let the demo's café look at the code on this page, as if its telephone had."""
    pages.remember(*_session("merchant"))
    return make_response(redirect(url_for("pages.merchant.redeem"), 307))


def _session(role: str) -> tuple[str, identity.Session]:
    here = house()
    scope, prefix, find = _WAYS[role]
    subject = from_wire(prefix, find(here).who)
    assert subject is not None
    with here.work(ACTOR) as work:
        return identity.enter(work, scope, subject)


takes_forms(blp.name)
