"""The grade of the last closed quarter: what it is, why, what would raise it, what it is for."""

from flask import Response

from app.pages import asking
from app.pages.resident import figures
from app.pages.resident.around import blp
from app.pages.screens import shown


@blp.get("/grade")
def grade() -> Response:
    """My grade and factor, part by part, and the quarter that runs."""
    found = asking.get("/v1/me/grade")
    return shown(
        "resident/grade.html",
        found=found,
        ahead=figures.ahead(found["current"], found["thresholds"]),
        history=asking.get("/v1/me/grade/history")["items"],
        thousandths=figures.thousandths,
    )
