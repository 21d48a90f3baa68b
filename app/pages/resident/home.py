"""The resident's first page."""

from flask import Response

from app.pages.resident.around import blp
from app.pages.screens import shown


@blp.get("")
def home() -> Response:
    """What matters now."""
    return shown("resident/home.html")
