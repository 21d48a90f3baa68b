"""Objections: what a resident contests, its clock, and the human answer.

Owns objections. Its laws: what is contested is flagged at once and left out of the grade until it
is decided; every objection has a day by which a person answers, and an overdue one rises; a
correction flows on to points, grade, factor and the banks that had asked.
"""

from app.objections.jobs import JOBS

__all__ = ["JOBS"]
