"""The counter's pages: scan, say yes or no, and what came of the day."""

from app.pages.merchant import files, given, home, shop, totals
from app.pages.merchant.around import blp

blueprints = [blp]

__all__ = ["blueprints", "files", "given", "home", "shop", "totals"]
