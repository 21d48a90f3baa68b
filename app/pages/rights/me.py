"""Me: the account at a glance, and the ways to all that one may do with it."""

from flask import Response

from app.pages.asking import get
from app.pages.rights.around import MANY, blp
from app.pages.screens import shown


@blp.get("/account")
def me() -> Response:
    """Who I am here, what is open, and every way on."""
    consents = get("/v1/me/consents", limit=MANY)["items"]
    objections = get("/v1/me/objections", limit=MANY)["items"]
    return shown(
        "rights/me.html",
        me=get("/v1/me"),
        active=sum(each["state"] == "active" for each in consents),
        open=sum(each["status"] == "open" for each in objections),
    )
