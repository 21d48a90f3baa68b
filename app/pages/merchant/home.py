"""The merchant's first page."""

from flask import Response

from app.pages.merchant.around import blp
from app.pages.screens import shown


@blp.get("")
def home() -> Response:
    """What matters now."""
    return shown("merchant/home.html")
