"""The shop itself: who we are, who may act for us, the code on the counter."""

from urllib.parse import quote

from flask import Response, request
from flask_babel import gettext as _

from app.pages.asking import Answer, delete, get, post
from app.pages.merchant.around import blp, seen
from app.pages.screens import field, go, once, said, shown, tell

_MOST = 100  # the longest page of a list that the API gives


@blp.get("/about")
def about() -> Response:
    """Our merchant, and what is seldom needed."""
    return shown("merchant/about.html", me=get("/v1/merchant"))


@blp.get("/store-code")
def store_code() -> Response:
    """The code of a store, to print and hang up; an office of several stores chooses one."""
    me = get("/v1/merchant")
    places = [me["store"]] if me["store"] else [s for s in me["stores"] if s["status"] == "open"]
    wanted = request.args.get("store") or (places[0]["id"] if len(places) == 1 else None)
    place = next((each for each in places if each["id"] == wanted), None)
    code = place and seen(f"/v1/merchant/stores/{place['id']}/code")
    picture = code and f"data:image/svg+xml,{quote(code['svg'])}"
    return shown("merchant/store_code.html", me=me, places=places, place=place, picture=picture)


@blp.get("/terminals")
def terminals() -> Response:
    """Who may act for us, the newest first."""
    found = seen("/v1/merchant/terminals", cursor=request.args.get("cursor"))
    return shown("merchant/terminals.html", found=found, stores=_stores())


def _stores() -> dict[str, str]:
    return {each["id"]: each["name"] for each in get("/v1/merchant")["stores"]}


@blp.get("/terminals/new")
def new_terminal() -> Response:
    """A device or a person that is to act at one store."""
    return _new()


def _new(answer: Answer | None = None) -> Response:
    typed = {name: field(name) for name in ("store_id", "role", "label", "secret_sha256")}
    problem = answer.body if answer else None
    return shown("merchant/terminal.html", stores=_stores(), typed=typed, problem=problem)


@blp.post("/terminals/new")
def add_terminal() -> Response:
    """Let it in. Only the fingerprint of its secret comes here."""
    body = {name: field(name) or "" for name in ("store_id", "role", "label", "secret_sha256")}
    answer = post("/v1/merchant/terminals", body, key=once())
    if not answer.good:
        return _new(answer)
    number = answer.body["client_id"]
    said(_("It may act now. Its client number is %(number)s.", number=number))
    return go("pages.merchant.terminals")


@blp.get("/terminals/<client_id>/end")
def ending_terminal(client_id: str) -> Response:
    """What ending it means. Its name is as our list has it, never what the address says."""
    items = seen("/v1/merchant/terminals", limit=_MOST)["items"]
    found = next((each for each in items if each["client_id"] == client_id), {"label": ""})
    return shown("merchant/end_terminal.html", client_id=client_id, label_=found["label"])


@blp.post("/terminals/<client_id>/end")
def end_terminal(client_id: str) -> Response:
    """End it at once."""
    answer = delete(f"/v1/merchant/terminals/{client_id}")
    tell(answer, _("It has ended, and every session with it."))
    return go("pages.merchant.terminals")
