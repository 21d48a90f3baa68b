"""The demo city: a resident for each card of a few hundred real taps, scored like any feed; two
quarters behind them, invented and graded; merchants at which some of the points were spent on its
first day; a bank. While it runs, a partner platform (examples/partner) at which one resident has an
account.

An edge, for development only: it knows the rooms by their doors, and owns nothing but the taps
beside it. Seeding again changes nothing; seeding that was cut off is taken up where it stopped.
"""

from app.demo.cast import LENDER, residents
from app.demo.doors import blp as doors
from app.demo.partnering import Seat, join, take_seat
from app.demo.seeding import Seeded, seed
from app.demo.visiting import Visitor, lender, partner, shopkeeper, token_of, visitor

__all__ = [
    "LENDER",
    "Seat",
    "Seeded",
    "Visitor",
    "doors",
    "join",
    "lender",
    "partner",
    "residents",
    "seed",
    "shopkeeper",
    "take_seat",
    "token_of",
    "visitor",
]
