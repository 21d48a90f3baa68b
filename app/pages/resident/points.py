"""What a resident has, when it expires, and how it came and went."""

from flask import Response, request

from app.pages import asking
from app.pages.resident.around import blp
from app.pages.screens import place_of, shown

_A_SCREEN = 30


@blp.get("/points")
def points() -> Response:
    """My points: to spend, on their way, set aside, owed; lots and entries."""
    cursor = request.args.get("cursor")
    return shown(
        "resident/points.html",
        points=asking.get("/v1/me/points"),
        entries=asking.get("/v1/me/points/entries", cursor=cursor, limit=_A_SCREEN),
        cursor=cursor,
        cause=place_of,
    )
