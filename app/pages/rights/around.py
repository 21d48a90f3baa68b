"""The blueprint of these pages; only whoever is signed in as a resident comes in."""

from base64 import b64encode

from flask import Blueprint

from app.pages.screens import guard
from app.plumbing import qr

blp = Blueprint("rights", __name__, url_prefix="/my")
guard(blp, "resident")

MANY = 100  # the longest page of a list that the API gives


@blp.app_template_filter()
def picture(svg: str) -> str:
    """A drawing as the address of an image."""
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"


def code_of(text: str) -> str | None:
    """A text as the address of a picture of its QR code; None where it is too long for one."""
    try:
        return picture(qr.svg(text))
    except ValueError:
        return None
