"""Use cases for everybody: the scorecard as it is, and a table tried out on no one's data."""

from typing import Any

from app.credit import catalogue
from app.credit.answers import shown_terms
from app.credit.model import NOTICE, Offer
from app.credit.terms import terms
from app.kernel import Invalid
from app.plumbing.work import Work


def scorecard(work: Work) -> dict[str, Any]:
    """How a factor comes about, and by which route it may leave."""
    settings = work.settings
    by = settings.credit_route_approved_by if settings.credit_route != "closed" else None
    route = {"state": settings.credit_route, "approved_by": by}
    return catalogue.scorecard(work.rules.credit, work.today) | {"route": route, "notice": NOTICE}


def calculate(
    work: Work, bank: str | None, product: str, grade: str | None, factor: int | None, offer: Offer
) -> dict[str, Any]:
    """An offer without and with carbon data by a bank's table of today, and the table itself.

    Raises Invalid (unknown_bank, unknown_product, unknown_grade).
    """
    credit = work.rules.credit
    known: dict[str, tuple[str | None, Any]] = {
        "bank": (bank, {None, credit.standard.code, *credit.banks}),
        "product": (product, credit.products),
        "grade": (grade, {None, *(level.code for level in credit.grades)}),
    }
    for field, (told, every) in known.items():
        if told not in every:
            detail = f"The rules have no {field} of this code."
            fault = {"pointer": f"/{field}", "code": "unknown", "detail": detail}
            raise Invalid(f"unknown_{field}", detail, errors=[fault])
    whose = credit.bank(bank)

    def of(grade: str | None, factor: int | None) -> dict[str, Any]:
        return shown_terms(terms(credit, whose, product, grade, factor, offer, work.today))

    return {
        "without": of(None, None),
        "with": of(grade, factor),
        "table": catalogue.table(whose, product, work.today),
        "notice": NOTICE,
    }
