"""To be written."""

from flask import Response

from app.pages.screens import shown
from app.pages.spending.around import blp


@blp.get("/partners")
def partners() -> Response:
    """To be written."""
    return shown("spending/partners.html")
