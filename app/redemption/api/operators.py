"""The operators' side: alerts, licence pools, freezing a voucher. What takes two of them goes
through /v1/approvals."""

from typing import Any

from app import consent, identity
from app.identity import Client
from app.kernel import NotFound, Refused, from_wire, to_wire
from app.plumbing import Blueprint, Page, Work, before_id, cut, operation
from app.redemption import alerts, issuing, pool, showing
from app.redemption.alerts import Alert
from app.redemption.model import LICENCE, Voucher, unknown_benefit, unknown_voucher
from app.redemption.schemas import (
    AlertsOut,
    AlertsQuery,
    LicencesIn,
    LicencesOut,
    NoteIn,
    VoucherWholeOut,
)

blp = Blueprint("oversight", __name__, description="Redemption as operators see it")
blueprints = [blp]


@blp.get("/v1/alerts")
@operation("operator")
@blp.arguments(AlertsQuery, location="query")
@blp.response(200, AlertsOut)
def get_alerts(work: Work, query: dict[str, Any]) -> dict[str, Any]:
    """What looks like abuse, newest first. Closing one takes two: approval `alert_closing`."""
    identity.acting_client(work)
    page: Page = query["page"]
    found = alerts.listed(work, query["status"], page.limit + 1, before_id(page))
    items, after = cut(found, page)
    return {"items": [_alert(work, each) for each in items], "next_cursor": after}


def _alert(work: Work, found: Alert) -> dict[str, Any]:
    zone = work.rules.pack.zone
    return found._asdict() | {
        "id": to_wire("alr", found.id),
        "status": found.state,
        "opened_at": found.opened_at.astimezone(zone),
        "closed_at": found.closed_at and found.closed_at.astimezone(zone),
    }


@blp.post("/v1/benefits/<benefit_id>/licences")
@operation("operator", once=True)
@blp.arguments(LicencesIn)
@blp.response(200, LicencesOut)
def add_licences(work: Work, body: dict[str, list[str]], benefit_id: str) -> dict[str, int]:
    """Put licence codes into a benefit's pool; those it has already are left alone."""
    identity.acting_client(work)
    found = work.rules.offers.benefits.get(benefit_id)
    if found is None or found.kind != LICENCE:
        raise unknown_benefit()
    added = pool.add(work, benefit_id, body["codes"])
    return {"added": added, "free": pool.free(work, [benefit_id]).get(benefit_id, 0)}


def _ids(resident_id: str, voucher_id: str) -> tuple[bytes, bytes]:
    whose, which = from_wire("res", resident_id), from_wire("vch", voucher_id)
    if whose is None:
        raise NotFound("unknown_resident", "There is no such resident.")
    if which is None:
        raise unknown_voucher()
    return whose, which


def _told(work: Work, who: Client, found: Voucher | Refused) -> Any:
    if isinstance(found, Refused):
        return found
    seen = [(found.resident_id, to_wire("vch", found.id))]
    consent.looked(work, "operator_hold", who.wire, who.name, seen)
    return showing.voucher_whole(work, found)


@blp.post("/v1/residents/<resident_id>/vouchers/<voucher_id>/freeze")
@operation("operator", once=True)
@blp.arguments(NoteIn)
@blp.response(200, VoucherWholeOut)
def freeze(work: Work, body: dict[str, str], resident_id: str, voucher_id: str) -> Any:
    """Stop a voucher from being redeemed; its owner sees the note."""
    who = identity.acting_client(work)
    return _told(work, who, issuing.freeze(work, *_ids(resident_id, voucher_id), body["note"]))


@blp.post("/v1/residents/<resident_id>/vouchers/<voucher_id>/thaw")
@operation("operator", once=True)
@blp.arguments(NoteIn)
@blp.response(200, VoucherWholeOut)
def thaw(work: Work, body: dict[str, str], resident_id: str, voucher_id: str) -> Any:
    """Let a frozen voucher go on from where it was."""
    who = identity.acting_client(work)
    return _told(work, who, issuing.thaw(work, *_ids(resident_id, voucher_id), body["note"]))
