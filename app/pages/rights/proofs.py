"""Proofs of my grade: one that is made for one reader now, or one that this browser keeps and can
show again. Its key never leaves the browser (`static/proof.js`)."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson
from flask import Response, abort, request
from flask_babel import gettext as _

from app.pages import photos
from app.pages.asking import delete, get, post
from app.pages.rights.around import MANY, blp, code_of
from app.pages.screens import field, go, once, shown, tell, whole
from app.plumbing import takes_large

takes_large("pages.rights.read_reader", "photo_bytes")
CLAIMS = ("grade", "quarter", "factor_band", "scorecard")
_FEWEST = ("grade", "quarter")  # ticked before anybody chooses
_LONGEST = 8000


@blp.get("/proofs")
def proofs() -> Response:
    """Mine, the newest first."""
    found = get("/v1/me/attestations", cursor=request.args.get("cursor"))
    return shown("rights/proofs.html", rows=found["items"], cursor=found["next_cursor"])


@blp.get("/proofs/show")
def show_proof() -> Response:
    """A proof for one reader: `?audience=` and `?nonce=` are filled in by what was scanned."""
    return _reader({name: request.args.get(name) for name in ("audience", "nonce")})


@blp.post("/proofs/read")
def read_reader() -> Response:
    """Take a reader's name and number out of its code, which is the address of the page above."""
    try:
        told = parse_qs(urlsplit(photos.sent("asked")).query)
    except photos.Unread as error:
        return _reader({}, unread=error.words)
    except ValueError:  # no address at all
        told = {}
    typed = {name: told[name][0] for name in ("audience", "nonce") if name in told}
    if not typed:
        return _reader({}, unread=_("This code does not ask for a proof. Type the two lines."))
    return go("pages.rights.show_proof", **typed)


def _reader(typed: dict[str, Any], **more: Any) -> Response:
    told = {"typed": typed, "claims": CLAIMS, "chosen": _FEWEST} | more
    return shown("rights/proof_now.html", **told)


@blp.post("/proofs/show")
def make_shown() -> Response:
    """Make it, bound to that reader here and now."""
    typed = {name: field(name) or "" for name in ("audience", "nonce")}
    chosen = request.form.getlist("claims")
    answer = post("/v1/me/attestations", {"claims": chosen} | typed, key=once())
    if not answer.good:
        return _reader(typed, chosen=chosen, problem=answer.body)
    made = answer.body
    told = {"text": made["presentation"], "code": code_of(made["presentation"])}
    return shown("rights/presentation.html", audience=typed["audience"], made=made, **told)


@blp.get("/proofs/new")
def new_proof() -> Response:
    """A proof that this browser keeps."""
    return shown("rights/proof_new.html", claims=CLAIMS, chosen=_FEWEST, minutes=None)


@blp.post("/proofs/new")
def make_kept() -> Response:
    """Make it, bound to the key that the browser has just made; the browser takes it over."""
    chosen, minutes = request.form.getlist("claims"), field("minutes")
    body: dict[str, Any] = {"claims": chosen, "holder_key": _key(field("holder_key"))}
    if minutes:
        body["minutes"] = whole(minutes)
    answer = post("/v1/me/attestations", body, key=once())
    if answer.good:
        return shown("rights/proof_made.html", made=answer.body)
    told = {"claims": CLAIMS, "chosen": chosen, "minutes": minutes, "problem": answer.body}
    return shown("rights/proof_new.html", **told)


def _key(text: str | None) -> Any:
    """The public key that the script has written into the form."""
    try:
        return orjson.loads(text or "{}")
    except ValueError:
        return {}


@blp.get("/proofs/<proof_id>")
def proof(proof_id: str) -> Response:
    """One of mine: to show it from this browser, or to end it."""
    typed = {name: request.args.get(name) for name in ("audience", "nonce")}
    return shown("rights/proof.html", proof=_one(proof_id), typed=typed)


def _one(proof_id: str) -> Any:
    """One of the newest ones. The API has a list only; what is good is among the newest."""
    found = get("/v1/me/attestations", limit=MANY)["items"]
    return next((each for each in found if each["id"] == proof_id), None) or abort(404)


@blp.post("/proofs/<proof_id>/picture")
def presentation(proof_id: str) -> Response:
    """What the browser has signed, as a picture to be scanned. Nothing of it is kept."""
    text = (field("presentation") or "")[:_LONGEST]
    if not text:
        return go("pages.rights.proof", proof_id=proof_id)
    told = {"text": text, "code": code_of(text), "audience": field("audience")}
    return shown("rights/presentation.html", made=_one(proof_id), **told)


@blp.post("/proofs/<proof_id>/end")
def end_proof(proof_id: str) -> Response:
    """End it."""
    answer = delete(f"/v1/me/attestations/{proof_id}")
    tell(answer, _("Ended. Whoever checks this proof now is told so."))
    return go("pages.rights.proofs")
