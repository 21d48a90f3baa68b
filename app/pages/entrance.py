"""The way in and out: the first page, signing in by number and code or as a company, how pages
look; and what a browser needs to install them."""

from typing import Any

from flask import (
    Blueprint,
    Response,
    jsonify,
    make_response,
    redirect,
    request,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from app import identity
from app.kernel import Refusal, Refused
from app.pages import asking, language, safety
from app.pages.assets import asset, files
from app.pages.screens import (
    field,
    forget,
    go,
    local,
    problem_of,
    remember,
    said,
    shown,
    signed_in,
)
from app.plumbing import Actor, house, problems

blp = Blueprint("entrance", __name__)
blueprints = [blp]

HOMES = {
    "resident": "pages.resident.home",
    "merchant": "pages.merchant.home",
    "bank": "pages.bank.home",
    "operator": "pages.operator.home",
}
_VERSION = 40  # letters at the most
N_ = str  # words that are looked up later
_OFFLINE = (  # in both languages: who it will be shown to is not known when it is kept
    N_("No network"),
    N_(
        "Your points and vouchers are safe. To keep them private, nothing of your account stays"
        " on this phone, so it takes a network to see it."
    ),
    N_("Try again"),
)
_YEAR = 365 * 24 * 3600
_LOOKS = {
    language.COOKIE: (language.CHINESE, language.ENGLISH),
    "theme": ("auto", "light", "dark"),
    "text": ("usual", "large"),
}


def enter(key: str, session: identity.Session) -> Response:
    """Begin a page session that `identity` has opened, and go to its home, or on the way it was.
    Whoever was in here before with the same scope is out, and what they left open in another window
    cannot be sent in the name of who is in now."""
    if _leave(session.scope):
        safety.renew()
    remember(key, session)
    wanted = local(request.values.get("next"))
    return make_response(redirect(wanted or url_for(HOMES[session.scope]), 303))


@blp.get("/")
def start() -> Response:
    """What this is, and the ways in; a resident who is signed in goes home."""
    if signed_in("resident") and not house().settings.demo:
        return go(HOMES["resident"])
    return shown("frame/start.html", figures=asking.get("/v1/transparency"))


@blp.get("/sign-in")
def sign_in() -> Response:
    """Ask for a number."""
    return shown("frame/sign_in.html", **_door())


@blp.post("/sign-in")
def enter_by_code() -> Response:
    """With a number alone: send a code. With a code: come in."""
    phone, code = field("phone"), field("code")
    if request.form.get("step") == "send" or not code:
        sent = asking.post("/v1/auth/otp", {"phone": phone})
        if not sent.good:
            return shown("frame/sign_in.html", problem=sent.body, phone=phone, **_door())
        return shown("frame/sign_in.html", phone=phone, sent=sent.body, **_door())
    try:
        with house().work(Actor("public")) as work:
            persons = house().ports["person"]
            entered = identity.enter_by_code(work, persons, phone or "", code, _accepted())
    except Refusal as refusal:
        entered = Refused(refusal)
    if isinstance(entered, Refused):
        again = {"phone": phone, "sent": {"expires_in": None}}
        return shown("frame/sign_in.html", problem=problem_of(entered.refusal), **again, **_door())
    return enter(*entered)


def _door() -> dict[str, Any]:
    return {"next": local(request.values.get("next")), "documents": _documents()}


def _documents() -> dict[str, str]:
    """The newest version of the agreement and of the notice."""
    found = asking.get("/v1/documents")["items"]
    return {each["document"]: each["version"] for each in found}


def _accepted() -> dict[str, str] | None:
    """The versions that stood beside the tick."""
    if not request.form.get("accept"):
        return None
    return {name: (field(name) or "")[:_VERSION] for name in identity.DOCUMENTS}


@blp.get("/staff")
def staff() -> Response:
    """The door of companies and of the city's officers."""
    return shown("frame/staff.html", next=local(request.args.get("next")))


@blp.post("/staff")
def enter_by_secret() -> Response:
    """Come in with a client's number and secret."""
    try:
        with house().work(Actor("public")) as work:
            entered = identity.enter_by_secret(
                work, field("client_id") or "", field("secret") or ""
            )
    except Refusal as refusal:
        told = {"problem": problem_of(refusal), "client_id": field("client_id")}
        return shown("frame/staff.html", next=local(request.form.get("next")), **told)
    return enter(*entered)


@blp.post("/sign-out/<scope>")
def sign_out(scope: str) -> Response:
    """End this browser's page session of a scope, here and on the server."""
    if _leave(scope):
        said(_("You are signed out."))
    return go("pages.entrance.start")


def _leave(scope: str) -> bool:
    """End this browser's session of a scope, if it has one."""
    key = forget(scope)
    if key:
        with house().work(Actor("public")) as work:
            identity.leave_session(work, key)
    return bool(key)


@blp.post("/display")
def display() -> Response:
    """Choose language, colours, size of the letters; all of it stays in this browser."""
    answer = make_response(redirect(local(request.form.get("back")) or "/", 303))
    for name, choices in _LOOKS.items():
        if request.form.get(name) in choices:
            answer.set_cookie(
                name, request.form[name], max_age=_YEAR, samesite="Lax", httponly=True,
                secure=house().settings.production,
            )  # fmt: skip
    return answer


@blp.get("/documents/<document>")
def document(document: str) -> Response:
    """The newest published text of the agreement or of the notice."""
    found = [each for each in asking.get("/v1/documents")["items"] if each["document"] == document]
    newest = found[-1] if found else None
    return shown("frame/document.html", document=document, found=newest)


@blp.get("/offline")
def offline() -> Response:
    """What the service worker shows without a network; the only page that it keeps."""
    told = [
        (tag, *(language.catalogue(each).gettext(words) for words in _OFFLINE))
        for each, tag in language.TAGS.items()
    ]
    return shown("frame/offline.html", told=told)


@blp.get("/sw.js")
def service_worker() -> Response:
    """At the root, so that it may serve every page; its files are named by their digest."""
    return Response(files()["sw.js"], mimetype="text/javascript")


@blp.get("/manifest.webmanifest")
def manifest() -> Response:
    """What a telephone needs to put the account among its applications."""
    icons = [
        {"src": asset(f"icon-{side}.png"), "sizes": f"{side}x{side}", "type": "image/png"}
        for side in (192, 512)
    ]
    answer = jsonify(
        name=_("Weitan carbon account"),
        short_name=_("Weitan"),
        lang=language.tag(),
        id="/",
        start_url="/",
        scope="/",
        display="standalone",
        background_color="#f6f5f1",
        theme_color="#0d5c46",
        icons=[*icons, icons[-1] | {"purpose": "maskable"}],
    )
    answer.mimetype = "application/manifest+json"
    return answer


@blp.route("/<page:path>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
def nothing(path: str) -> Response:
    """Whatever is not there: a page for people, a problem for programs."""
    del path
    lost = NotFound()
    if "text/html" not in request.accept_mimetypes.values():
        return problems.of(lost)
    raise lost
