"""Grades: what a closed quarter of verified reduction makes of a resident.

Owns grades, with the factor and its parts, by resident and quarter, and which quarters are closed.
Its laws: a grade stands on the resident's own verified reduction, never on points, exchanged value
or disputed acts; acts recorded after the day of closing never reopen a quarter; nothing is edited,
a correction is a further row with its reason; every row can be computed again, bit by bit, from
its basis and the rules it names.
"""

from app.grades.jobs import JOBS
from app.grades.model import Grade, Line, Part, Quarter

__all__ = ["JOBS", "Grade", "Line", "Part", "Quarter"]
