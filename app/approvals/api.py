"""Maker and checker over HTTP, for operators."""

from typing import Any

from app.approvals import service
from app.approvals.model import ApprovalView
from app.approvals.schemas import (
    ApprovalIn,
    ApprovalOut,
    ApprovalsOut,
    ApprovalsQuery,
    RejectionIn,
    told,
)
from app.kernel import from_wire
from app.plumbing import Blueprint, Page, Work, before_id, cut, house, operation

blp = Blueprint("approvals", __name__, description="Changes that take two operators")
blueprints = [blp]


def _operator(work: Work) -> service.Kinds:
    """The kinds there are, for an operator who still is one. Raises Forbidden."""
    ports = house().ports
    ports["clients"](work)
    kinds: service.Kinds = ports["approvals"]
    return kinds


def _id(wire: str) -> bytes:
    return from_wire("apr", wire) or b""


def _told(work: Work, found: ApprovalView) -> dict[str, Any]:
    find_client = house().ports["providers"]

    def name_of(wire: str) -> str | None:
        known = find_client(work, wire)
        return None if known is None else str(known.name)

    return told(found, work.rules.pack.zone, name_of)


@blp.post("/v1/approvals")
@operation("operator", once=True)
@blp.arguments(ApprovalIn)
@blp.response(201, ApprovalOut)
def propose(work: Work, body: dict[str, Any]) -> dict[str, Any]:
    """Propose a change; another operator decides."""
    return _told(work, service.propose(work, _operator(work), **body))


@blp.get("/v1/approvals")
@operation("operator")
@blp.arguments(ApprovalsQuery, location="query")
@blp.response(200, ApprovalsOut)
def approvals(work: Work, query: dict[str, Any]) -> dict[str, Any]:
    """Proposals and decisions, newest first."""
    _operator(work)
    page: Page = query["page"]
    found = service.listed(work, query["status"], page.limit + 1, before_id(page))
    items, following = cut(found, page)
    return {"items": [_told(work, each) for each in items], "next_cursor": following}


@blp.get("/v1/approvals/<approval_id>")
@operation("operator", writes=True)  # a look at what is a resident's stands in the resident's log
@blp.response(200, ApprovalOut)
def approval(work: Work, approval_id: str) -> dict[str, Any]:
    """One approval; while it waits, with what it would change now."""
    return _told(work, service.look(work, _operator(work), _id(approval_id)))


@blp.post("/v1/approvals/<approval_id>/approve")
@operation("operator", once=True)
@blp.response(200, ApprovalOut)
def approve(work: Work, approval_id: str) -> dict[str, Any]:
    """Approve what another operator proposed: it is done at once, or not at all."""
    return _told(work, service.approve(work, _operator(work), _id(approval_id)))


@blp.post("/v1/approvals/<approval_id>/reject")
@operation("operator", once=True)
@blp.arguments(RejectionIn)
@blp.response(200, ApprovalOut)
def reject(work: Work, body: dict[str, str], approval_id: str) -> dict[str, Any]:
    """Reject what another operator proposed."""
    _operator(work)
    return _told(work, service.reject(work, _id(approval_id), body["reason"]))


@blp.post("/v1/approvals/<approval_id>/withdraw")
@operation("operator", once=True)
@blp.response(200, ApprovalOut)
def withdraw(work: Work, approval_id: str) -> dict[str, Any]:
    """Take back what one proposed oneself."""
    _operator(work)
    return _told(work, service.withdraw(work, _id(approval_id)))
