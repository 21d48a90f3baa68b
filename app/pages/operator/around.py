"""The blueprint of the operator's pages; only whoever is signed in as one comes in."""

from flask import Blueprint

from app.pages.screens import guard

blp = Blueprint("operator", __name__, url_prefix="/city")
guard(blp, "operator")
