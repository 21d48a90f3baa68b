"""To be written."""

from flask import Response

from app.pages.rights.around import blp
from app.pages.screens import shown


@blp.get("/account")
def me() -> Response:
    """To be written."""
    return shown("rights/me.html")
