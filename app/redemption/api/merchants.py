"""The merchant's side: redeem, void, refund, ask, and be settled with."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from app import consent, merchants, settlement
from app.kernel import Forbidden, NotFound, Refused, fen, from_wire, to_wire, yuan
from app.merchants import Seat
from app.plumbing import (
    Blueprint,
    Page,
    PageQuery,
    Work,
    before_id,
    cut,
    idempotency,
    operation,
)
from app.redemption import redeeming, register, returning, showing
from app.redemption.books import BOOK
from app.redemption.model import Redemption, masked, unknown_redemption
from app.redemption.redeeming import Read
from app.redemption.returning import Outcome
from app.redemption.schemas import (
    WIRE,
    BroughtInOut,
    OfflineIn,
    OutcomeOut,
    ReadyIn,
    ReadyOut,
    RedeemIn,
    RedemptionOut,
    RedemptionsOut,
    RefundIn,
    TotalsOut,
    VoidIn,
)

blp = Blueprint("redemptions", __name__, description="Codes become benefits, at a merchant")


def _seat(work: Work, *, resting: bool = False) -> Seat:
    """The caller's place; `resting` lets in who may look but not act."""
    return merchants.seat(work, work.actor.id, resting=resting)


def _office(work: Work) -> str:
    """The merchant whose books the caller may read."""
    seat = _seat(work, resting=True)
    if seat.store is not None:
        raise Forbidden("office_only", "The books are open to the merchant's office only.")
    return seat.merchant.code


def _store(wire: str | None) -> bytes | None:
    return None if wire is None else from_wire("sto", wire) or b""


def _raw(redemption_id: str) -> bytes:
    raw = from_wire("rdm", redemption_id)
    if raw is None:
        raise unknown_redemption()
    return raw


def _looked(work: Work, seat: Seat, look: str, found: Iterable[Redemption]) -> None:
    seen = [(each.resident_id, to_wire("rdm", each.id)) for each in found]
    consent.looked(work, look, seat.merchant.code, seat.merchant.name, seen)


def _told(work: Work, seat: Seat, found: Redemption | Refused) -> Any:
    if isinstance(found, Refused):
        return found
    _looked(work, seat, "merchant_redemption", [found])
    return showing.redemption(work, found)


@blp.post("/v1/redemptions")
@operation("merchant", once=True)
@blp.arguments(RedeemIn)
@blp.response(201, RedemptionOut)
def redeem(work: Work, body: dict[str, Any]) -> Any:
    """Redeem a code; it is burnt whatever comes of it. 409: code_used, code_expired, unknown_code,
    not_your_benefit, wrong_store, outside_hours, not_redeemable; choose_voucher: it is a resident's
    own code, and stays good for `ready`."""
    seat, key = _seat(work), redeeming.key_digest(idempotency.named()[0])
    done = redeeming.redeem(work, seat, body["code"], _store(body["store_id"]), key)
    return _told(work, seat, done)


@blp.post("/v1/redemptions/ready")
@operation("merchant", writes=True)
@blp.arguments(ReadyIn)
@blp.response(200, ReadyOut)
@blp.alt_response(409, description="The code is not good any more")
def ready(work: Work, body: dict[str, Any]) -> Any:
    """What the resident behind an account code has ready here, each with a code to redeem it. No
    answer with codes is kept: where one was lost, scan a fresh account code."""
    seat = _seat(work)
    found = redeeming.ready(work, seat, body["code"], _store(body["store_id"]))
    if isinstance(found, Refused):
        return found
    seen = [(each.voucher.resident_id, to_wire("vch", each.voucher.id)) for each in found]
    consent.looked(work, "merchant_ready", seat.merchant.code, seat.merchant.name, seen)
    zone = work.rules.pack.zone
    benefits = work.rules.offers.benefits
    return {
        "items": [
            {
                "voucher": masked(each.voucher.id),
                "benefit": each.voucher.benefit,
                "title_zh": benefits[each.voucher.benefit].title_zh,
                "title_en": benefits[each.voucher.benefit].title_en,
                "cash_due": yuan(each.voucher.cash),
                "code": each.code.text,
                "expires_at": each.code.expires_at.astimezone(zone),
            }
            for each in found
        ]
    }


@blp.post("/v1/redemptions/offline")
@operation("merchant", once=True)
@blp.arguments(OfflineIn)
@blp.response(200, BroughtInOut)
def bring_in(work: Work, body: dict[str, Any]) -> dict[str, Any]:
    """Bring in what a reader took without a connection; what was used twice is found here."""
    reads = [
        Read(each["code"], each["read_at"], _store(each["store_id"]))
        for each in body["presentations"]
    ]
    seat = _seat(work)
    answers = redeeming.bring_in(work, seat, reads)
    taken = [each for each in answers if isinstance(each, Redemption)]
    _looked(work, seat, "merchant_redemption", taken)
    return {"results": [_brought(work, each) for each in answers]}


