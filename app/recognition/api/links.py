"""A resident's links to partner platforms."""

from typing import Any

from app import identity
from app.kernel import Refused, from_wire
from app.plumbing import Blueprint, Page, PageQuery, Work, before_id, cut, house, operation
from app.recognition import linking, store, views
from app.recognition.model import Link, unknown_link
from app.recognition.schemas.links import (
    LinkEndedOut,
    LinkIn,
    LinkRefusalsOut,
    LinkRefusalsQuery,
    LinksOut,
    LinkWholeOut,
    PayerIn,
)

blp = Blueprint("links", __name__, description="Links to partner platforms")
operators = Blueprint("links-refused", __name__, description="Refused links, for operators")
blueprints = [blp, operators]


def _raw(link_id: str) -> bytes:
    raw = from_wire("lnk", link_id)
    if raw is None:
        raise unknown_link()
    return raw


def _own(work: Work, link_id: str) -> Link:
    identity.require_active(work, work.actor.id)
    found = store.find_link(work, _raw(link_id))
    if found is None or found.resident_id != work.actor.id:
        raise unknown_link()
    return found


@blp.get("/v1/me/links")
@operation("resident")
@blp.arguments(PageQuery, location="query")
@blp.response(200, LinksOut)
def get_links(work: Work, page: Page) -> dict[str, Any]:
    """My links, ended ones too, the newest first."""
    identity.require_active(work, work.actor.id)
    found = store.links_of(work, work.actor.id, page.limit + 1, before_id(page))
    items, following = cut(found, page)
    return {"items": [views.link(work, each) for each in items], "next_cursor": following}


@blp.post("/v1/me/links")
@operation("resident", writes=True)
@blp.arguments(LinkIn)
@blp.response(201, LinkWholeOut)
@blp.alt_response(409, description="One of the two accounts is linked already")
def add_link(work: Work, body: dict[str, Any]) -> dict[str, Any] | Refused:
    """Link an account at a partner platform, by a consent of its own."""
    made = linking.link(work, house().ports["partner_identity"], **body)
    return made if isinstance(made, Refused) else views.link_whole(work, made)


@blp.get("/v1/me/links/<link_id>")
@operation("resident")
@blp.response(200, LinkWholeOut)
def get_link(work: Work, link_id: str) -> dict[str, Any]:
    """One of my links, with what the partner has credited and pays."""
    return views.link_whole(work, _own(work, link_id))


@blp.delete("/v1/me/links/<link_id>")
@operation("resident", writes=True)
@blp.response(200, LinkEndedOut)
def end_link(work: Work, link_id: str) -> dict[str, Any]:
    """End a link at once, and with it the consent; says what becomes of value."""
    return views.ended(work, linking.unlink(work, _raw(link_id)))


@blp.post("/v1/me/links/<link_id>/payer")
@operation("resident", writes=True)
@blp.arguments(PayerIn)
@blp.response(200, LinkWholeOut)
@blp.alt_response(409, description="The link has ended, or the partner sends no totals of it")
def choose_payer(work: Work, body: dict[str, Any], link_id: str) -> dict[str, Any]:
    """Choose who alone pays a behaviour of which the partner sends only totals."""
    return views.link_whole(work, linking.choose_payer(work, _raw(link_id), **body))


@operators.get("/v1/links/refusals")
@operation("operator")
@operators.arguments(LinkRefusalsQuery, location="query")
@operators.response(200, LinkRefusalsOut)
def refusals(work: Work, query: dict[str, Any]) -> dict[str, Any]:
    """Attempts to link that were refused, and what was wrong; never whose they were."""
    identity.acting_client(work)
    page: Page = query["page"]
    found = store.refusals(work, query["partner"], page.limit + 1, before_id(page))
    items, following = cut(found, page)
    return {"items": [views.refusal(work, each) for each in items], "next_cursor": following}
