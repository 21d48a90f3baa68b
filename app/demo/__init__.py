"""The demo city: a resident for each card of a few hundred real taps, scored like any feed, and
merchants at which some of the points were spent on its first day.

An edge, for development only: it knows the rooms by their doors, and owns nothing but the taps
beside it. Seeding again changes nothing; seeding that was cut off is taken up where it stopped.
"""

from app.demo.cast import residents
from app.demo.seeding import Seeded, seed
from app.demo.visiting import Visitor, shopkeeper, token_of, visitor

__all__ = ["Seeded", "Visitor", "residents", "seed", "shopkeeper", "token_of", "visitor"]
