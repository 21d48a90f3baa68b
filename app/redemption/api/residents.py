"""What points buy, and a resident's vouchers: query 4."""

from typing import Any

from flask import Response, request

from app import identity
from app.kernel import Refused, from_wire
from app.plumbing import Blueprint, Page, Work, before_id, cacheable, cut, house, operation, qr
from app.redemption import issuing, presenting, showing, store
from app.redemption.model import Voucher, unknown_voucher
from app.redemption.presenting import Shown
from app.redemption.schemas import (
    BenefitsOut,
    BenefitsQuery,
    BenefitWholeOut,
    CodeOut,
    ConfirmIn,
    OfflineCodesIn,
    OfflineCodesOut,
    RedemptionOut,
    TakeIn,
    VouchersOut,
    VouchersQuery,
    VoucherWholeOut,
)

public = Blueprint("benefits", __name__, description="What points buy")
blp = Blueprint("vouchers", __name__, description="Query 4: vouchers and their codes")
blueprints = [public, blp]
_FRESH_SECONDS = 10
_DEVICE = "X-Device-Id"


@public.get("/v1/benefits")
@operation(None)
@public.arguments(BenefitsQuery, location="query")
@public.response(200, BenefitsOut)
@public.alt_response(304, description="Not changed")
def get_benefits(work: Work, query: dict[str, Any]) -> Response:
    """Every benefit on offer today, the smallest price first."""
    return cacheable(
        {"items": showing.benefits(work, query["category"]), "next_cursor": None}, _FRESH_SECONDS
    )


@public.get("/v1/benefits/<benefit_id>")
@operation(None)
@public.response(200, BenefitWholeOut)
@public.alt_response(304, description="Not changed")
def get_benefit(work: Work, benefit_id: str) -> Response:
    """One benefit, with every dated value and its source."""
    return cacheable(showing.benefit(work, benefit_id), _FRESH_SECONDS)


def _raw(voucher_id: str) -> bytes:
    raw = from_wire("vch", voucher_id)
    if raw is None:
        raise unknown_voucher()
    return raw


def _whole(work: Work, found: Voucher | Refused) -> Any:
    return found if isinstance(found, Refused) else showing.voucher_whole(work, found)


def _code(work: Work, shown: Shown) -> dict[str, Any]:
    return {
        "code": shown.text,
        "svg": qr.svg(shown.text),
        "expires_at": shown.expires_at.astimezone(work.rules.pack.zone),
    }


def _device() -> str | None:
    return request.headers.get(_DEVICE, "").strip()[:200] or None


@blp.get("/v1/me/vouchers")
@operation("resident")
@blp.arguments(VouchersQuery, location="query")
@blp.response(200, VouchersOut)
def get_vouchers(work: Work, query: dict[str, Any]) -> dict[str, Any]:
    """My vouchers, the newest first."""
    identity.require_active(work, work.actor.id)
    page: Page = query["page"]
    states = () if query["status"] is None else (query["status"],)
    span = (before_id(page), states, page.since, page.until)
    found = store.listed(work, work.actor.id, page.limit + 1, *span)
    items, after = cut(found, page)
    return {"items": [showing.voucher(work, each) for each in items], "next_cursor": after}


@blp.get("/v1/me/vouchers/<voucher_id>")
@operation("resident")
@blp.response(200, VoucherWholeOut)
def get_voucher(work: Work, voucher_id: str) -> dict[str, Any]:
    """One of my vouchers, with its history, and its licence code where it has one."""
    identity.require_active(work, work.actor.id)
    found = store.find(work, work.actor.id, _raw(voucher_id))
    if found is None:
        raise unknown_voucher()
    return showing.voucher_whole(work, found, presenting.licence(work, found))


@blp.post("/v1/me/vouchers")
@operation("resident", once=True)
@blp.arguments(TakeIn)
@blp.response(201, VoucherWholeOut)
def take(work: Work, body: dict[str, str]) -> dict[str, Any]:
    """Take a benefit: points are held, or spent at once where it is given at once."""
    return showing.voucher_whole(work, presenting.take(work, body["benefit_id"]))


@blp.post("/v1/me/vouchers/<voucher_id>/code")
@operation("resident", writes=True)
@blp.response(200, CodeOut)
@blp.alt_response(409, description="Not open any more, or not shown at a store")
def show(work: Work, voucher_id: str) -> Any:
    """A fresh one-time code; the one before it dies. `X-Device-Id` may name the phone."""
    identity.require_active(work, work.actor.id)
    shown = presenting.show(work, _raw(voucher_id), _device())
    return shown if isinstance(shown, Refused) else _code(work, shown)


@blp.post("/v1/me/vouchers/<voucher_id>/cancel")
@operation("resident", once=True)
@blp.response(200, VoucherWholeOut)
def cancel(work: Work, voucher_id: str) -> Any:
    """Give a voucher back: its points return to the lots they came from."""
    identity.require_active(work, work.actor.id)
    return _whole(work, issuing.cancel(work, _raw(voucher_id)))


@blp.post("/v1/me/vouchers/<voucher_id>/confirm")
@operation("resident", once=True)
@blp.arguments(ConfirmIn)
@blp.response(201, RedemptionOut)
def confirm(work: Work, body: dict[str, str], voucher_id: str) -> Any:
    """Redeem at the store whose static code I scanned; GET /v1/stores/{id} says whose it is."""
    identity.require_active(work, work.actor.id)
    done = presenting.confirm(work, _raw(voucher_id), from_wire("sto", body["store_id"]) or b"")
    return done if isinstance(done, Refused) else showing.redemption(work, done)


@blp.post("/v1/me/vouchers/<voucher_id>/licence/replace")
@operation("resident", once=True)
@blp.response(200, VoucherWholeOut)
def replace_licence(work: Work, voucher_id: str) -> dict[str, Any]:
    """Report a licence code that does not work; another takes its place, once."""
    identity.require_active(work, work.actor.id)
    return showing.voucher_whole(work, presenting.replace_licence(work, _raw(voucher_id)))


@blp.post("/v1/me/code")
@operation("resident", writes=True)
@blp.response(200, CodeOut)
def own_code(work: Work) -> dict[str, Any]:
    """My own code: a merchant learns which of its vouchers I have ready, anybody else nothing."""
    return _code(work, presenting.own_code(work, _device()))


@blp.post("/v1/me/offline-codes")
@operation("resident", writes=True)
@blp.arguments(OfflineCodesIn)
@blp.response(201, OfflineCodesOut)
@blp.alt_response(409, description="Too many, of too high a value, or not open any more")
def offline_codes(work: Work, body: dict[str, list[str]]) -> dict[str, Any]:
    """Signed codes for readers without a connection: few, of low value, for a day. No
    answer with codes is kept; ask again for what was lost."""
    asked = [_raw(each) for each in dict.fromkeys(body["vouchers"])]
    made = presenting.offline_codes(work, house().signing_keys, asked)
    return {"items": [_code(work, shown) | {"voucher": of.wire} for of, shown in made]}
