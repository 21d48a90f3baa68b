"""Objections over HTTP: residents contest, officers answer."""

from collections.abc import Callable
from typing import Any

from app import identity
from app.kernel import from_wire
from app.objections import deciding, service, showing, store
from app.objections.model import Objection
from app.objections.schemas import (
    CaseOut,
    CasesOut,
    CasesQuery,
    CommentIn,
    ExplainedOut,
    ExtensionIn,
    NoIn,
    ObjectionIn,
    ObjectionOut,
    ObjectionsOut,
    RoleIn,
)
from app.plumbing import Blueprint, Page, PageQuery, Work, before_id, cut, operation

blp = Blueprint("objections", __name__, description="What a resident contests, and the answer")
desk = Blueprint("objection desk", __name__, description="Objections as officers see them")
blueprints = [blp, desk]
_Told = dict[str, Any]


def _id(wire: str) -> bytes:
    return from_wire("obj", wire) or b""


def _listed(
    work: Work, page: Page, found: list[Objection], told: Callable[[Work, Objection], _Told]
) -> _Told:
    items, after = cut(found, page)
    return {"items": [told(work, each) for each in items], "next_cursor": after}


@blp.post("/v1/me/objections")
@operation("resident", once=True)
@blp.arguments(ObjectionIn)
@blp.response(201, ObjectionOut)
def contest(work: Work, body: dict[str, Any]) -> _Told:
    """Contest an act, a grade or an inquiry: flagged at once, and answered by a person."""
    return showing.whole(work, service.contest(work, **body))


@blp.get("/v1/me/objections")
@operation("resident")
@blp.arguments(PageQuery, location="query")
@blp.response(200, ObjectionsOut)
def my_objections(work: Work, page: Page) -> _Told:
    """What I contested, newest first, with the answers."""
    identity.require_active(work, work.actor.id)
    found = store.of_resident(work, work.actor.id, page.limit + 1, before_id(page))
    return _listed(work, page, found, showing.whole)


@blp.get("/v1/me/objections/<objection_id>")
@operation("resident")
@blp.response(200, ObjectionOut)
def my_objection(work: Work, objection_id: str) -> _Told:
    """One of my objections."""
    identity.require_active(work, work.actor.id)
    return showing.whole(work, service.mine(work, _id(objection_id)))


@blp.post("/v1/me/objections/<objection_id>/withdraw")
@operation("resident", once=True)
@blp.response(200, ObjectionOut)
def withdraw(work: Work, objection_id: str) -> _Told:
    """Take an objection back: all is as before."""
    identity.require_active(work, work.actor.id)
    return showing.whole(work, service.withdraw(work, _id(objection_id)))


@blp.post("/v1/me/objections/<objection_id>/comment")
@operation("resident", once=True)
@blp.arguments(CommentIn)
@blp.response(200, ObjectionOut)
def comment(work: Work, body: dict[str, str], objection_id: str) -> _Told:
    """Add a statement that is kept and shown with the answer; a later one takes its place."""
    identity.require_active(work, work.actor.id)
    return showing.whole(work, service.comment(work, _id(objection_id), body["comment"]))


@desk.get("/v1/objections")
@operation("operator")
@desk.arguments(CasesQuery, location="query")
@desk.response(200, CasesOut)
def cases(work: Work, query: dict[str, Any]) -> _Told:
    """What waits for an answer and what got one, newest first. No list names a resident."""
    identity.acting_client(work)
    page: Page = query["page"]
    found = store.listed(work, query["status"], query["overdue"], page.limit + 1, before_id(page))
    frozen = identity.closed_among(work, {each.resident_id for each in found})
    told = _listed(work, page, found, showing.case)
    shut = {each.wire for each in found if each.resident_id in frozen}
    return told | {"items": [each for each in told["items"] if each["id"] not in shut]}


@desk.get("/v1/objections/<objection_id>")
@operation("operator", writes=True)
@desk.response(200, ExplainedOut)
def look(work: Work, objection_id: str) -> _Told:
    """One case with its explanation. The resident's log says who looked, and for which case."""
    return showing.explained(work, deciding.look(work, _id(objection_id)))


@desk.post("/v1/objections/<objection_id>/take")
@operation("operator", once=True)
@desk.arguments(RoleIn)
@desk.response(200, CaseOut)
def take(work: Work, body: dict[str, str], objection_id: str) -> _Told:
    """Become the officer who deals with a case."""
    identity.acting_client(work)
    return showing.case(work, deciding.take(work, _id(objection_id), body["role"]))


@desk.post("/v1/objections/<objection_id>/extend")
@operation("operator", once=True)
@desk.arguments(ExtensionIn)
@desk.response(200, CaseOut)
def extend(work: Work, body: dict[str, str], objection_id: str) -> _Told:
    """Ask once for the longer time, as another body must check. The resident sees the reason."""
    identity.acting_client(work)
    return showing.case(work, deciding.extend(work, _id(objection_id), body["reason"]))


@desk.post("/v1/objections/<objection_id>/reject")
@operation("operator", once=True)
@desk.arguments(NoIn)
@desk.response(200, CaseOut)
def reject(work: Work, body: dict[str, str], objection_id: str) -> _Told:
    """Say no, with reasons. To say yes takes two: approval `objection_upheld`."""
    identity.acting_client(work)
    return showing.case(work, deciding.reject(work, _id(objection_id), **body))
