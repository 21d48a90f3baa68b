"""The resident's bindings: this card, meter or account is mine."""

from typing import Any

from app.consent import service
from app.consent.model import BindingView
from app.consent.schemas import BindingIn, BindingOut, BindingsOut
from app.kernel import NotFound, from_wire
from app.plumbing import Blueprint, Page, PageQuery, Work, before_id, cursor, house, operation

blp = Blueprint("consent", __name__, description="Bindings of cards, meters and accounts")


@blp.get("/v1/me/bindings")
@operation("resident")
@blp.arguments(PageQuery, location="query")
@blp.response(200, BindingsOut)
def bindings(work: Work, page: Page) -> dict[str, Any]:
    """One's bindings, ended ones too, newest first."""
    ports = house().ports
    ports["residents"](work, work.actor.id)
    found = service.bindings(work, ports["providers"], page.limit + 1, before_id(page))
    items = found[: page.limit]
    more = len(found) > page.limit
    return {"items": items, "next_cursor": cursor([items[-1].binding.id]) if more else None}


@blp.post("/v1/me/bindings")
@operation("resident", writes=True)
@blp.arguments(BindingIn)
@blp.response(201, BindingOut)
@blp.alt_response(409, description="Bound already, by oneself or another, or still cooling")
def bind(work: Work, body: dict[str, Any]) -> BindingView:
    """Bind a provider's subject to oneself from a day on."""
    ports = house().ports
    # Locked: a closing account ends all its bindings, and must not miss this one.
    ports["residents"](work, work.actor.id, lock=True)
    return service.bind(work, ports["providers"], ports["ownership"], **body)


@blp.delete("/v1/me/bindings/<binding_id>")
@operation("resident", writes=True)
@blp.response(204)
def unbind(work: Work, binding_id: str) -> None:
    """End a binding; today is its last day."""
    house().ports["residents"](work, work.actor.id)
    raw = from_wire("bnd", binding_id)
    if raw is None:
        raise NotFound("unknown_binding", "You have no such binding.")
    service.end(work, raw)


blueprints = [blp]
