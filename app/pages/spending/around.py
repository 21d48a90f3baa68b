"""The blueprint of these pages; only whoever is signed in as a resident comes in."""

from flask import Blueprint

from app.pages.screens import guard

blp = Blueprint("spending", __name__, url_prefix="/my")
guard(blp, "resident")
