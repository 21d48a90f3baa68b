"""The bank's first page."""

from flask import Response

from app.pages.bank.around import blp
from app.pages.screens import shown


@blp.get("")
def home() -> Response:
    """What matters now."""
    return shown("bank/home.html")
