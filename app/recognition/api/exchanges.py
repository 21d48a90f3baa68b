"""Exchange: the resident asks, the partner decides."""

from collections.abc import Sequence
from typing import Any

from app import consent, identity
from app.kernel import Refused, from_wire
from app.plumbing import Blueprint, Page, Work, before_id, cut, house, operation
from app.recognition import deciding, exchanges, exchanging, quoting, seats, showing
from app.recognition.model import Exchange, unknown_exchange
from app.recognition.schemas.exchanges import (
    ConfirmExchangeIn,
    ExchangeIn,
    ExchangeOut,
    ExchangesOut,
    ExchangesQuery,
    PartnerExchangeOut,
    PartnerExchangesOut,
    PositionOut,
    QuoteOut,
    RejectExchangeIn,
    WantedIn,
)

blp = Blueprint("exchanges", __name__, description="Points to and from partner platforms")
partners = Blueprint("partner_exchanges", __name__, description="The partner's side of an exchange")
blueprints = [blp, partners]


def _raw(exchange_id: str) -> bytes:
    raw = from_wire("xch", exchange_id)
    if raw is None:
        raise unknown_exchange()
    return raw


def _listed(
    work: Work, whose: dict[str, Any], query: dict[str, Any]
) -> tuple[list[Exchange], str | None]:
    page: Page = query["page"]
    span = (page.since, page.until)
    found = exchanges.listed(work, whose, page.limit + 1, before_id(page), query["status"], span)
    items, after = cut(found, page)
    return list(items), after


# The resident.


@blp.post("/v1/me/exchanges/quote")
@operation("resident")
@blp.arguments(WantedIn)
@blp.response(200, QuoteOut)
@blp.alt_response(409, description="not_linked, not_exchangeable, below_least")
def quote(work: Work, body: dict[str, Any]) -> dict[str, Any]:
    """What an exchange would give, by which rate, and what is left to me; nothing is held. The
    quote may be brought back within its minutes, once."""
    identity.require_active(work, work.actor.id)
    where, direction = seats.platform(work, body["partner"]), body["direction"]
    most = quoting.read_amount(where, direction, body["amount"])
    made = quoting.quote(work, house().signing_keys, where, direction, most)
    rest = quoting.left(work, where, direction, work.actor.id)
    return showing.quote(work, where, direction, made, rest)


@blp.get("/v1/me/exchanges")
@operation("resident")
@blp.arguments(ExchangesQuery, location="query")
@blp.response(200, ExchangesOut)
def get_exchanges(work: Work, query: dict[str, Any]) -> dict[str, Any]:
    """My exchanges, the newest first."""
    identity.require_active(work, work.actor.id)
    items, after = _listed(work, {"resident_id": work.actor.id}, query)
    return {"items": [showing.exchange(work, each) for each in items], "next_cursor": after}


@blp.post("/v1/me/exchanges")
@operation("resident", once=True)
@blp.arguments(ExchangeIn)
@blp.response(201, ExchangeOut)
def ask(work: Work, body: dict[str, Any]) -> dict[str, Any]:
    """Ask for an exchange: points that go out are held until the partner has decided. 409: what
    quotas, the partner's limit or my points do not allow, each with what is left."""
    return showing.exchange(work, exchanging.ask(work, house().signing_keys, **body))


@blp.get("/v1/me/exchanges/<exchange_id>")
@operation("resident")
@blp.response(200, ExchangeOut)
def get_exchange(work: Work, exchange_id: str) -> dict[str, Any]:
    """One of my exchanges."""
    identity.require_active(work, work.actor.id)
    found = exchanges.find(work, _raw(exchange_id))
    if found is None or found.resident_id != work.actor.id:
        raise unknown_exchange()
    return showing.exchange(work, found)


# The partner.


def _told(work: Work, found: Exchange | Refused) -> Any:
    return found if isinstance(found, Refused) else showing.partner_exchanges(work, [found])[0]


def _looked(work: Work, where: str, found: Sequence[Exchange]) -> None:
    seen = [(each.resident_id, each.wire) for each in found]
    consent.partner_looked(work, "partner_exchange", where, seen)


@partners.get("/v1/partner/exchanges")
@operation("partner", writes=True)  # residents see who looked
@partners.arguments(ExchangesQuery, location="query")
@partners.response(200, PartnerExchangesOut)
def get_partner_exchanges(work: Work, query: dict[str, Any]) -> dict[str, Any]:
    """Our exchanges, the newest first."""
    where = seats.partner(work).code
    items, after = _listed(work, {"partner": where}, query)
    _looked(work, where, items)
    return {"items": showing.partner_exchanges(work, items), "next_cursor": after}


@partners.get("/v1/partner/exchanges/<exchange_id>")
@operation("partner", writes=True)
@partners.response(200, PartnerExchangeOut)
def get_partner_exchange(work: Work, exchange_id: str) -> Any:
    """How one exchange stands: the truth, whatever answer was lost."""
    found = exchanges.find(work, _raw(exchange_id))
    if found is None or found.partner != seats.partner(work).code:
        raise unknown_exchange()
    _looked(work, found.partner, [found])
    return _told(work, found)


@partners.post("/v1/partner/exchanges/<exchange_id>/confirm")
@operation("partner", once=True)
@partners.arguments(ConfirmExchangeIn)
@partners.response(200, PartnerExchangeOut)
def confirm(work: Work, body: dict[str, str], exchange_id: str) -> Any:
    """We are ready: decide. 200, now or again, means that it has moved; 409 that it never will:
    exchange_expired, exchange_rejected, exchange_corrected, exchange_confirmed (by another
    reference of ours)."""
    code = seats.partner(work).code
    return _told(work, deciding.confirm(work, code, _raw(exchange_id), body["reference"]))


@partners.post("/v1/partner/exchanges/<exchange_id>/reject")
@operation("partner", once=True)
@partners.arguments(RejectExchangeIn)
@partners.response(200, PartnerExchangeOut)
def reject(work: Work, body: dict[str, Any], exchange_id: str) -> Any:
    """We cannot, or will not: what is held is free again. 409: it has been decided otherwise."""
    code = seats.partner(work).code
    return _told(work, deciding.reject(work, code, _raw(exchange_id), body["reason"]))


@partners.get("/v1/partner/position")
@operation("partner")
@partners.response(200, PositionOut)
def get_position(work: Work) -> dict[str, Any]:
    """What stands between the city and us at this instant, and how far it may go."""
    return showing.position_of(work, seats.partner(work))
