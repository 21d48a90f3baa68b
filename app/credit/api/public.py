"""Everybody: how a grade comes about, and what a table would give for one."""

from typing import Any

from flask import Response

from app.credit import calculating
from app.credit.schemas.catalogue import CalculationIn, CalculationOut, ScorecardOut
from app.plumbing import Blueprint, Work, cacheable, operation

blp = Blueprint("credit-rules", __name__, description="How credit is computed, for everybody")
_SECONDS = 300


@blp.get("/v1/credit/scorecard")
@operation(None)
@blp.response(200, ScorecardOut)
def get_scorecard(work: Work) -> Response:
    """Principle, purpose, inputs, weights, caps, version and reasons of the scorecard, what is
    never used, and by which route grades may reach banks."""
    return cacheable(ScorecardOut().dump(calculating.scorecard(work)), _SECONDS)


@blp.post("/v1/credit/calculations")
@operation(None)
@blp.arguments(CalculationIn)
@blp.response(200, CalculationOut)
@blp.alt_response(422, description="unknown_bank, unknown_product, unknown_grade")
def calculate(work: Work, body: dict[str, Any]) -> dict[str, Any]:
    """What a bank's table makes of an offer for a grade and a factor, beside the same offer
    without. Nobody's data is looked at."""
    return calculating.calculate(work, **body)
