"""What an account says of its holder: year of birth, district, number, proof of the name."""

from typing import Any

from flask import Response, request
from flask_babel import gettext as _

from app.pages.asking import get, patch, post
from app.pages.rights.around import blp
from app.pages.screens import field, go, said, shown, whole

_HOME = "pages.rights.me"


@blp.get("/account/profile")
def profile() -> Response:
    """Year of birth and district, to change or clear."""
    return shown("rights/profile.html", me=get("/v1/me"))


@blp.post("/account/profile")
def change_profile() -> Response:
    """Keep them."""
    typed = {"birth_year": field("birth_year"), "district": field("district")}
    answer = patch("/v1/me", typed | {"birth_year": whole(typed["birth_year"])})
    if answer.good:
        said(_("Saved."))
        return go(_HOME)
    return shown("rights/profile.html", me=typed, problem=answer.body)


@blp.get("/account/phone")
def phone() -> Response:
    """Ask for the new number."""
    return shown("rights/phone.html", me=get("/v1/me"))


@blp.post("/account/phone")
def change_phone() -> Response:
    """With a number alone: send a code to it. With code and proof: take it."""
    asked = {name: field(name) or "" for name in ("phone", "code", "proof")}
    if request.form.get("step") == "send":
        answer = post("/v1/auth/otp", {"phone": asked["phone"]})
        told: dict[str, Any] = {"sent": answer.body} if answer.good else {"problem": answer.body}
        return shown("rights/phone.html", me=get("/v1/me"), asked=asked, **told)
    answer = post("/v1/me/phone", asked)
    if answer.good:
        said(_("Your number is now %(phone)s.", phone=answer.body["phone"]))
        return go(_HOME)
    told = {"sent": {}, "problem": answer.body}
    return shown("rights/phone.html", me=get("/v1/me"), asked=asked, **told)


@blp.get("/account/verification")
def verification() -> Response:
    """Have one's name checked: what it is for, and the proof."""
    return shown("rights/verification.html", me=get("/v1/me"))


@blp.post("/account/verification")
def verify() -> Response:
    """Have it checked."""
    answer = post("/v1/me/verification", {"proof": field("proof") or ""})
    if answer.good:
        said(_("Your name is checked."))
        return go(_HOME)
    return shown("rights/verification.html", me=get("/v1/me"), problem=answer.body)
