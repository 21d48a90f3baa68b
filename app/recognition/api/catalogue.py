"""Partner platforms, for anybody."""

from flask import Response

from app.plumbing import Blueprint, Work, cacheable, operation
from app.recognition import catalogue, seats
from app.recognition.schemas.partners import PartnersOut, PartnerWholeOut

public = Blueprint("partners", __name__, description="Partner platforms and what they recognise")
blueprints = [public]
_FRESH_SECONDS = 300


@public.get("/v1/partners")
@operation(None)
@public.response(200, PartnersOut)
@public.alt_response(304, description="Not changed")
def get_partners(work: Work) -> Response:
    """Every partner platform: levels by behaviour, today's rates, quotas."""
    return cacheable(catalogue.partners(work.rules.recognition, work.today), _FRESH_SECONDS)


@public.get("/v1/partners/<code>")
@operation(None)
@public.response(200, PartnerWholeOut)
@public.alt_response(304, description="Not changed")
def get_partner(work: Work, code: str) -> Response:
    """One platform, with every dated value and its source, and the consent to link it."""
    return cacheable(catalogue.partner(seats.platform(work, code), work.today), _FRESH_SECONDS)
