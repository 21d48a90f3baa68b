"""A resident's consents, one purpose at a time, and the log of who was given what."""

from typing import Any

from app.consent import disclosing, granting, register, showing
from app.consent.agreement import Wanted
from app.consent.granting import Ports
from app.consent.schemas import (
    ConsentEndedOut,
    ConsentIn,
    ConsentsOut,
    ConsentWholeOut,
    DisclosuresOut,
    NoticeOut,
    NoticeQuery,
    RefusalIn,
    RefusalOut,
)
from app.kernel import Refused, from_wire
from app.plumbing import Blueprint, Page, PageQuery, Work, before_id, cut, house, operation

blp = Blueprint("consents", __name__, description="Consents, and who was given what")
blueprints = [blp]


def _ports() -> Ports:
    return Ports(*(house().ports[name] for name in Ports._fields))


def _active(work: Work, *, lock: bool = False) -> None:
    house().ports["residents"](work, work.actor.id, lock=lock)


def _raw(consent_id: str) -> bytes:
    raw = from_wire("cns", consent_id)
    if raw is None:
        raise granting.unknown_consent()
    return raw


@blp.get("/v1/me/consents/notice")
@operation("resident")
@blp.arguments(NoticeQuery, location="query")
@blp.response(200, NoticeOut)
def get_notice(work: Work, query: dict[str, str]) -> dict[str, Any]:
    """All that has to be shown before I agree to one purpose of one recipient, and whether an app
    may ask for it of its own accord."""
    _active(work)
    return showing.notice(work, granting.notice(work, _ports().recipients, **query))


@blp.post("/v1/me/consents/refusals")
@operation("resident", writes=True)
@blp.arguments(RefusalIn)
@blp.response(201, RefusalOut)
def refuse(work: Work, body: dict[str, str]) -> dict[str, Any]:
    """Do not ask me for this for some days. I can still agree whenever I want to."""
    _active(work, lock=True)
    return showing.refusal(work, granting.refuse(work, _ports().recipients, **body))


@blp.get("/v1/me/consents")
@operation("resident")
@blp.arguments(PageQuery, location="query")
@blp.response(200, ConsentsOut)
def get_consents(work: Work, page: Page) -> dict[str, Any]:
    """My consents, ended ones too, the newest first, each as it stands now."""
    _active(work)
    found = register.listed(work, work.actor.id, page.limit + 1, before_id(page))
    items, after = cut(found, page)
    return {"items": [showing.consent(work, each) for each in items], "next_cursor": after}


@blp.post("/v1/me/consents")
@operation("resident", writes=True)
@blp.arguments(ConsentIn)
@blp.response(201, ConsentWholeOut)
@blp.alt_response(409, description="notice_changed, recipient_incomplete")
def grant(work: Work, wanted: Wanted) -> dict[str, Any] | Refused:
    """Agree to one purpose of one recipient, for some days and reads. It takes the place of one
    that is for the same purpose, recipient, product and application."""
    # Locked: a closing account ends all its consents, and must not miss this one.
    _active(work, lock=True)
    made = granting.grant(work, _ports(), wanted)
    return made if isinstance(made, Refused) else showing.consent_whole(work, made)


@blp.get("/v1/me/consents/<consent_id>")
@operation("resident")
@blp.response(200, ConsentWholeOut)
def get_consent(work: Work, consent_id: str) -> dict[str, Any]:
    """One of my consents: the whole record, with the notice as it was shown to me."""
    _active(work)
    found = register.find(work, _raw(consent_id))
    if found is None or found.resident_id != work.actor.id:
        raise granting.unknown_consent()
    return showing.consent_whole(work, found)


@blp.delete("/v1/me/consents/<consent_id>")
@operation("resident", writes=True)
@blp.response(200, ConsentEndedOut)
def revoke(work: Work, consent_id: str) -> dict[str, Any]:
    """Revoke one of my consents: at once, and its recipient is told. What was lawfully given before
    stays so; once more changes nothing."""
    _active(work)
    return showing.ended(work, granting.revoke(work, _ports().revoked, _raw(consent_id)))


@blp.get("/v1/me/disclosures")
@operation("resident")
@blp.arguments(PageQuery, location="query")
@blp.response(200, DisclosuresOut)
def get_disclosures(work: Work, page: Page) -> dict[str, Any]:
    """Who looked at my data or was told, when, what and why, the newest first; attempts that were
    denied, too."""
    _active(work)
    items, after = cut(disclosing.log(work, work.actor.id, page), page)
    return {"items": [showing.disclosure(work, each) for each in items], "next_cursor": after}
