"""`/v1/me/points`: what a resident has, and how it came and went."""

from typing import Any

from app.kernel import points, to_wire
from app.ledger import service
from app.ledger.schemas import EntriesOut, WalletOut
from app.plumbing import Blueprint, Page, PageQuery, Work, cursor, house, operation

blp = Blueprint("points", __name__, description="Query 3: points and their flow")
blueprints = [blp]


def _still_here(work: Work) -> None:
    """A closed account's token opens nothing; identity says so through its port."""
    house().ports["residents"](work, work.actor.id)


@blp.get("/v1/me/points")
@operation("resident")
@blp.response(200, WalletOut)
def get_points(work: Work) -> dict[str, Any]:
    """What I can spend, what is coming, and when it expires."""
    _still_here(work)
    wallet = service.wallet(work, work.actor.id)
    return {
        "available": points(wallet.available),
        "pending": points(wallet.pending),
        "held": points(wallet.held),
        "debt": points(wallet.debt),
        "lots": [{"expires_on": day, "points": points(n)} for day, n in wallet.lots],
        "expiring": [
            {
                "expires_on": lot.expires_on,
                "points": points(lot.amount),
                "days_left": left,
                "notice": notice,
            }
            for lot, left, notice in service.expiring(work, wallet)
        ],
    }


@blp.get("/v1/me/points/entries")
@operation("resident")
@blp.arguments(PageQuery, location="query")
@blp.response(200, EntriesOut)
def get_entries(work: Work, page: Page) -> dict[str, Any]:
    """How my points came and went, the newest first."""
    _still_here(work)
    found, after = service.entries(work, work.actor.id, page)
    return {
        "items": [
            {
                "id": to_wire("trf", entry.id),
                "at": entry.at.astimezone(work.rules.pack.zone),
                "code": entry.code,
                "pocket": entry.pocket,
                "amount": points(entry.amount),
                "available_after": points(entry.available_after),
                "cause": entry.cause,
            }
            for entry in found
        ],
        "next_cursor": cursor(after) if after else None,
    }
