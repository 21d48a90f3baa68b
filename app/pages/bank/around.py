"""The blueprint of the bank's pages; only whoever is signed in as one comes in."""

from flask import Blueprint

from app.pages.screens import guard

blp = Blueprint("bank", __name__, url_prefix="/bank")
guard(blp, "bank")
