"""Settlement with a partner: what it and the city owe each other, day by day."""

from app import settlement
from app.plumbing import Work
from app.recognition import seats
from app.recognition.books import BOOK
from app.recognition.schemas.books import WIRE


def _code(work: Work) -> str:
    return seats.partner(work).code


blueprints = [
    settlement.desk(
        BOOK,
        WIRE,
        _code,
        name="partner_settlements",
        description="What the city and a partner owe each other, day by day",
        root="/v1/partner",
        scope="partner",
    )
]
