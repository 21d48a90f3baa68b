"""The blueprint of the resident's pages about value; only whoever is signed in as one comes in."""

from flask import Blueprint

from app.pages.screens import guard

blp = Blueprint("resident", __name__, url_prefix="/my")
guard(blp, "resident")
