"""Merchants, stores and credentials over HTTP: the merchant's own, the operators', the public."""

from typing import Any

from app import identity
from app.kernel import from_wire, to_wire
from app.merchants import service, terminals
from app.merchants.model import Seat
from app.merchants.schemas import (
    MerchantsOut,
    OwnOut,
    PublicStoreOut,
    SheetOut,
    StoreCodeOut,
    TerminalIn,
    TerminalOut,
    TerminalsOut,
    told,
    told_seat,
    told_sheet,
    told_store,
    told_terminal,
)
from app.plumbing import Blueprint, Page, PageQuery, Work, before_id, cut, operation, qr

own = Blueprint("merchant", __name__, description="A merchant's own stores and terminals")
register = Blueprint("merchants", __name__, description="The register of merchants, for operators")
public = Blueprint("stores", __name__, description="Stores, for whoever is about to pay there")
blueprints = [own, register, public]


def _seat(work: Work) -> Seat:
    return service.seat(work, work.actor.id, resting=True)


def _store_id(wire: str) -> bytes:
    return from_wire("sto", wire) or b""


@own.get("/v1/merchant")
@operation("merchant")
@own.response(200, OwnOut)
def merchant(work: Work) -> dict[str, Any]:
    """My merchant, my place in it, and its stores."""
    here = _seat(work)
    return told_seat(here, service.stores(work, here.merchant.id))


@own.get("/v1/merchant/stores/<store_id>/code")
@operation("merchant")
@own.response(200, StoreCodeOut)
@own.alt_response(409, description="The store has been closed")
def store_code(work: Work, store_id: str) -> dict[str, str]:
    """The code a store shows for ever: a resident scans it and confirms on the phone."""
    here = service.seat(work, work.actor.id)
    found = service.store_of(work, here.merchant.id, _store_id(store_id))
    text = f"weitan:store:{to_wire('sto', found.id)}"
    return {"text": text, "svg": qr.svg(text)}


@own.get("/v1/merchant/terminals")
@operation("merchant")
@own.arguments(PageQuery, location="query")
@own.response(200, TerminalsOut)
def list_terminals(work: Work, page: Page) -> dict[str, Any]:
    """Every credential of my merchant, newest first. The office only."""
    found = terminals.listed(work, _seat(work), page.limit + 1, before_id(page))
    items, following = cut(found, page)
    return {"items": [told_terminal(each) for each in items], "next_cursor": following}


@own.post("/v1/merchant/terminals")
@operation("merchant", once=True)
@own.arguments(TerminalIn)
@own.response(201, TerminalOut)
def add_terminal(work: Work, body: dict[str, str]) -> dict[str, Any]:
    """Let a device or a person act at one of my stores, by a secret that only they know."""
    made = terminals.add(
        work,
        service.seat(work, work.actor.id),
        _store_id(body["store_id"]),
        body["role"],
        body["label"],
        bytes.fromhex(body["secret_digest"]),
    )
    return told_terminal(made)


@own.delete("/v1/merchant/terminals/<client_id>")
@operation("merchant", writes=True)
@own.response(204)
@own.alt_response(409, description="It is the credential that asks")
def switch_off_terminal(work: Work, client_id: str) -> None:
    """End a credential at once: lost devices, people who left. The office only."""
    terminals.switch_off(work, _seat(work), client_id)


@register.get("/v1/merchants")
@operation("operator")
@register.arguments(PageQuery, location="query")
@register.response(200, MerchantsOut)
def list_merchants(work: Work, page: Page) -> dict[str, Any]:
    """Every merchant, newest first."""
    identity.acting_client(work)
    found = service.listed(work, page.limit + 1, before_id(page))
    items, following = cut(found, page)
    return {"items": [told(each) for each in items], "next_cursor": following}


@register.get("/v1/merchants/<merchant>")
@operation("operator")
@register.response(200, SheetOut)
def sheet(work: Work, merchant: str) -> dict[str, Any]:
    """One merchant, its stores, and what was checked of it, masked."""
    identity.acting_client(work)
    return told_sheet(*service.sheet(work, merchant))


@public.get("/v1/stores/<store_id>")
@operation(None)
@public.response(200, PublicStoreOut)
def store(work: Work, store_id: str) -> dict[str, Any]:
    """Who is paid at an open store of a live merchant."""
    found = service.find_store(work, _store_id(store_id))
    if found is None:
        raise service.unknown_store()
    place, whose = found
    return told_store(place) | {"merchant": whose.code, "merchant_name": whose.name}