def _brought(work: Work, found: Redemption | Refused) -> dict[str, Any]:
    if isinstance(found, Refused):
        return {"status": "refused", "code": found.refusal.code, "redemption": None}
    return {"status": "redeemed", "code": None, "redemption": showing.redemption(work, found)}


@blp.get("/v1/redemptions")
@operation("merchant", writes=True)  # residents see who looked
@blp.arguments(PageQuery, location="query")
@blp.response(200, RedemptionsOut)
def get_redemptions(work: Work, page: Page) -> dict[str, Any]:
    """What we gave, the newest first; a store sees its own."""
    seat = _seat(work, resting=True)
    where = (seat.merchant.code, seat.store.id if seat.store else None)
    found = register.listed(work, *where, page.limit + 1, before_id(page), page.since, page.until)
    items, after = cut(found, page)
    _looked(work, seat, "merchant_look", items)
    return {"items": [showing.redemption(work, each) for each in items], "next_cursor": after}


@blp.get("/v1/redemptions/totals")
@operation("merchant")
@blp.arguments(PageQuery, location="query")
@blp.response(200, TotalsOut)
def get_totals(work: Work, page: Page) -> dict[str, Any]:
    """Our totals by benefit between two days; a store sees its own."""
    seat = _seat(work, resting=True)
    where = (seat.merchant.code, seat.store.id if seat.store else None)
    found = register.totals(work, *where, page.since, page.until)
    return {
        "items": [
            each._asdict() | {"cash": yuan(each.cash), "owed": yuan(each.owed)} for each in found
        ],
        "cash": yuan(sum(each.cash for each in found)),
        "owed": yuan(sum(each.owed for each in found)),
    }


@blp.get("/v1/redemptions/<redemption_id>")
@operation("merchant", writes=True)
@blp.response(200, RedemptionOut)
def get_redemption(work: Work, redemption_id: str) -> dict[str, Any]:
    """One redemption of ours."""
    seat = _seat(work, resting=True)
    found = register.find(work, seat.merchant.code, _raw(redemption_id))
    if found is None or (seat.store and found.store_id != seat.store.id):
        raise unknown_redemption()
    _looked(work, seat, "merchant_look", [found])
    return showing.redemption(work, found)


@blp.post("/v1/redemptions/<redemption_id>/void")
@operation("merchant", once=True)
@blp.arguments(VoidIn)
@blp.response(200, RedemptionOut)
def void(work: Work, body: dict[str, Any], redemption_id: str) -> Any:
    """Undo a redemption on its day; the resident's points go back to where they came from."""
    del body  # a reason is for the merchant's own request log
    seat = _seat(work)
    return _told(work, seat, returning.void(work, seat, _raw(redemption_id)))


@blp.post("/v1/redemptions/<redemption_id>/refund")
@operation("merchant", once=True)
@blp.arguments(RefundIn)
@blp.response(200, RedemptionOut)
def refund(work: Work, body: dict[str, Any], redemption_id: str) -> Any:
    """Give points back, all or a part, once; the line is in the file of today."""
    part = None if body["points"] is None else fen(body["points"])
    seat = _seat(work)
    return _told(work, seat, returning.refund(work, seat, _raw(redemption_id), part))


@blp.get("/v1/redemptions/by-key/<path:key>")
@operation("merchant", writes=True)
@blp.response(200, OutcomeOut)
def get_outcome(work: Work, key: str) -> dict[str, Any]:
    """What became of a redemption whose answer never came, by its Idempotency-Key. Ask after 5
    seconds, then every 10; 404: it has not arrived. After 45 seconds cancel it."""
    seat = _seat(work, resting=True)
    found = returning.outcome(work, seat, redeeming.key_digest(key))
    if found is None:
        raise NotFound("unknown_key", "No request with this key has arrived; ask again.")
    return _outcome(work, seat, found)


@blp.post("/v1/redemptions/by-key/<path:key>/cancel")
@operation("merchant", writes=True)
@blp.response(200, OutcomeOut)
@blp.alt_response(409, description="Too late to void")
def give_up(work: Work, key: str) -> Any:
    """Undo whatever a request did, and if it has not arrived, see that it never does. May be sent
    again and again: the key in the path is all it needs."""
    seat = _seat(work)
    found = returning.give_up(work, seat, redeeming.key_digest(key))
    return found if isinstance(found, Refused) else _outcome(work, seat, found)


def _outcome(work: Work, seat: Seat, found: Outcome) -> dict[str, Any]:
    done = found.redemption
    _looked(work, seat, "merchant_look", [done] if done else [])
    told = None if done is None else showing.redemption(work, done)
    return {"status": found.status, "code": found.code, "redemption": told}


# Settlement.


def _begins(work: Work, code: str) -> date | None:
    known = merchants.by_code(work, [code]).get(code)
    return known.live_since if known else None


books = settlement.desk(
    BOOK,
    WIRE,
    _office,
    name="settlements",
    description="What the city owes a merchant, day by day",
    root="/v1",
    scope="merchant",
)
settlement.statements(books, BOOK, WIRE, _office, _begins, root="/v1", scope="merchant")
blueprints = [blp, books]
