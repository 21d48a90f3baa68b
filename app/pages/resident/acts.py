"""To be written."""

from flask import Response

from app.pages.resident.around import blp
from app.pages.screens import shown


@blp.get("/acts")
def acts() -> Response:
    """To be written."""
    return shown("resident/acts.html")
