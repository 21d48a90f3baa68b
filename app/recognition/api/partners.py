"""A partner's own links, claims and totals."""

from typing import Any

from app import activities, consent
from app.activities import Claimed
from app.kernel import from_wire, to_wire
from app.plumbing import Blueprint, Page, Work, before_id, cut, house, operation, takes_large
from app.recognition import claiming, linking, seats, store, totals, views
from app.recognition.model import unknown_link
from app.recognition.schemas.claims import (
    ClaimOut,
    ClaimReversalsIn,
    ClaimReversalsOut,
    ClaimsIn,
    ClaimsOut,
    TotalsIn,
    TotalsTakenOut,
)
from app.recognition.schemas.links import PartnerLinksOut, PartnerLinksQuery, PartnerLinkWholeOut

blp = Blueprint("partner", __name__, description="A partner platform's links, claims and totals")
blueprints = [blp]
takes_large("partner.claims", "activities_bytes")


def _claim(found: Claimed) -> dict[str, Any]:
    wire = None if found.id is None else to_wire("clm", found.id)
    return claiming.told(found) | {"id": wire}


@blp.get("/v1/partner/links")
@operation("partner", writes=True)  # residents see who looked
@blp.arguments(PartnerLinksQuery, location="query")
@blp.response(200, PartnerLinksOut)
def get_links(work: Work, query: dict[str, Any]) -> dict[str, Any]:
    """My links, the newest first."""
    where = seats.partner(work)
    page: Page = query["page"]
    found = store.links_at(work, where.code, query["status"], page.limit + 1, before_id(page))
    items, following = cut(found, page)
    seen = [(each.resident_id, each.wire) for each in items]
    consent.partner_looked(work, "partner_link", where.code, seen)
    told = [views.to_partner(work, each, where) for each in items]
    return {"items": told, "next_cursor": following}


@blp.get("/v1/partner/links/<link_id>")
@operation("partner", writes=True)
@blp.response(200, PartnerLinkWholeOut)
def get_link(work: Work, link_id: str) -> dict[str, Any]:
    """One of my links, with the secret under which both sides name its acts."""
    where = seats.partner(work)
    found = store.find_link(work, from_wire("lnk", link_id) or b"")
    if found is None or found.partner != where.code or found.forgotten:
        raise unknown_link()
    seen = [(found.resident_id, found.wire)]
    consent.partner_looked(work, "partner_secret", where.code, seen)
    return views.to_partner_whole(work, found, where)


@blp.delete("/v1/partner/links/<link_id>")
@operation("partner", writes=True)
@blp.response(200, PartnerLinkWholeOut)
def end_link(work: Work, link_id: str) -> dict[str, Any]:
    """End one of my links; exchanges on their way are taken back."""
    where = seats.partner(work)
    ended = linking.unlink_at(work, where.code, from_wire("lnk", link_id) or b"")
    return views.to_partner_whole(work, ended.link, where)


@blp.post("/v1/partner/claims")
@operation("partner", once=True)
@blp.arguments(ClaimsIn)
@blp.response(200, ClaimsOut)
def claims(work: Work, body: dict[str, Any]) -> dict[str, Any]:
    """Tell which acts I have credited, up to 1,000, so that none is paid twice."""
    where, registry = seats.partner(work), house().ports["registry"]
    answers = claiming.claim(work, registry, where, body["claims"])
    return {"results": [_claim(each) for each in answers], "counts": claiming.counts(answers)}


@blp.post("/v1/partner/claims/reversals")
@operation("partner", once=True)
@blp.arguments(ClaimReversalsIn)
@blp.response(200, ClaimReversalsOut)
def reverse_claims(work: Work, body: dict[str, Any]) -> dict[str, Any]:
    """Take claims back by reference: the city pays those acts again."""
    asked = [(each["reference"], each["reason"]) for each in body["reversals"]]
    done = activities.withdraw(work, seats.partner(work).code, asked)
    return {"results": [{"reference": name, "status": status} for name, status in done]}


@blp.get("/v1/partner/claims/<path:reference>")
@operation("partner", writes=True)
@blp.response(200, ClaimOut)
def get_claim(work: Work, reference: str) -> dict[str, Any]:
    """How one of my claims stands."""
    return _claim(claiming.find(work, seats.partner(work), reference))


@blp.post("/v1/partner/totals")
@operation("partner", once=True)
@blp.arguments(TotalsIn)
@blp.response(200, TotalsTakenOut)
def put_totals(work: Work, body: dict[str, Any]) -> dict[str, Any]:
    """Sums by link, behaviour and month, where I send no acts; the newest stands."""
    answers = totals.put(work, seats.partner(work), body["totals"])
    return {
        "results": [each._asdict() for each in answers],
        "counts": totals.counts(answers),
    }
