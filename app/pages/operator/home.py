"""The operator's first page."""

from flask import Response

from app.pages.operator.around import blp
from app.pages.screens import shown


@blp.get("")
def home() -> Response:
    """What matters now."""
    return shown("operator/home.html")
