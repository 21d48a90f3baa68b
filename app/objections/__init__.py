"""Objections: what a resident contests, its clock, and the human answer.

Owns objections. Its laws: what is contested is flagged at once and left out of the grade until it
is decided; every objection has a day by which a person answers, and an overdue one rises; a
correction flows on to points, grade, factor and the banks that had asked.
"""

from app.objections.approving import APPROVALS
from app.objections.audit import differences
from app.objections.copying import copy_of
from app.objections.jobs import JOBS
from app.objections.model import Objection
from app.objections.service import end_all, open_of
from app.objections.store import waiting

__all__ = [
    "APPROVALS",
    "JOBS",
    "Objection",
    "copy_of",
    "differences",
    "end_all",
    "open_of",
    "waiting",
]
