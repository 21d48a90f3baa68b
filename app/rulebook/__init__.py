"""The rulebook: a city's rules as data, dated and referenced, checked before anything starts.

A pack is a folder: `pack.toml`, one file a behaviour, one file a shared factor; and what points
buy: `redemption.toml`, one file a benefit, one file a funder. Loading reads all of it into frozen
values and refuses the whole on any doubt, naming file and key. Nothing here computes a reduction,
knows the time or touches a database. What cannot happen: a number without date, unit, confidence,
reference and approver; a past value changed without a correction; a price that changes a score.
"""

from app.rulebook.book import Rulebook, load
from app.rulebook.lock import check, lock_lines, write_lock
from app.rulebook.methods import METHODS, Method
from app.rulebook.model import (
    BadRule,
    Behaviour,
    Cap,
    Correction,
    Field,
    NotInForce,
    Pack,
    Parameter,
    Quantity,
    Range,
    Reference,
    Value,
)
from app.rulebook.offers import Benefit, Funder, Offers

__all__ = [
    "METHODS",
    "BadRule",
    "Behaviour",
    "Benefit",
    "Cap",
    "Correction",
    "Field",
    "Funder",
    "Method",
    "NotInForce",
    "Offers",
    "Pack",
    "Parameter",
    "Quantity",
    "Range",
    "Reference",
    "Rulebook",
    "Value",
    "check",
    "load",
    "lock_lines",
    "write_lock",
]
