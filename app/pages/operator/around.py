"""The blueprint of the operator's pages; only whoever is signed in as one comes in."""

from typing import Any

from flask import Blueprint

from app.pages.operator.naming import name_of
from app.pages.screens import guard

blp = Blueprint("operator", __name__, url_prefix="/city")
guard(blp, "operator")


@blp.context_processor
def _names() -> dict[str, Any]:
    return {"name_of": name_of}
