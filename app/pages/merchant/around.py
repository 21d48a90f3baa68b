"""The blueprint of the merchant's pages; only whoever is signed in as one comes in."""

from flask import Blueprint

from app.pages.screens import guard

blp = Blueprint("merchant", __name__, url_prefix="/shop")
guard(blp, "merchant")
