"""The rulebook: a city's rules as data, dated and referenced, checked before anything starts.

A pack is a folder: `pack.toml`, one file a behaviour, one file a shared factor; and what points
buy: `redemption.toml`, one file a benefit, one file a funder; and who else recognises them: one
file a partner platform. Loading reads all of it into frozen values and refuses the whole on any
doubt, naming file and key. Nothing here computes a reduction, knows the time or touches a database.
What cannot happen: a number without date, unit, confidence, reference and approver; a past value
changed without a correction; a price or a rate that changes a score; a chain of exchanges that
gains.
"""

from app.rulebook.book import Rulebook, load
from app.rulebook.calendar import Calendar
from app.rulebook.cards import CardPart, Left, Paper, Reason, Release, Scorecard, Step
from app.rulebook.credit import Bank, Credit, GradeLevel, Product, Row
from app.rulebook.lending import credit_from_text
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
from app.rulebook.platforms import (
    ConsentText,
    Direction,
    Level,
    Platform,
    Rate,
    Recognised,
    Recognition,
    Registered,
)
from app.rulebook.privacy import DataKind, Kept, Look, Privacy, Purpose

__all__ = [
    "METHODS",
    "BadRule",
    "Bank",
    "Behaviour",
    "Benefit",
    "Calendar",
    "Cap",
    "CardPart",
    "ConsentText",
    "Correction",
    "Credit",
    "DataKind",
    "Direction",
    "Field",
    "Funder",
    "GradeLevel",
    "Kept",
    "Left",
    "Level",
    "Look",
    "Method",
    "NotInForce",
    "Offers",
    "Pack",
    "Paper",
    "Parameter",
    "Platform",
    "Privacy",
    "Product",
    "Purpose",
    "Quantity",
    "Range",
    "Rate",
    "Reason",
    "Recognised",
    "Recognition",
    "Reference",
    "Registered",
    "Release",
    "Row",
    "Rulebook",
    "Scorecard",
    "Step",
    "Value",
    "check",
    "credit_from_text",
    "load",
    "lock_lines",
    "write_lock",
]
