"""Query 5: a resident's grade, over HTTP."""

from typing import Any

from app import identity
from app.grades import showing
from app.grades.schemas import GradeHistoryOut, GradeOut
from app.plumbing import Blueprint, Page, PageQuery, Work, operation

blp = Blueprint("grades", __name__, description="Query 5: the grade and what it stands on")
blueprints = [blp]


@blp.get("/v1/me/grade")
@operation("resident")
@blp.response(200, GradeOut)
def get_grade(work: Work) -> dict[str, Any]:
    """My grade of the last closed quarter: the factor with all its parts, why points were lost,
    what would raise it, and how the present quarter stands."""
    identity.require_active(work, work.actor.id)
    return showing.mine(work, work.actor.id)


@blp.get("/v1/me/grade/history")
@operation("resident")
@blp.arguments(PageQuery, location="query")
@blp.response(200, GradeHistoryOut)
def get_history(work: Work, query: Page) -> dict[str, Any]:
    """Every version of every quarter, the newest first, each with the grade before it and the
    reason for the change."""
    identity.require_active(work, work.actor.id)
    return showing.history(work, work.actor.id, query)
