"""The counter's pages: scan, say yes or no, and what came of the day."""

from app.pages.merchant import home
from app.pages.merchant.around import blp

blueprints = [blp]

__all__ = ["blueprints", "home"]
