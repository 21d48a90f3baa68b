"""Grades: what a closed quarter of verified reduction makes of a resident.

Owns grades, with the factor and its parts, by resident and quarter, and which quarters are closed.
Its laws: a grade stands on the resident's own verified reduction, never on points, exchanged value
or disputed acts; acts recorded after the day of closing never reopen a quarter; nothing is edited,
a correction is a further row with its reason; every row can be computed again, bit by bit, from
its basis and the rules it names.
"""

from app.grades.audit import differences
from app.grades.changes import Change, changed, forget_changed
from app.grades.closing_quarters import Step, concerned, due, step
from app.grades.copying import copy_of
from app.grades.correcting import correct
from app.grades.jobs import JOBS
from app.grades.model import Grade, Line, Part, Quarter
from app.grades.registers import Closing, closing, contested
from app.grades.scorecard import reasons
from app.grades.service import (
    closes_on,
    erase,
    flag,
    latest,
    of,
    rules_of,
    tried,
    window,
)
from app.grades.store import graded, newer

__all__ = [
    "JOBS",
    "Change",
    "Closing",
    "Grade",
    "Line",
    "Part",
    "Quarter",
    "Step",
    "changed",
    "closes_on",
    "closing",
    "concerned",
    "contested",
    "copy_of",
    "correct",
    "differences",
    "due",
    "erase",
    "flag",
    "forget_changed",
    "graded",
    "latest",
    "newer",
    "of",
    "reasons",
    "rules_of",
    "step",
    "tried",
    "window",
]
