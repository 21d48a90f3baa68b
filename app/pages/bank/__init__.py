"""The bank's desk: ask with a resident's consent, read the answer, check a proof."""

from app.pages.bank import checking, events, home, inquiries, products
from app.pages.bank.around import blp

blueprints = [blp]

__all__ = ["blueprints", "checking", "events", "home", "inquiries", "products"]
