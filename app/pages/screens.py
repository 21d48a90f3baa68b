"""What all screens share: who is signed in, how a page is drawn, how a *no* is told."""

import re
import secrets
from http import HTTPStatus
from typing import Any

import orjson
from flask import (
    Blueprint,
    Response,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask import session as cookie
from flask_babel import gettext as _

from app import identity
from app.pages.asking import Answer, Trouble
from app.pages.refusals import sentence
from app.plumbing import Actor, house, problems

_KEYS = "keys"  # in the cookie: one key for each scope, so one browser can hold several desks
_SIGN_IN = {"resident": "pages.entrance.sign_in"}
_STAFF = "pages.entrance.staff"
# Of a resident's things, by the first letters of their ids: where each is seen.
_PLACES = {
    "act": ("pages.resident.act", "act_id"),
    "vch": ("pages.spending.voucher", "voucher_id"),
    "xch": ("pages.spending.exchanged", "exchange_id"),
    "inq": ("pages.rights.inquiry", "inquiry_id"),
    "obj": ("pages.rights.objection", "objection_id"),
}
_WHOLE = re.compile(r"[0-9]{1,9}")


# Who is signed in.


def guard(blueprint: Blueprint, scope: str) -> None:
    """Only whoever is signed in with this scope sees the pages of a blueprint."""

    @blueprint.before_request
    def _look() -> Response | None:
        g.page_scope = scope
        g.page_session = signed_in(scope)
        return None if g.page_session else to_sign_in(scope)


def signed_in(scope: str) -> identity.Session | None:
    """The page session of this browser for a scope, if it still holds."""
    key = cookie.get(_KEYS, {}).get(scope)
    if not key:
        return None
    with house().look(Actor("public")) as work:
        found = identity.session_of(work, key)
    return found if found and found.scope == scope else None


def remember(key: str, session: identity.Session) -> None:
    """Keep a page session's key in the sealed cookie, beside those of other scopes."""
    cookie.permanent = True
    cookie[_KEYS] = cookie.get(_KEYS, {}) | {session.scope: key}


def forget(scope: str) -> str | None:
    """Take a scope's key out of the cookie and give it."""
    keys = dict(cookie.get(_KEYS, {}))
    key: str | None = keys.pop(scope, None)
    if key:
        cookie[_KEYS] = keys
    return key


def to_sign_in(scope: str) -> Response:
    """The way to the door, and back here afterwards; whoever was inside is told why."""
    if forget(scope):
        flash(_("You were signed out, because this session had ended. Please sign in again."))
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    return _see(url_for(_SIGN_IN.get(scope, _STAFF), next=back))


# How a page is drawn.


def shown(template: str, **context: Any) -> Response:
    """A page. In the context, a `problem` (an API's problem document) sets the status; a sentence
    `unread` says that nothing was asked, as what was sent could not be read."""
    status = HTTPStatus.UNPROCESSABLE_ENTITY if context.get("unread") else HTTPStatus.OK
    status = (context.get("problem") or {}).get("status", status)
    return make_response(render_template(template, **context), int(status))


def go(endpoint: str, **values: Any) -> Response:
    """After a form: see another page (303, so that reloading sends nothing twice)."""
    return _see(url_for(endpoint, **values))


def _see(address: str) -> Response:
    return make_response(redirect(address, 303))


def place_of(wire: str | None) -> str | None:
    """Where a resident sees one of their things, by its id; None for nowhere."""
    endpoint, name = _PLACES.get((wire or "").partition("_")[0], ("", ""))
    values: dict[str, Any] = {name: wire}
    return url_for(endpoint, **values) if endpoint else None


def local(address: str | None) -> str | None:
    """An address that leads nowhere but here, or None."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")):
        return None
    return address if address.isprintable() else None


def said(text: str) -> None:
    """Tell on the next page that something was done."""
    flash(text, "good")


def refused(answer: Answer) -> None:
    """Tell on the next page why something was not done."""
    flash(sentence(answer.body), "bad")


def tell(answer: Answer, done: str) -> None:
    """Tell on the next page that it was done, or why not."""
    if answer.good:
        said(done)
    else:
        refused(answer)


def once() -> str:
    """A form's own key: sent twice, it does its work once."""
    return request.form.get("once") or secrets.token_urlsafe(16)


def field(name: str) -> str | None:
    """What somebody typed, without blanks around; None for nothing."""
    return request.form.get(name, "").strip() or None


def whole(text: str | None) -> int | str | None:
    """A whole number where that was typed; else what was typed, for the API to refuse."""
    return int(text) if text and _WHOLE.fullmatch(text) else text


# How a *no* is told.


def catch(pages: Blueprint) -> None:
    """Every error inside the pages is a page, with a sentence and a way on."""
    pages.register_error_handler(Exception, _told)


def _told(error: Exception) -> Response:
    problem = error.answer.body if isinstance(error, Trouble) else problem_of(error)
    scope = g.get("page_scope")
    if problem["status"] == HTTPStatus.UNAUTHORIZED and scope:
        return to_sign_in(scope)
    answer = shown("frame/trouble.html", problem=problem)
    if "retry_after" in problem:
        answer.headers["Retry-After"] = str(problem["retry_after"])
    return answer


def problem_of(error: Exception) -> dict[str, Any]:
    """The problem document of an error that was raised here, not answered by the API."""
    found: dict[str, Any] = orjson.loads(problems.of(error).get_data())
    return found
