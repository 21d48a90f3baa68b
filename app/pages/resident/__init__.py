"""The resident's pages: what I did, what it is worth, what I may do with it."""

from app.pages.resident import acts, behaviours, bindings, grade, home, points, reductions
from app.pages.resident.around import blp

blueprints = [blp]

__all__ = [
    "acts",
    "behaviours",
    "bindings",
    "blueprints",
    "grade",
    "home",
    "points",
    "reductions",
]
